"""Several conditions at once: E says which item, the captioner which colour (C39); and others, to be shown. Resumable.

    python tools/runs/several.py            all that is not there yet (an hour)
    python tools/runs/several.py both       one set

Noiseless with the shipped pair. For each set of weights and step sizes the selector judges chains of both conditions
together, on other starts and other pairs of item and colour; chains of each alone have the same step sizes and weight.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import caption_judges
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import Setting, drawn, tried

from ppgn_lib import Eps, apart, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.captions import held_out, vocabulary
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.experts.captions import caption
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import LogProb
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "several.safetensors"
COLOURS_AN_ITEM, STARTS, TUNING_STARTS = 2, 5, 2
EPS1 = 0.1  # of the chapter on Noiseless
SETTINGS: list[Setting] = [(weight, eps2) for weight in (0.3, 1.0, 3.0) for eps2 in (0.1, 0.2)]
SEEDS_FROM, TUNING_FROM, DRAWN_BY, TUNED_BY = 300_000, 305_000, 0, 1


class Pairs(NamedTuple):
    """What is asked for, (N,) each."""

    item: Tensor
    colour: Tensor


def pairs(seed: int, starts: int) -> Pairs:
    """Two colours an item, of those that the captioner was taught, drawn by a seed; each for as many starts.

    Those to tune with are others.
    """
    draw = torch.Generator().manual_seed(seed)
    taken = set(zip(*(of.tolist() for of in pairs(DRAWN_BY, 1)), strict=True)) if seed else set()
    item = torch.arange(len(ITEMS)).repeat_interleave(len(COLOURS))
    colour = torch.arange(len(COLOURS)).repeat(len(ITEMS))
    free = ~held_out({"item": item, "colour": colour})
    free &= torch.tensor([pair not in taken for pair in zip(item.tolist(), colour.tolist(), strict=True)])
    chosen = []
    for c in range(len(ITEMS)):
        of_item = ((item == c) & free).nonzero()[:, 0]
        chosen.append(of_item[torch.randperm(len(of_item), generator=draw)[:COLOURS_AN_ITEM]])
    index = torch.cat(chosen).repeat_interleave(starts)
    return Pairs(item[index], colour[index])


def of_item(asked: Pairs) -> LogProb:
    """The item, as the shipped E sees it."""
    return conditions.classes(load("encoder"), asked.item, "item")


def of_colour(asked: Pairs) -> LogProb:
    """The colour, by the first two words of a sentence that is left open."""
    texts = [f"{'an' if COLOURS[c][0] in 'aeiou' else 'a'} {COLOURS[c]}" for c in asked.colour.tolist()]
    return caption(load("captioner"), vocabulary().encode(texts, whole=False))


SETS: dict[str, Callable[[Pairs, float], LogProb]] = {
    "both": lambda asked, weight: conditions.product(of_item(asked), conditions.weighted(weight, of_colour(asked))),
    "item": lambda asked, _: of_item(asked),
    "colour": lambda asked, weight: conditions.weighted(weight, of_colour(asked)),
    "E alone": lambda asked, _: conditions.product(
        of_item(asked), conditions.classes(load("encoder"), asked.colour, "colour")
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Tune, run and judge what is missing."""
    parser = argparse.ArgumentParser(description="Several conditions at once.")
    parser.add_argument("names", nargs="*", help="sets of chains (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, SETS, "set")
    about = {"command": "python tools/runs/several.py"}
    tuned = stored.entry_of(STORE, "tuning", belongs_to())
    if tuned is None:
        points = tuning()
        best = protocol.choose(points, max(point.get("accuracy", 0.0) for point in points))
        tuned = {**belongs_to(), "points": points, "setting": list(best["setting"])}
        stored.add_entry(STORE, "tuning", {}, tuned, about)
    for name in tqdm(given.names or SETS, desc="several", unit="set"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            shown, found = measured(name, tuple(tuned["setting"]))
            stored.add_entry(STORE, name, {name: shown}, {**belongs_to(), **found}, about)
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored entry has to agree with."""
    return {
        "protocol": {
            "pairs": [COLOURS_AN_ITEM, STARTS, TUNING_STARTS],
            "steps": protocol.STEPS,
            "settings": [list(setting) for setting in SETTINGS],
            "eps1": EPS1,
        },
        "made_with": stored.made_with(Path(__file__), "captioner", "encoder", "generator", "evaluator", "selector"),
    }


def ends(name: str, setting: Setting, asked: Pairs, seeds_from: int) -> Tensor:
    """The last codes of chains, one for each pair that is asked for."""
    E, G = load("encoder"), load("generator")
    weight, eps2 = setting
    h0 = rectified_normal(list(range(seeds_from, seeds_from + len(asked.item))), G.code)
    experts = variants.noiseless(G, E, SETS[name](asked, weight))
    for state in chain(h0, *experts, Eps(EPS1, eps2), steps=protocol.STEPS):
        last = state.h
    return last


def right(judge: Any, x: Tensor, asked: Pairs) -> Tensor:
    """Whether a judge sees the item, and whether it sees the colour: (N, 2)."""
    return caption_judges.seen(judge, x)[:, :2] == torch.stack([asked.item, asked.colour], 1)


def tuning() -> list[dict[str, Any]]:
    """What the selector says of each setting of both together: share with item and colour right, kernel distance."""
    asked = pairs(TUNED_BY, TUNING_STARTS)
    pictures: list[Tensor] = []

    def drawn_for(setting: Setting, y: Tensor) -> Tensor:
        pictures.append(drawn(load("generator"), ends("both", setting, asked, TUNING_FROM)))
        return pictures[-1]

    points = tried(SETTINGS, asked.item, drawn_for)
    with apart.tuning():
        kept = iter(pictures)
        for point in points:
            if "accuracy" in point:
                point["accuracy"] = float(right(load("selector"), next(kept), asked).all(1).double().mean())
    return points


def measured(name: str, setting: Setting) -> tuple[Tensor, dict[str, Any]]:
    """The first code of each pair, and of all pictures whether item and colour are right, and the kernel distance."""
    asked = pairs(DRAWN_BY, STARTS)
    h = ends(name, setting, asked, SEEDS_FROM)
    x, real = drawn(load("generator"), h), ablation.photographs()
    with torch.no_grad():
        foreign = metrics.judgement(metrics.imagenet(), x, 100).features
        found = right(load("evaluator"), x, asked)
    distance = metrics.kernel_distance_by_class(foreign, asked.item, real.other_foreign, real.other_y)
    return h[::STARTS].half(), {
        "item": asked.item[::STARTS].tolist(),
        "colour": asked.colour[::STARTS].tolist(),
        "right": found.view(-1, STARTS, 2).tolist(),
        "kid_foreign": list(distance),
    }


if __name__ == "__main__":
    sys.exit(main())
