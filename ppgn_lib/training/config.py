"""Every setting of a training run, with the reason where it is not the paper's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppgn_lib import options

SHIPPED = Path(__file__).with_name("configs.yaml")


@dataclass(frozen=True)
class ClassifierConfig:
    """E, selector or evaluator: cross-entropy over the three heads, AdamW, one cycle of the learning rate."""

    network: str = "encoder"  # or "selector", "evaluator"
    width: int = 32  # channels of the first block of selector or evaluator; E has one size
    steps: int = 12_000
    batch: int = 64
    lr: float = 1e-3
    weight_decay: float = 5e-4
    shift: int = 2  # pixels: crops of the padded image
    flip: bool = False
    seed: int = 1
    log_every: int = 100
    save_every: int = 500


@dataclass(frozen=True)
class GeneratorConfig:
    """G against D: Eqs. 18-22, weights re-derived for images in [-1, 1] and losses that are means.

    The released weights (image 2e-6, feature 0.01, adversarial 100) are for sums over 0-255 images. As weights of
    our means, image to adversarial is 2e-6 * 3 * 256^2 * 127.5^2 : 100, about 64 : 1 (half of that if their squared
    error has Caffe's factor 1/2); the feature's depends on the size of their features. NOT IN PAPER: ours is 1 : 0.15,
    ten times as much for D, since G here is small and trained for thousands of steps, not a million. L_h1 is
    divided by the mean square of h1, so that 1 is what predicting nothing costs; 0.5 of it kept the items
    recognisable in short trials.
    """

    width: int = 32  # channels of G's last stage
    d_width: int = 32  # channels of D's first stage
    image_weight: float = 1.0
    h1_weight: float = 0.5
    h_weight: float = 0.0  # Eq. 23; the paper has it in Joint PPGN-h only (Eq. 24)
    gan_weight: float = 0.15
    real_label: float = 0.9  # NOT IN PAPER: one-sided label smoothing keeps D's gradient alive
    steps: int = 30_000
    batch: int = 64
    lr: float = 2e-4  # the paper's, for a million steps; what ships was trained with more (configs.yaml)
    beta1: float = 0.5  # NOT IN PAPER (0.9): 0.5 damps the oscillation of G and D
    weight_decay: float = 0.0  # NOT IN PAPER (4e-4): fresh tints each epoch leave little to overfit
    halve_every: int = 10_000  # steps; gamma = 0.5 as in the paper
    pause_d_below: float = 0.1  # r = loss_D / loss_G
    pause_g_above: float = 10.0
    ema: float = 0.999  # NOT IN PAPER: what is sampled from is the running average of G's weights
    seed: int = 1
    log_every: int = 100
    save_every: int = 500


@dataclass(frozen=True)
class DenoiserConfig:
    """R of images: squared error at noise of all sizes, Adam, one cycle of the learning rate."""

    width: int = 32  # channels at full size
    sigma_low: float = 0.05  # noise: log-uniform from here, with pixels in [-1, 1],
    sigma_high: float = 10.0  # to here, where nothing of the image is left to see
    steps: int = 4500
    batch: int = 64
    lr: float = 2e-3
    ema: float = 0.999  # what is used is the running average of the weights
    flip: bool = True
    seed: int = 4
    log_every: int = 100
    save_every: int = 500

    def __post_init__(self) -> None:
        if not 0 < self.sigma_low < self.sigma_high < math.inf:
            raise ValueError(
                f"needs 0 < sigma_low < sigma_high, both finite; got {self.sigma_low} and {self.sigma_high}"
            )


Config = ClassifierConfig | GeneratorConfig | DenoiserConfig


def read_config(network: str, file: Path | None, assignments: list[str]) -> Config:
    """The shipped settings of a network, or a file's, with single ones changed."""
    values: dict[str, Any] = options.read_yaml(file) if file else options.read_yaml(SHIPPED)[network]
    values = {**values, **options.parse_assignments(assignments)}
    where = str(file or network)
    config: Config
    if network == "generator":
        config = options.build(GeneratorConfig, values, where)
    elif network == "denoiser":
        config = options.build(DenoiserConfig, values, where)
    else:
        config = options.build(ClassifierConfig, {**values, "network": network}, where)
    for key in ("steps", "batch", "log_every", "save_every", "width", "d_width"):
        if getattr(config, key, 1) < 1:
            raise ValueError(f"{where}: {key} must be at least 1; got {getattr(config, key)}")
    return config
