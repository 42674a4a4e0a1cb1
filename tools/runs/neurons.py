"""Chains for hidden units of E: which of the things that excite a unit do they show? Resumable.

    python tools/runs/neurons.py              all that is not there yet (an hour)
    python tools/runs/neurons.py conv5.17     one unit

Units are channels of conv5, both towers as one layer, at one place of the map. Validation photographs say which units
there are and what excites them; chains are those of Noiseless at the setting of its chapter. Of each chain the last
picture is judged by the evaluator. Its probabilities of items, and those of colours, are clustered: of the pictures
that excite the unit, of as many of the photographs that do, and of as many pictures of chains without a condition.
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
from trials import drawn

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.experts.known_pixels import nothing
from ppgn_lib.experts.units import units as condition_on
from ppgn_lib.metrics import protocol
from ppgn_lib.metrics.facets import facets, threshold_for
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
HEADS = {"item": ITEMS, "colour": COLOURS}  # of the evaluator, whose probabilities are clustered
LABELLED = 500  # validation photographs whose clusters have to agree with their labels
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
            tensors, found = followed(None if name == UNSTEERED else int(name.split(".")[1]))
            about = {"command": "python tools/runs/neurons.py", "groups": [list(group) for group in GROUPS]}
            codes = {".".join((name, *of)): h.half() for of, h in tensors.items()}
            stored.add_entry(STORE, name, codes, {**belongs_to(), **stored.rounded(found)}, about)
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
            "labelled": LABELLED,
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


@cache
def thresholds() -> dict[str, float]:
    """Of each head the one whose clusters of photographs agree best with their labels."""
    batch = TintedFashion("validation").batch(range(LABELLED))
    return {head: threshold_for(p, batch.labels[head]) for head, p in probabilities(batch.x).items()}


@torch.no_grad()
def probabilities(x: Tensor) -> dict[str, Tensor]:
    """The evaluator's of pictures, by each of the heads: (N, K)."""
    return {
        head: metrics.judgement(metrics.judge_with(load("evaluator"), head), x).logits.softmax(1).cpu()
        for head in HEADS
    }


@cache
def without_condition() -> tuple[Tensor, dict[str, Tensor]]:
    """The last codes (B, H) of chains without one, and the evaluator's probabilities of their pictures."""
    h = ends(nothing)
    return h, probabilities(drawn(load("generator"), h))


def ends(condition: LogProb) -> Tensor:
    """The last codes (B, H) of chains."""
    E, G = load("encoder"), load("generator")
    h0 = rectified_normal(list(range(SEEDS_FROM, SEEDS_FROM + CHAINS)), G.code)
    for state in chain(h0, *variants.noiseless(G, E, condition), setting(), steps=protocol.STEPS):
        last = state.h
    return last


def followed(channel: int | None) -> tuple[dict[tuple[str, ...], Tensor], dict[str, Any]]:
    """Codes (B, H) of chains for a channel, or for none, and what is stored of their pictures.

    Codes of the first chains, and for each head those of the most typical picture of each facet.
    """
    if channel is None:
        last, p = without_condition()
    else:
        last = ends(condition_on(layer(), f"{LAYER}:{channel}", place=(ROW, COLUMN)))
        p = probabilities(drawn(load("generator"), last))
    by_group = torch.zeros(len(last), len(GROUPS)).index_add_(1, GROUP_OF, p[bulk.HEAD])
    sure, group = by_group.max(1)
    codes: dict[tuple[str, ...], Tensor] = {(): last[:SHOWN]}
    found: dict[str, Any] = {"group": group.tolist(), "sure": sure.tolist(), "activation": []}
    if channel is None:
        return codes, {**found, "thresholds": thresholds()}
    with torch.no_grad():
        reached = layer()(drawn(load("generator"), last))[:, channel, ROW, COLUMN]
    found |= {"activation": reached.tolist(), **excited(channel)._asdict()}
    there = (reached >= found["level"]).nonzero()[:, 0]
    for head, names in HEADS.items():
        clusters = [there[members] for members in facets(p[head][there], thresholds()[head])]
        codes[(head,)] = last[[int(members[0]) for members in clusters]]
        found[f"{head}_facets"] = [_named(p[head][members], names) for members in clusters]
    return codes, found | _compared(channel, len(there))


def _named(p: Tensor, names: tuple[str, ...]) -> dict[str, Any]:
    """A facet of pictures with probabilities (N, K): how many, what most are taken for, and how many of them."""
    seen = p.argmax(1)
    most = int(seen.mode().values)
    return {"size": len(p), "name": names[most], "of_name": int((seen == most).sum())}


def _compared(channel: int, count: int) -> dict[str, Any]:
    """Facets of as many of the exciting photographs, by lot, and of as many pictures of chains without a condition."""
    top = seen()[0][:, channel].topk(EXCITED).indices
    lot = torch.randperm(EXCITED, generator=torch.Generator().manual_seed(channel))[:count]
    of = {
        "photographs": probabilities(TintedFashion("validation").batch(top[lot].tolist()).x) if count else {},
        UNSTEERED: {head: p[:count] for head, p in without_condition()[1].items()},
    }
    return {
        f"{head}_facets_{name}": len(facets(p[head], thresholds()[head])) if count else 0
        for name, p in of.items()
        for head in HEADS
    }


if __name__ == "__main__":
    sys.exit(main())
