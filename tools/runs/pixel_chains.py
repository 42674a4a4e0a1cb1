"""Chains of pictures, each at its best setting: PPGN-x and Joint PPGN-x. Resumable.

    python tools/runs/pixel_chains.py          all that is not there yet
    python tools/runs/pixel_chains.py --anew   everything again

Of every state R's answer is stored, R(x): the state itself has the chain's noise on it.
"""

from __future__ import annotations

import sys
from dataclasses import astuple
from functools import partial
from pathlib import Path

import bulk
import tables
import torch
from alternatives import Alternative, Setting, States
from side_by_side import condition, of_other_classes
from torch import Tensor

from ppgn_lib import Eps, Noise, chain, variants
from ppgn_lib.experts.variants import PAPER, Experts
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load

NETWORKS = ("encoder", "generator", "image_autoencoder", "selector", "evaluator")
CONTRAST = 0.3  # standard deviation of the grey noise in which chains of pixels start


def table() -> tables.Table:
    """All of them. The paper's setting is the first; the others go less far and have less noise."""
    paper = astuple(PAPER["ppgn_x"])
    # A first row, (0.1 or 0.5, 0.3 or 3, 0.02), had nothing accurate for PPGN-x: its chains ended in flat colours.
    pixels = partial(Alternative, chains=20, in_pixels=True)
    own = [paper, (0.03, 0.3, 0.02), (0.03, 3.0, 0.02), (0.1, 3.0, 0.02), (0.1, 10.0, 0.02)]
    return tables.Table(
        bulk.RESULTS / "pixels.safetensors",
        {
            "ppgn_x": pixels(own, run=ppgn_x),
            "ppgn_x_images": pixels(own, run=ppgn_x_images, followed=True, as_chosen_for="ppgn_x"),
            "joint_ppgn_x": pixels([paper, (0.1, 0.3, 0.02), (0.1, 3.0, 0.02), (0.5, 3.0, 0.02)], run=joint_ppgn_x),
        },
        Path(__file__),
        NETWORKS,
        {"contrast": CONTRAST},
    )


def _answers(experts: Experts, x0: Tensor, setting: Setting, seeds: list[int], steps: int = protocol.STEPS) -> States:
    for state in chain(x0, *experts, Eps(*setting), steps=steps, seeds=seeds):
        yield state.h + state.prior


def grey_noise(seeds: list[int]) -> Tensor:
    """Pictures (B, 3, 32, 32) from which nothing can be told. Other streams than those of the chains' own noise."""
    return CONTRAST * Noise([seed ^ 0x5DEECE66D for seed in seeds]).draw(torch.empty(len(seeds), 3, 32, 32))


def ppgn_x(setting: Setting, y: Tensor, seeds: list[int], steps: int = protocol.STEPS) -> States:
    """PPGN-x from grey noise."""
    experts = variants.ppgn_x(load("image_autoencoder"), condition(y))
    return _answers(experts, grey_noise(seeds), setting, seeds, steps)


def ppgn_x_images(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """PPGN-x from training photographs of other classes."""
    experts = variants.ppgn_x(load("image_autoencoder"), condition(y))
    return _answers(experts, of_other_classes(y, seeds), setting, seeds)


def joint_ppgn_x(setting: Setting, y: Tensor, seeds: list[int], steps: int = protocol.STEPS) -> States:
    """Joint PPGN-x from grey noise."""
    experts = variants.joint_ppgn_x(load("generator"), load("encoder"), condition(y))
    return _answers(experts, grey_noise(seeds), setting, seeds, steps)


if __name__ == "__main__":
    sys.exit(tables.run(table, "PPGN-x and Joint PPGN-x."))
