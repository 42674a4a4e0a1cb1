"""Variants of the paper side by side, each at its best setting. Resumable.

    python tools/runs/side_by_side.py          all that is not there yet
    python tools/runs/side_by_side.py --anew   everything again

Each variant has a row of settings. The selector looks at a few chains of each against validation images, and
``protocol.choose`` takes one. At that more chains run on other seeds, which the chapters judge by the evaluator.
Noiseless Joint PPGN-h and DGN-AM are there already, in ``bulk.py`` and ``alternatives.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import bulk
import tables
import torch
from alternatives import Alternative, Setting, States
from torch import Tensor

from ppgn_lib import Eps, Noise, chain, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts import conditions
from ppgn_lib.experts.variants import Experts
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.annealed import annealed_chain, falling
from ppgn_lib.sampling.starts import rectified_normal

NETWORKS = (
    *("encoder", "generator", "code_autoencoder", "code_denoiser"),
    *("selector", "evaluator"),
)
LEVELS, UPDATES, SPAN = 50, 5, (10.0, 0.1)  # noise on codes, from large to small, and updates at each: 250 in all


def table() -> tables.Table:
    """All of them."""
    in_codes = [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.2, 0.0)]
    return tables.Table(
        bulk.RESULTS / "variants.safetensors",
        {
            "ppgn_h_annealed": Alternative([(0.3, 3.0), (0.3, 10.0), (0.3, 30.0)], 50, ppgn_h_annealed),
            "dgn_am_images": Alternative([(0.1,)], 20, dgn_am_images, followed=True),
            "ppgn_h": Alternative(in_codes, 20, ppgn_h),
        },
        Path(__file__),
        NETWORKS,
        {"annealed": {"levels": LEVELS, "updates": UPDATES, "span": list(SPAN)}},
    )


def condition(y: Tensor) -> conditions.LogProb:
    """The class of the item, as E sees it."""
    return conditions.classes(load("encoder"), y, bulk.HEAD)


def _run(experts: Experts, h0: Tensor, setting: Setting, seeds: list[int]) -> States:
    for state in chain(h0, *experts, Eps(*setting), steps=protocol.STEPS, seeds=seeds):
        yield state.h


def dgn_am_images(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """DGN-AM from codes of training photographs of other classes; eps2 as ``alternatives`` has chosen it."""
    G, E = load("generator"), load("encoder")
    experts = variants.dgn_am(G, condition(y))
    return _run(experts, encode(E, of_other_classes(y, seeds)), (0.0, *setting), seeds)


def of_other_classes(y: Tensor, seeds: list[int]) -> Tensor:
    """A training photograph (B, 3, H, W) for each seed, of another class than y (B,)."""
    data = TintedFashion("train")
    labels, chosen = data.labels()[bulk.HEAD], []
    for wanted, seed in zip(y.tolist(), seeds, strict=True):
        order = torch.randint(len(data), (20,), generator=torch.Generator().manual_seed(seed))
        chosen.append(next(i for i in order.tolist() if labels[i] != wanted))
    return data.batch(chosen).x


def ppgn_h(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """PPGN-h with the paper's perceptron; from other random codes than DGN-AM, with which it is compared."""
    G = load("generator")
    experts = variants.ppgn_h(load("code_autoencoder"), G, condition(y))
    return _run(experts, rectified_normal([seed + 500 for seed in seeds], G.code), setting, seeds)


def ppgn_h_annealed(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """PPGN-h with the denoiser of all noises, which fall: (share, k). What comes out is R of each state."""
    G, (share, k) = load("generator"), setting
    noise, levels = Noise(seeds), falling(*SPAN, LEVELS)
    h0 = levels[0] * noise.draw(torch.empty(len(seeds), G.code))
    log_prob = conditions.through(G, condition(y))
    R = load("code_denoiser")
    for state in annealed_chain(h0, R, log_prob, levels, updates=UPDATES, share=share, k=k, seeds=noise):
        yield state.clean


if __name__ == "__main__":
    sys.exit(tables.run(table, "The variants of the paper side by side."))
