"""Captions as conditions: chains for sentences, and what they are compared with (C32, C33, C34, C59). Resumable.

    python tools/runs/captions.py            all that is not there yet (hours)
    python tools/runs/captions.py twins      one set

E and G are not trained any further; the captioner was taught with photographs. For each set the selector takes one of
some settings, on other captions and starts. Of each picture is stored what the judges see in it. The pairs of E and G
are those of ``parts.py``, or the shipped one.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import caption_judges
import caption_texts
import parts
import stored
import torch
from caption_judges import HEADS
from caption_texts import DRAWN_BY, TUNED_BY, Asked, asked
from torch import Tensor
from tqdm import tqdm
from trials import Setting, drawn, each, first_whole, from_best, photographs

from ppgn_lib import Eps, apart, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.captions import vocabulary
from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.experts.captions import caption
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.sampling.chain import LogProb
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "captions.safetensors"
STARTS, TUNING_STARTS = 5, 2  # chains of a caption
SETTINGS: list[Setting] = [(eps1, eps2, 0.0) for eps1 in (0.1, 0.3) for eps2 in (0.1, 0.3, 1.0)]
OF_PARTS = [(eps1, share) for eps1 in (0.1, 0.3) for share in (0.5, 1.0)]  # share of eps2 of "captions"
SEEDS_FROM, TUNING_FROM = 290_000, 295_000
PHOTOGRAPHS = "photographs"  # the entry of what the captioner says of these
MOST_SHOWN = 12  # pictures of a set that show nothing


class Set(NamedTuple):
    """Chains of one kind."""

    kind: str = "taught"  # of captions
    pair: str = ""  # of ``parts``; none: the shipped E and G
    by_classes: bool = False  # E's classifications in place of the captioner
    tuned_as: str = ""  # another set, whose setting this one has


SETS = {
    "captions": Set(),
    "twins": Set("twins", tuned_as="captions"),
    "held out": Set("held out", tuned_as="captions"),
    "up to the item": Set("up to the item", tuned_as="captions"),
    "item only": Set(pair="item only"),
    "item only, held out": Set("held out", pair="item only", tuned_as="item only"),
    "classes": Set(by_classes=True),
    **{pair: Set("few", pair) for pair in ("a", "b", "c", "d", "a, G of all", "b, G of all")},
}


def main(arguments: list[str] | None = None) -> int:
    """Tune, run and judge what is missing."""
    parser = argparse.ArgumentParser(description="Captions as conditions.")
    parser.add_argument("names", nargs="*", help="sets of chains (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, SETS, "set")
    about = {"command": "python tools/runs/captions.py"}
    if stored.entry_of(STORE, PHOTOGRAPHS, made_with()) is None:
        right = caption_judges.prefers_the_right()
        stored.add_entry(STORE, PHOTOGRAPHS, {}, {**made_with(), "right_before_wrong": right}, about)
    for name in tqdm(given.names or SETS, desc="captions", unit="set"):
        if so_far(name) is None:
            of, points = SETS[name], []
            if of.tuned_as:
                other = needed(of.tuned_as, name)
                settings = in_order(other["points"])
                settings = settings[settings.index(tuple(other["setting"])) :]
            else:
                points = tuning(of, settings_of(name))
                settings = in_order(points)
            setting, (shown, found) = first_whole(settings, partial(measured, of))
            entry = {**belongs_to(name), "points": points, "setting": list(setting), **taught(of), **found}
            tensors = {f"{name}.{what}": pictures for what, pictures in shown.items()}
            stored.add_entry(STORE, name, tensors, entry, about)
    return 0


def in_order(points: list[dict[str, Any]]) -> list[Setting]:
    """Settings that were tried, the best first.

    Accurate is what comes near the most accurate one, since photographs have no captions to be met.
    """
    return from_best(points, max((point["accuracy"] for point in points if "accuracy" in point), default=0.0))


def settings_of(name: str) -> list[Setting]:
    """What is tried for a set."""
    if SETS[name].kind != "few":
        return SETTINGS
    eps2 = needed("captions", name)["setting"][1]
    return [(eps1, share * eps2, 0.0) for eps1, share in OF_PARTS]


def needed(other: str, name: str) -> dict[str, Any]:
    """What is stored of a set from which another has its setting."""
    found = so_far(other)
    if found is None:
        raise SystemExit(f"{name} has its setting from {other}: run that first")
    return found


def so_far(name: str) -> dict[str, Any] | None:
    """What is stored of a set, if it belongs to the present networks, settings and code."""
    return stored.entry_of(STORE, name, belongs_to(name))


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored set has to agree with."""
    of = SETS[name]
    return {**described(name), "pair": [digest(net) for net in networks(of)] if of.pair else []}


def described(name: str) -> dict[str, Any]:
    """The same without what lies in ``parts.WORK`` only."""
    if name == PHOTOGRAPHS:
        return made_with()
    of = SETS[name]
    return {
        "of": of._asdict(),
        "taught": parts.described(of.pair) if of.pair else [],
        "protocol": {"starts": [STARTS, TUNING_STARTS], "steps": protocol.STEPS},
        **made_with(),
    }


def made_with() -> dict[str, Any]:
    """Networks and code."""
    names, beside = ("captioner", "encoder", "generator", "evaluator", "selector"), (caption_texts, caption_judges)
    return {"made_with": stored.made_with(Path(__file__), *names, beside=beside)}


