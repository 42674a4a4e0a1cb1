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
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import caption_judges
import parts
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import Setting, photographs

from ppgn_lib import Eps, apart, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.captions import FORMS, NOUNS, held_out, vocabulary
from ppgn_lib.data.captions import caption as sentence
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.experts.captions import caption
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.sampling.chain import LogProb
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "captions.safetensors"
HEADS = ("item", "colour", "background")
WHOLE = [number for number, form in enumerate(FORMS) if all("{" + head + "}" in form for head in HEADS[1:])]
AN_ITEM, FEW, STARTS, TUNING_STARTS = 4, 2, 5, 2  # captions of an item, or few; chains of a caption
SETTINGS: list[Setting] = [(eps1, eps2, 0.0) for eps1 in (0.1, 0.3) for eps2 in (0.05, 0.1, 0.2)]
OF_PARTS = [(eps1, share) for eps1 in (0.1, 0.3) for share in (0.5, 1.0)]  # share of eps2 of "captions"
SEEDS_FROM, TUNING_FROM, DRAWN_BY, TUNED_BY = 290_000, 295_000, 0, 1


class Asked(NamedTuple):
    """What is asked for: labels (N, 3) of item, colour and background, and a sentence for each, whole or cut."""

    labels: Tensor
    texts: list[str]
    whole: bool = True

    def those(self, items: list[int]) -> Asked:
        """The rows of some items."""
        rows = torch.isin(self.labels[:, 0], torch.tensor(items)).nonzero()[:, 0].tolist()
        return self._replace(labels=self.labels[rows], texts=[self.texts[i] for i in rows])


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


@cache
def asked(kind: str, seed: int) -> Asked:
    """Captions of an item each, drawn by a seed.

    "taught": of pairs of item and colour that the captioner was taught; "twins": the same in another such colour;
    "held out": in the colour that was not; "up to the item": the first, cut behind the item; "few": some of the first.
    """
    draw = torch.Generator().manual_seed(seed)
    labels, texts = [], []
    for item, name in enumerate(ITEMS):
        colours = torch.arange(len(COLOURS))
        out = held_out({"item": torch.full_like(colours, item), "colour": colours})
        taught, not_taught = colours[~out].tolist(), int(colours[out][0])
        for i in range(AN_ITEM):
            order = [taught[j] for j in torch.randperm(len(taught), generator=draw).tolist()]
            form = WHOLE[int(torch.randint(len(WHOLE), (), generator=draw))]
            noun = int(torch.randint(2, (), generator=draw))
            background = next(c for c in order[2:] if c != not_taught)
            colour = {"twins": order[1], "held out": not_taught}.get(kind, order[0])
            if kind != "few" or i < FEW:
                text = sentence(item, colour, background, form, noun)
                named = NOUNS[name][noun % len(NOUNS[name])]
                cut = text.index(named) + len(named) if kind == "up to the item" else None
                labels.append((item, colour, background))
                texts.append(text[:cut])
    return Asked(torch.tensor(labels), texts, whole=kind != "up to the item")


