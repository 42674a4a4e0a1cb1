"""Chains for hidden units of E: which of the things that excite a unit do they show? Resumable.

    python tools/runs/neurons.py              all that is not there yet (an hour)
    python tools/runs/neurons.py conv5.17     one unit

Units are channels of conv5, both towers as one layer, at one place of the map. Validation photographs say which units
there are and what excites them; chains are those of Noiseless at the setting of its chapter. Of each chain the last
picture is judged by the evaluator.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import bulk
import stored
import torch
from torch import Tensor, nn
from tqdm import tqdm

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts.known_pixels import nothing
from ppgn_lib.experts.units import units as condition_on
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.towers import joined
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import LogProb
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "neurons.safetensors"
LAYER, ROW, COLUMN = "conv5", 4, 4
PHOTOGRAPHS, EXCITED = 5000, 100  # of validation; the most exciting ones of a unit
SHARE, FEWEST, MOST = 10, 2, 5  # photographs of a group that make it a facet; facets of a unit that is taken
UNITS, SEED = 20, 0  # drawn from those
CHAINS, SEEDS_FROM, SHOWN = 40, 270_000, 8
UNSTEERED = "unsteered"  # the same starts without a condition
TOPS = ("t-shirt", "pullover", "coat", "shirt")  # what judges mix up is one group
GROUPS = (TOPS, *((item,) for item in ITEMS if item not in TOPS))
GROUP_OF = torch.tensor([next(i for i, group in enumerate(GROUPS) if item in group) for item in ITEMS])


def setting() -> Eps:
    """That of the chapter on Noiseless Joint PPGN-h."""
    return bulk.chosen(json.loads(bulk.SWEEP.read_text("utf-8")))


class Excited(NamedTuple):
    """What excites a unit."""

    level: float  # activation of the last of the EXCITED photographs
    facets: list[int]  # groups of which at least SHARE of these are
    top: list[int]  # the first nine, in the validation split


def main(arguments: list[str] | None = None) -> int:
    """Run and judge what is missing."""
    parser = argparse.ArgumentParser(description="Chains for hidden units.")
    parser.add_argument("names", nargs="*", help="units (default: all)")
    given = parser.parse_args(arguments)
    names = [UNSTEERED, *(f"{LAYER}.{channel}" for channel in units())]
    known(given.names, names, "unit")
    for name in tqdm(given.names or names, desc="units", unit="unit"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            codes, found = followed(None if name == UNSTEERED else int(name.split(".")[1]))
            about = {"command": "python tools/runs/neurons.py", "groups": [list(group) for group in GROUPS]}
            stored.add_entry(STORE, name, {name: codes[:SHOWN].half()}, {**belongs_to(), **found}, about)
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored unit has to agree with."""
    return {
        "protocol": {
            "photographs": PHOTOGRAPHS,
            "excited": EXCITED,
            "facets": [SHARE, FEWEST, MOST],
            "units": [UNITS, SEED],
            "chains": [CHAINS, SEEDS_FROM, protocol.STEPS],
            "place": [ROW, COLUMN],
            "eps": list(astuple(setting())),
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator"),
    }


@cache
def layer() -> nn.Module:
    """Pictures -> activations of the layer before their ReLU, (B, 64, 8, 8), in both towers of the shipped E."""
    return joined(load("encoder"), LAYER)


@cache
def seen() -> tuple[Tensor, Tensor]:
    """Activations at the place (N, 64) of validation photographs, and their groups (N,)."""
    batch = TintedFashion("validation").batch(range(PHOTOGRAPHS))
    with torch.no_grad():
        found = metrics.in_blocks(lambda x: layer()(x)[:, :, ROW, COLUMN], batch.x)
    return found, GROUP_OF[batch.labels[bulk.HEAD]]


def excited(channel: int) -> Excited:
    """What excites a channel at the place."""
    activation, group = seen()
    values, top = activation[:, channel].topk(EXCITED)
    counts = group[top].bincount(minlength=len(GROUPS))
    return Excited(values[-1].item(), (counts >= SHARE).nonzero().flatten().tolist(), top[:9].tolist())


def units() -> list[int]:
    """Channels that several groups excite, as many as asked for or all that there are, in order."""
    several = [c for c in range(seen()[0].shape[1]) if FEWEST <= len(excited(c).facets) <= MOST]
    order = torch.randperm(len(several), generator=torch.Generator().manual_seed(SEED))[:UNITS]
    return sorted(several[i] for i in order.tolist())


def followed(channel: int | None) -> tuple[Tensor, dict[str, Any]]:
    """The last codes (B, H) of chains for a channel, or for none, and what is stored of their pictures."""
    E, G, eps = load("encoder"), load("generator"), setting()
    unit = f"{LAYER}:{channel}"
    condition: LogProb = nothing if channel is None else condition_on(layer(), unit, place=(ROW, COLUMN))
    h0 = rectified_normal(list(range(SEEDS_FROM, SEEDS_FROM + CHAINS)), G.code)
    for state in chain(h0, *variants.noiseless(G, E, condition), eps, steps=protocol.STEPS):
        last = state.h
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    with torch.no_grad():
        x = G(last).clamp(-1, 1)
        by_group = torch.zeros(len(x), len(GROUPS)).index_add_(
            1, GROUP_OF, metrics.judgement(judge, x).logits.softmax(1)
        )
        reached = [] if channel is None else layer()(x)[:, channel, ROW, COLUMN].tolist()
    sure, group = by_group.max(1)
    found: dict[str, Any] = {"group": group.tolist(), "sure": sure.tolist(), "activation": reached}
    return last, found if channel is None else {**found, **excited(channel)._asdict()}


if __name__ == "__main__":
    sys.exit(main())
