"""Items that a pair of E and G never saw, asked for by a network that knows them (C30, C31). Resumable.

    python tools/runs/unseen.py              all that is not there yet (hours)
    python tools/runs/unseen.py c.dgn_am     one set of chains

The pairs are those of ``parts.py``, the condition is the shipped E throughout. For each set the selector takes one of
six settings on validation photographs of the items asked for; the evaluator and EfficientNet judge the ends of other
chains. Beside them: the same with an E that knows the unseen items only, and chains for items that were seen.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import parts
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import REAL, Setting, drawn, first_whole, from_best, real_accuracy, tried

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "unseen.safetensors"
SETTINGS: dict[str, list[Setting]] = {
    "noiseless": [(eps1, eps2, 0.0) for eps1 in (0.03, 0.1, 0.3) for eps2 in (0.1, 0.3)],
    "dgn_am": [(0.0, eps2, 0.0) for eps2 in (0.03, 0.1, 0.2, 0.3, 0.6, 1.0)],
}
TUNING_CHAINS, CHAINS, SEEN_CHAINS, BESIDE_CHAINS = 4, 15, 10, 5  # an item
SEEDS_FROM, TUNING_FROM = 280_000, 285_000
COMPARED = 500  # training images whose distance is measured
KINDS = (("t-shirt", "pullover", "coat", "shirt"), ("sandal", "sneaker", "ankle boot"))
LIKE = [ITEMS.index(item) for kind in KINDS for item in kind]  # items that have others of their kind
AGAIN = "reconstructions"  # what stands beside the chains: photographs of all items after E and G of each pair
STEPS = {"same": "all", "similar": "cd", "different": "ab", "letters": "letters"}  # of C31, and their pairs
PAIRS = "abcd"


class Set(NamedTuple):
    """Chains of one kind: with which pair, for which items, how."""

    pair: str
    items: list[int]
    chains: int  # an item
    sampler: str = "noiseless"
    tuned_as: str = ""  # another set, whose setting this one has
    condition: str = ""  # the pair whose E is the condition; none: the shipped one
    shown: int = 2  # pictures of an item that are stored


def unseen_of(pair: str) -> list[int]:
    """Items that a pair was not taught."""
    return [i for i in range(len(ITEMS)) if i not in seen_by(pair)]


def seen_by(pair: str) -> list[int]:
    """Items that it was."""
    taught = parts.LESSONS[pair].encoder.open("validation").classes.get("item", ())
    return [ITEMS.index(item) for item in taught]


@cache
def sets() -> dict[str, Set]:
    """All of them, by name, each after the one whose setting it has."""
    found = {}
    for pair, other in zip(PAIRS, "badc", strict=True):
        unseen = unseen_of(pair)
        for sampler in SETTINGS:
            found[f"{pair}.{sampler}"] = Set(pair, unseen, CHAINS, sampler)
        tuned_as = f"{pair}.noiseless"
        found[f"{pair}.seen"] = Set(pair, seen_by(pair), SEEN_CHAINS, tuned_as=tuned_as, shown=0)
        found[f"{pair}.beside"] = Set(pair, unseen, BESIDE_CHAINS, tuned_as=tuned_as, condition=other, shown=0)
    for pair in (*PAIRS, "all", "letters"):
        asked = LIKE if len(pair) > 1 else [item for item in LIKE if item in unseen_of(pair)]
        found[f"{pair}.like"] = Set(pair, asked, CHAINS)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Tune, run and judge what is missing."""
    parser = argparse.ArgumentParser(description="Items that a pair never saw.")
    parser.add_argument("names", nargs="*", help="sets of chains (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, [*sets(), AGAIN], "set")
    about = {"command": "python tools/runs/unseen.py"}
    for name in tqdm(given.names or [*sets(), AGAIN], desc="unseen", unit="set"):
        if so_far(name) is None:
            if name == AGAIN:
                pictures_of, named = reconstructions()
                stored.add_entry(STORE, name, pictures_of, {**belongs_to(name), "named": named}, about)
                continue
            of = sets()[name]
            points = []
            if of.tuned_as:
                tuned = so_far(of.tuned_as)
                if tuned is None:
                    raise SystemExit(f"{name} has the setting of {of.tuned_as}: run that first")
                settings = [tuple(tuned["setting"])]
            else:
                points = tuning(of)
                settings = from_best(points, real_accuracy(of.items))
            setting, (pictures, numbers) = first_whole(settings, partial(measured, of))
            entry = {**belongs_to(name), "points": points, "setting": list(setting), "numbers": stored.rounded(numbers)}
            entry["precision"] = precision.name_of()
            tensors = {name: pictures} if of.shown else {}
            stored.add_entry(STORE, name, tensors, entry, about)
    return 0


def so_far(name: str) -> dict[str, Any] | None:
    """What is stored of a set, if it belongs to the present networks, settings and code."""
    return stored.entry_of(STORE, name, belongs_to(name))


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored set has to agree with."""
    if name == AGAIN:
        return {**described(name), "pairs": [digest(net) for pair in PAIRS for net in parts.pair(pair)]}
    of = sets()[name]
    return {
        **described(name),
        "pair": [digest(net) for net in parts.pair(of.pair)],
        "condition": digest(parts.pair(of.condition).E) if of.condition else "",
        "tuned": (so_far(of.tuned_as) or {}).get("setting") if of.tuned_as else None,
    }


def described(name: str) -> dict[str, Any]:
    """The same without what lies in ``parts.WORK`` only."""
    made_with = stored.made_with(Path(__file__), "encoder", "evaluator", "selector")
    if name == AGAIN:
        return {"taught": [parts.described(pair) for pair in PAIRS], "made_with": made_with}
    of = sets()[name]
    return {
        "of": of._asdict(),
        "taught": parts.described(of.pair),
        "protocol": [TUNING_CHAINS, REAL, COMPARED, protocol.STEPS],
        "made_with": made_with,
    }


def ends(of: Set, setting: Setting, y: Tensor, seeds: list[int]) -> Tensor:
    """The last codes of chains for items y (B,) of ``ITEMS``; in bfloat16 where that is faster."""
    pair = parts.pair(of.pair)
    E, G = precision.fast(pair.E), precision.fast(pair.G)
    knows = parts.pair(of.condition).E if of.condition else load("encoder")
    column = torch.tensor([knows.classes[bulk.HEAD].index(ITEMS[i]) for i in y.tolist()])
    asked = conditions.classes(precision.fast(knows), column, bulk.HEAD)
    experts = variants.noiseless(G, E, asked) if of.sampler == "noiseless" else variants.dgn_am(G, asked)
    for state in chain(rectified_normal(seeds, pair.G.code), *experts, Eps(*setting), steps=protocol.STEPS):
        last = state.h
    return last


def asked_for(of: Set, chains: int, seeds_from: int) -> tuple[Tensor, list[int]]:
    """Items and seeds of as many chains for each item; an item's seeds are the same in every set."""
    y = torch.tensor(of.items).repeat_interleave(chains)
    return y, [seeds_from + 100 * item + i for item in of.items for i in range(chains)]


def tuning(of: Set) -> list[dict[str, Any]]:
    """What the selector says of each setting: accuracy and kernel distance to validation photographs of the items."""
    y, seeds = asked_for(of, TUNING_CHAINS, TUNING_FROM)
    G = parts.pair(of.pair).G
    return tried(SETTINGS[of.sampler], y, lambda setting, y: drawn(G, ends(of, setting, y, seeds)))


def measured(of: Set, setting: Setting) -> tuple[Tensor, dict[str, Any]]:
    """The first pictures of each item as bytes, and what the judges say, item by item."""
    real, judge = ablation.photographs(), metrics.judge_with(load("evaluator"), bulk.HEAD)
    y, seeds = asked_for(of, of.chains, SEEDS_FROM)
    x = drawn(parts.pair(of.pair).G, ends(of, setting, y, seeds))
    judged = metrics.judgement(judge, x)
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    with torch.no_grad():
        met = load("encoder")(x).logits[bulk.HEAD].argmax(1) == y
    found: dict[str, Any] = {}
    for item in of.items:
        here = y == item
        to = {
            c: metrics.kernel_distance(foreign[here], real.other_foreign[real.other_y == c]).value
            for c in {item, *seen_by(of.pair)}
        }
        others = {c: distance for c, distance in to.items() if c != item}
        found[ITEMS[item]] = {
            "named": judged.logits[here].argmax(1).tolist(),
            "condition": float(met[here].double().mean()),
            "kid": metrics.kernel_distance(judged.features[here], real.other[real.other_y == item]).value,
            "kid_foreign": to[item],
            "nearest_seen": min(others, key=lambda c: others[c]) if others else None,
            "kid_foreign_nearest_seen": min(others.values()) if others else None,
        }
    first = x.unflatten(0, (len(of.items), of.chains))[:, : of.shown].flatten(0, 1)
    return ablation.as_bytes(first), {"items": found, "unlike": unlike(of)}


@torch.no_grad()
def reconstructions() -> tuple[dict[str, Tensor], dict[str, dict[str, float]]]:
    """Each item's first photograph, and G(E(x)) of it by pair, as bytes; of a hundred the share that are named."""
    real, judge = ablation.photographs(), metrics.judge_with(load("evaluator"), bulk.HEAD)
    first = torch.stack([(real.y == c).nonzero()[0, 0] for c in range(len(ITEMS))])
    pictures, named = {f"{AGAIN}.photographs": ablation.as_bytes(real.x[first])}, {}
    for name in PAIRS:
        E, G = parts.pair(name)
        x = drawn(G, metrics.in_blocks(partial(encode, E), real.x))
        right = metrics.judgement(judge, x).logits.argmax(1) == real.y
        pictures[f"{AGAIN}.{name}"] = ablation.as_bytes(x[first])
        named[name] = {item: float(right[real.y == c].double().mean()) for c, item in enumerate(ITEMS)}
    return pictures, named


@cache
def _taught(pair: str) -> Tensor:
    """EfficientNet's features of training images of a pair."""
    data = parts.LESSONS[pair].generator.open("train")
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(0))[:COMPARED]
    return metrics.judgement(metrics.imagenet(), data.batch(order).x, 100).features


def unlike(of: Set) -> float:
    """Kernel distance of what the pair was taught from training photographs of the items asked for."""
    train = TintedFashion("train")
    among = torch.isin(train.labels()[bulk.HEAD], torch.tensor(of.items)).nonzero()[:, 0]
    order = torch.randperm(len(among), generator=torch.Generator().manual_seed(1))[:COMPARED]
    asked = metrics.judgement(metrics.imagenet(), train.batch(among[order]).x, 100).features
    return metrics.kernel_distance(_taught(of.pair), asked).value


if __name__ == "__main__":
    sys.exit(main())