def main(arguments: list[str] | None = None) -> int:
    """Tune, run and judge what is missing."""
    parser = argparse.ArgumentParser(description="Captions as conditions.")
    parser.add_argument("names", nargs="*", help="sets of chains (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, SETS, "set")
    for name in tqdm(given.names or SETS, desc="captions", unit="set"):
        if so_far(name) is None:
            of, points = SETS[name], []
            if of.tuned_as:
                setting = setting_of(of.tuned_as, name)
            else:
                points = tuning(of, settings_of(name))
                setting = tuple(best_of(points)["setting"])
            shown, found = measured(of, setting)
            entry = {**belongs_to(name), "points": points, "setting": list(setting), **found}
            stored.add_entry(STORE, name, {name: shown}, entry, {"command": "python tools/runs/captions.py"})
    return 0


def settings_of(name: str) -> list[Setting]:
    """What is tried for a set."""
    if SETS[name].kind != "few":
        return SETTINGS
    eps2 = setting_of("captions", name)[1]
    return [(eps1, share * eps2, 0.0) for eps1, share in OF_PARTS]


def setting_of(needed: str, name: str) -> Setting:
    """The setting that was chosen for a set."""
    tuned = so_far(needed)
    if tuned is None:
        raise SystemExit(f"{name} has its setting from {needed}: run that first")
    return tuple(tuned["setting"])


def so_far(name: str) -> dict[str, Any] | None:
    """What is stored of a set, if it belongs to the present networks, settings and code."""
    return stored.entry_of(STORE, name, belongs_to(name))


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored set has to agree with."""
    of = SETS[name]
    return {**described(name), "pair": [digest(net) for net in networks(of)] if of.pair else []}


def described(name: str) -> dict[str, Any]:
    """The same without what lies in ``parts.WORK`` only."""
    of = SETS[name]
    return {
        "of": of._asdict(),
        "taught": parts.described(of.pair) if of.pair else [],
        "protocol": {"captions": [AN_ITEM, FEW], "starts": [STARTS, TUNING_STARTS], "steps": protocol.STEPS},
        "made_with": stored.made_with(Path(__file__), "captioner", "encoder", "generator", "evaluator", "selector"),
    }


def networks(of: Set) -> parts.Pair:
    """E and G of a set."""
    return parts.pair(of.pair) if of.pair else parts.Pair(load("encoder"), load("generator"))


def condition(of: Set, what: Asked, starts: int) -> LogProb:
    """One for each chain: what the captioner, or E by its three classifications, has to see."""
    if of.by_classes:
        E, labels = load("encoder"), what.labels.repeat_interleave(starts, 0)
        return conditions.product(*(conditions.classes(E, labels[:, i], head) for i, head in enumerate(HEADS)))
    words = vocabulary().encode(what.texts, whole=what.whole)
    return caption(load("captioner"), words.repeat_interleave(starts, 0))


def ends(of: Set, setting: Setting, what: Asked, starts: int, seeds_from: int) -> Tensor:
    """The last codes of chains, as many for each caption, caption after caption."""
    E, G = networks(of)
    h0 = rectified_normal(list(range(seeds_from, seeds_from + starts * len(what.texts))), G.code)
    for state in chain(h0, *variants.noiseless(G, E, condition(of, what, starts)), Eps(*setting), steps=protocol.STEPS):
        last = state.h
    return last


@torch.no_grad()
def drawn(of: Set, h: Tensor) -> Tensor:
    """Pictures of codes, cut to [-1, 1]."""
    G = networks(of).G
    return metrics.in_blocks(lambda h: G(h).clamp(-1, 1), h)


def for_tuning(of: Set) -> Asked:
    """Other captions; of a pair that was taught a part, of as many items that it saw as of others."""
    what = asked(of.kind, TUNED_BY)
    if of.kind != "few":
        return what
    seen = parts.LESSONS[of.pair].generator.open("validation").classes["item"]
    among = seen if len(seen) < len(ITEMS) else parts.LESSONS[of.pair].encoder.open("validation").classes["item"]
    groups = [[i for i, item in enumerate(ITEMS) if (item in among) == there] for there in (True, False)]
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
        for setting in tqdm(settings, desc="tuning", unit="setting", leave=False):
            try:
                x = drawn(of, ends(of, setting, what, TUNING_STARTS, TUNING_FROM))
            except FloatingPointError:
                points.append({"setting": setting, "diverged": True})
                continue
            features, item = metrics.judgement(judge, x).features, labels[:, 0]
            kid = metrics.kernel_distance_by_class(features, item, near.judgement.features, near.y)
            right = (caption_judges.seen(selector, x) == labels).all(1).double().mean()
            points.append({"setting": setting, "accuracy": float(right), "kid": kid.value})
    return points


def best_of(points: list[dict[str, Any]]) -> dict[str, Any]:
    """As ``protocol.choose``; accurate is what comes near the most accurate one, since photographs have no captions."""
    whole = [point["accuracy"] for point in points if "accuracy" in point]
    return protocol.choose(points, max(whole, default=0.0))


def measured(of: Set, setting: Setting) -> tuple[Tensor, dict[str, Any]]:
    """The first picture of each item as bytes, and what the judges say of all."""
    what = asked(of.kind, DRAWN_BY)
    h = ends(of, setting, what, STARTS, SEEDS_FROM)
    x, (E, G) = drawn(of, h), networks(of)
    labels = what.labels.repeat_interleave(STARTS, 0)
    found = caption_judges.of_pictures(x, labels[:, 0], STARTS)
    if not of.by_classes:
        words = vocabulary().encode(what.texts, whole=what.whole)
        found |= caption_judges.of_words(G, h, words.repeat_interleave(STARTS, 0), labels)
        found |= caption_judges.of_photographs(words, what.labels) if what.whole else {}
        found |= caption_judges.of_reconstructions(E, G, items_seen(of))
    return ablation.as_bytes(x[:: STARTS * len(what.texts) // len(ITEMS)]), {
        "texts": what.texts,
        "labels": what.labels.tolist(),
        **found,
    }


def items_seen(of: Set) -> list[int]:
    """Items in the pictures that G learned from."""
    source = parts.LESSONS[of.pair].generator if of.pair else parts.SHIPPED
    return [ITEMS.index(item) for item in source.open("validation").classes["item"]]


if __name__ == "__main__":
    sys.exit(main())
