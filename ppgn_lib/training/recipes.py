"""All trainings in one table: what is trained, with which settings, and what is written in the end.

One more network of a kind that there is, is one more line here. The command line, the cards, `make train` and the
rehearsal of kills follow from the table.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from lightning_fabric import Fabric
from torch import nn

from ppgn_lib.networks.judges import Evaluator, Selector
from ppgn_lib.networks.small import Encoder
from ppgn_lib.training.acgan import report_acgan, train_acgan
from ppgn_lib.training.captioner import report_captioner, train_captioner
from ppgn_lib.training.classifier import report_classifier, train_classifier
from ppgn_lib.training.code_denoiser import (
    report_code_autoencoder,
    report_code_denoiser,
    train_code_autoencoder,
    train_code_denoiser,
)
from ppgn_lib.training.denoiser import (
    report_denoiser,
    report_image_autoencoder,
    train_denoiser,
    train_image_autoencoder,
)
from ppgn_lib.training.generator import report_generator, train_generator
from ppgn_lib.training.loop import Run
from ppgn_lib.training.settings import (
    AcganSettings,
    CaptionerSettings,
    CodeAutoencoderSettings,
    CodeDenoiserSettings,
    DenoiserSettings,
    EncoderSettings,
    EvaluatorSettings,
    GeneratorSettings,
    ImageAutoencoderSettings,
    SelectorSettings,
    Settings,
)
from ppgn_lib.training.source import SHIPPED, Source


class Recipe(NamedTuple):
    """How a network is made."""

    about: str
    settings: Settings  # those of the network that ships
    train: Callable[[Run[Any]], Any]  # with a checkpoint in the run's folder
    report: Callable[[Run[Any], Any], None]  # weights and card of what ``train`` returned, into that folder
    small: Mapping[str, Any] = {}  # settings that make it a training of seconds, beside few steps of a small batch
    needs: tuple[str, ...] = ()  # networks that have to be trained before
    beside: tuple[str, ...] = ()  # networks that come out of it as well


RECIPES: dict[str, Recipe] = {  # each after those it needs
    "encoder": Recipe(
        "E, from an image to its code and its classes",
        EncoderSettings(
            steps=11_000,  # about 13 epochs; 11 minutes on two cores
            flip=True,  # NOT IN PAPER: a mirrored shoe is a shoe
            shift=0,  # NOT IN PAPER: crops cost accuracy here, the items are centred
        ),
        partial(train_classifier, lambda s, data: Encoder(data.classes, size=data.size, code=s.code)),
        report_classifier,
        small={"shift": 1},
    ),
    "selector": Recipe(  # BatchNorm, residual, mirrored images: as unlike E as a small net can be
        "the judge that chooses step sizes",
        SelectorSettings(
            width=24,
            flip=True,
            steps=6_000,  # about 7 epochs; 9 minutes on two cores
            lr=2e-3,
            seed=2,
        ),
        partial(train_classifier, lambda s, data: Selector(data.classes, width=s.width)),
        report_classifier,
        small={"width": 16},
    ),
    "evaluator": Recipe(  # two towers, BatchNorm: sees shading without hue, and RGB
        "the judge that reports",
        EvaluatorSettings(
            width=28,
            flip=True,
            shift=1,
            steps=9_000,  # about 10 epochs; 15 minutes on two cores
            lr=2e-3,
            seed=3,
        ),
        partial(train_classifier, lambda s, data: Evaluator(data.classes, width=s.width)),
        report_classifier,
        small={"width": 4},
    ),
    "generator": Recipe(
        "G, from a code to its image, and D against it",
        GeneratorSettings(
            steps=16_000,  # about 19 epochs; 65 minutes on two cores
            lr=1e-3,  # NOT IN PAPER (2e-4): thousands of steps, not a million; see book/training_log.md
            halve_every=3_500,
        ),
        train_generator,
        report_generator,
        small={"width": 4, "d_width": 4},
        needs=("encoder",),
        beside=("discriminator",),
    ),
    "joint_generator": Recipe(
        "G of Joint PPGN-h: the one before, trained on with noise on x, h1 and h",
        GeneratorSettings(
            steps=3_000,  # about 4 epochs more
            lr=2.5e-4,
            halve_every=750,
            x_noise=0.0078,  # the paper's 1 of 0 to 255
            h1_noise=0.0154,  # a tenth of the mean activation, as in the paper; so is the next
            h_noise=0.056,
            h_weight=0.1,  # Eq. 24 has all four losses
            seed=4,
        ),
        train_generator,
        report_generator,
        needs=("encoder", "generator", "discriminator"),
        beside=("joint_generator_discriminator",),
    ),
    "denoiser": Recipe(
        "R of images, for noise of all sizes",
        DenoiserSettings(steps=4_500),  # about 5 epochs; 29 minutes on two cores
        train_denoiser,
        report_denoiser,
        small={"width": 8},
    ),
    "image_autoencoder": Recipe(
        "R of images for one noise, as the paper's PPGN-x has it",
        ImageAutoencoderSettings(steps=3_000),  # about 4 epochs; 12 minutes on two cores
        train_image_autoencoder,
        report_image_autoencoder,
        small={"width": 4},
    ),
    "code_denoiser": Recipe(
        "R of codes, for noise of all sizes",
        CodeDenoiserSettings(steps=10_000),  # 10 minutes on two cores
        train_code_denoiser,
        report_code_denoiser,
        small={"images": 300, "tints": 1, "width": 8, "depth": 1},
        needs=("encoder",),
    ),
    "captioner": Recipe(
        "an LSTM that says what it sees in an image, word by word",
        CaptionerSettings(),
        train_captioner,
        report_captioner,
        small={"hidden": 8},
        needs=("encoder",),
    ),
    "acgan": Recipe(
        "AC-GAN, from noise and a class to an image, and D, which tells the class as well",
        AcganSettings(),
        train_acgan,
        report_acgan,
        small={"width": 8, "d_width": 2},
        beside=("acgan_discriminator",),
    ),
    "code_autoencoder": Recipe(
        "R of codes for one noise, as the paper's PPGN-h has it",
        CodeAutoencoderSettings(steps=6_000),  # 4 minutes on two cores
        train_code_autoencoder,
        report_code_autoencoder,
        small={"images": 300, "tints": 1},
        needs=("encoder",),
    ),
}


def train(
    name: str,
    folder: Path,
    fabric: Fabric,
    *,
    settings: Settings | None = None,
    source: Source = SHIPPED,
    inputs: Mapping[str, nn.Module] = {},
) -> None:
    """Train a network of the table; checkpoint, weights and card lie in ``folder``. Goes on from a checkpoint there.

    Parameters
    ----------
    name
        Its key in ``RECIPES``.
    folder, fabric
        Where to; on what. The first process writes.
    settings
        Those of the network that ships, if None.
    source
        The images.
    inputs
        For each recipe that this one ``needs`` the trained network.

    Raises
    ------
    ValueError, OSError, FloatingPointError
        As ``loop.fit`` does; or an input is missing.

    """
    recipe = RECIPES[name]
    missing = [needed for needed in recipe.needs if needed not in inputs]
    if missing:
        raise ValueError(f"{name} needs a trained {missing[0]}; got {', '.join(inputs) or 'none'}")
    chosen = settings or recipe.settings
    run = Run(name, chosen, folder, fabric, source, inputs, command(name, chosen, source))
    trained = recipe.train(run)
    if fabric.is_global_zero:
        recipe.report(run, trained)


def command(name: str, settings: Settings, source: Source) -> str:
    """What makes the same network again: the settings that differ from the shipped ones, and the images."""
    shipped = dict(RECIPES[name].settings)
    changed = {key: value for key, value in settings if shipped[key] != value}
    own = {needed: f"{needed}.safetensors" for needed in RECIPES[name].needs if source.options}
    options = as_options({**source.options, **own, **changed})
    return " ".join(["python -m ppgn_lib.training", name, *map(shlex.quote, options)])


def as_options(values: Mapping[str, Any]) -> list[str]:
    """Settings as the command line takes them: ``{"d_width": 4}`` -> ``["--d-width", "4"]``."""
    parts = [(option(key), value if isinstance(value, str) else json.dumps(value)) for key, value in values.items()]
    return [part for pair in parts for part in pair]


def option(key: str) -> str:
    """``d_width`` -> ``--d-width``."""
    return "--" + key.replace("_", "-")