def networks(of: Set) -> parts.Pair:
    """E and G of a set."""
    return parts.pair_or_shipped(of.pair)


def condition(of: Set, what: Asked, starts: int) -> LogProb:
    """One for each chain: what the captioner, or E by its three classifications, has to see."""
    if of.by_classes:
        E, labels = precision.fast(load("encoder")), what.labels.repeat_interleave(starts, 0)
        return conditions.product(*(conditions.classes(E, labels[:, i], head) for i, head in enumerate(HEADS)))
    words = vocabulary().encode(what.texts, whole=what.whole)
    C = load("captioner")
    return caption(lambda x, words: precision.fast(lambda x: C(x, words))(x), words.repeat_interleave(starts, 0))


def ends(of: Set, setting: Setting, what: Asked, starts: int, seeds_from: int) -> Tensor:
    """The last codes of chains, as many for each caption, caption after caption; in bfloat16 where that is faster."""
    E, G = networks(of)
    h0 = rectified_normal(list(range(seeds_from, seeds_from + starts * len(what.texts))), G.code)
    experts = variants.noiseless(precision.fast(G), precision.fast(E), condition(of, what, starts))
    for state in chain(h0, *experts, Eps(*setting), steps=protocol.STEPS):
        last = state.h
    return last


def for_tuning(of: Set) -> Asked:
    """Other captions; of a pair that was taught a part, of as many items that it saw as of others."""
    what = asked(of.kind, TUNED_BY)
    if of.kind != "few":
        return what
    categories = taught(of)["categories"]
    groups = [[i for i in range(len(ITEMS)) if (i in categories) == there] for there in (True, False)]
    draw, fewer = torch.Generator().manual_seed(TUNED_BY), min(map(len, groups))
    return what.those(
        [group[i] for group in groups for i in torch.randperm(len(group), generator=draw)[:fewer].tolist()]
    )


def tuning(of: Set, settings: list[Setting]) -> list[dict[str, Any]]:
    """What the selector says of each setting: share of the pictures that hold all that is said, and kernel distance."""
    what = for_tuning(of)
    labels = what.labels.repeat_interleave(TUNING_STARTS, 0)
    points: list[dict[str, Any]] = []
    with apart.tuning():
        selector, (judge, near) = load("selector"), photographs()
        for setting, h in each(settings, lambda s: ends(of, s, what, TUNING_STARTS, TUNING_FROM), "tuning"):
            if h is None:
                points.append({"setting": setting, "diverged": True})
                continue
            x = drawn(networks(of).G, h)
            features, item = metrics.judgement(judge, x).features, labels[:, 0]
            kid = metrics.kernel_distance_by_class(features, item, near.judgement.features, near.y)
            # Of a pair whose E knows no colours the background is not asked for.
            heads = 2 if of.pair == "item only" else 3
            right = (caption_judges.seen(selector, x) == labels)[:, :heads].all(1).double().mean()
            points.append({"setting": setting, "accuracy": float(right), "kid": kid.value})
    return points


def measured(of: Set, setting: Setting) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Pictures as bytes, the first of each caption and those that show nothing, and what the judges say of all."""
    what = asked(of.kind, DRAWN_BY)
    h = ends(of, setting, what, STARTS, SEEDS_FROM)
    E, G = networks(of)
    x = drawn(G, h)
    labels = what.labels.repeat_interleave(STARTS, 0)
    found = caption_judges.of_pictures(x, labels[:, 0])
    shown = {"first": ablation.as_bytes(x[::STARTS][:: 1 if not of.pair else len(what.texts) // len(ITEMS)])}
    if not of.by_classes:
        words = vocabulary().encode(what.texts, whole=what.whole)
        found |= caption_judges.of_words(G, h, words.repeat_interleave(STARTS, 0), labels)
        found |= caption_judges.of_photographs(words, what.labels)
        found |= caption_judges.of_reconstructions(E, G, taught(of)["in_pictures"])
        farthest = torch.tensor(found["reconstructions"]["nearest"]).quantile(0.95)
        wrong = torch.tensor(found["seen"])[:, 0] != labels[:, 0]
        nothing = (wrong & (torch.tensor(found["nearest"]) > farthest)).nonzero()[:, 0]
        high = torch.tensor(found["log_p"]) >= torch.tensor(found["level"]).repeat_interleave(STARTS)
        nothing = torch.cat([nothing[high[nothing]], nothing[~high[nothing]]])  # those that fool come first
        found["nothing"] = nothing.tolist()
        shown["nothing"] = ablation.as_bytes(x[nothing[:MOST_SHOWN]])
    found = {"texts": what.texts, "labels": what.labels.tolist(), **stored.rounded(found)}
    return shown, {"precision": precision.name_of(), **found}


def taught(of: Set) -> dict[str, list[int]]:
    """Items that are categories of E, and items in the pictures that G learned from."""
    lesson = parts.LESSONS[of.pair] if of.pair else parts.same(parts.SHIPPED)
    sources = {"categories": lesson.encoder, "in_pictures": lesson.generator}
    return {
        what: [ITEMS.index(item) for item in source.open("validation").classes["item"]]
        for what, source in sources.items()
    }


if __name__ == "__main__":
    sys.exit(main())
