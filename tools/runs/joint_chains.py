"""Joint PPGN-h, each reading of its noise at its best setting. Resumable.

python tools/runs/joint_chains.py          all that is not there yet
python tools/runs/joint_chains.py --anew   everything again
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import bulk
import tables
from alternatives import Alternative, Setting, States
from side_by_side import condition
from torch import Tensor

from ppgn_lib import Eps, Noise, chain, variants
from ppgn_lib.data.files import locate
from ppgn_lib.experts.variants import Experts
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

NETWORKS = ("encoder", "joint_generator", "selector", "evaluator")


def table() -> tables.Table:
    """All of them, from the same codes; the settings lie where those of Noiseless were the best."""
    settings = [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.2, 0.0)]
    again = partial(Alternative, settings, 20, as_chosen_for="joint")
    return tables.Table(
        bulk.RESULTS / "joint.safetensors",
        {
            "joint": Alternative(settings, 40, inside),
            "joint_on_state": again(run=on_state),
            "joint_without": again(run=without),
        },
        Path(__file__),
        NETWORKS,
        {"noise": noise()},
    )


def noise() -> dict[str, float]:
    """The noise on h, x and h1 that G was trained with, from its card."""
    config = json.loads(locate("weights/joint_generator.json").read_text("utf-8"))["config"]
    return {name: config[f"{name}_noise"] for name in ("h", "x", "h1")}


def inside(setting: Setting, y: Tensor, seeds: list[int], steps: int = protocol.STEPS) -> States:
    """Noise inside the pass that computes E(G(h)), as much as in training: as the paper samples."""
    G, E = load("joint_generator"), load("encoder")
    stream = Noise([seed + 500 for seed in seeds])  # not that of the chain
    return walk(variants.joint(G, E, condition(y), noise=stream, **noise()), Eps(*setting), seeds, steps)


def on_state(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """The other reading: noise of that size on the state after each update, and none inside the pass."""
    eps = replace(Eps(*setting), eps3=noise()["h"])
    return walk(variants.joint(load("joint_generator"), load("encoder"), condition(y)), eps, seeds)


def without(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """No noise in sampling."""
    return walk(variants.joint(load("joint_generator"), load("encoder"), condition(y)), Eps(*setting), seeds)


def walk(experts: Experts, eps: Eps, seeds: list[int], steps: int = protocol.STEPS) -> States:
    """The states of chains from random codes."""
    h0 = rectified_normal(seeds, load("encoder").code)
    for state in chain(h0, *experts, eps, steps=steps, seeds=seeds):
        yield state.h


if __name__ == "__main__":
    sys.exit(tables.run(table, "Joint PPGN-h."))
