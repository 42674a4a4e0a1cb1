"""What the judges say of the AC-GANs of ``acgan_nets.py``, state by state and class by class. Resumable.

    python tools/runs/acgan_judges.py                    all that is not there yet (hours)
    python tools/runs/acgan_judges.py photographs luck   these entries
    python tools/runs/acgan_judges.py A K1.20            all entries of these nets

Stored are numbers of each class and some pictures. ``acgan_numbers.py`` makes of them what the claims read.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ablation
import acgan_copies
import acgan_looks
import acgan_measures
import acgan_nets
import acgan_readers
import acgan_training
import bulk
import stored
import torch
from acgan_measures import curve, means, varieties
from acgan_readers import (
    ALL,
    COMPARED,
    HALF,
    LINE,
    by_evaluator,
    features_of,
    resized,
    score_of,
    seen,
    seen_photographs,
    shares,
)
from acgan_training import FORMS, Net, described, generator, pictures
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import SIZE
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import digest, load

Found = tuple[dict[str, Tensor], dict[str, Any]]

STORE = bulk.RESULTS / "acgan.safetensors"
TEN = list(acgan_nets.TEN)
MOST = 500  # pictures of a class of the finished nets of ten classes
SHOWN = 3  # pictures of a class of a finished net, and over a collapse one
TIMES, CHOSEN_BY = 30, 50  # choices of C62, and pictures of a class
JUDGED = ("A", "L", "H", "K2", "K5", "K1")  # groups whose states are judged
ENDS = ("A", "L")  # finished ones of which are looked at from all sides
SIDES = ("copies", "ways", "style")


def main(arguments: list[str] | None = None) -> int:
    """Judge what is missing; what belongs to other networks or code is judged anew."""
    parser = argparse.ArgumentParser(description="What the judges say of the AC-GANs.")
    parser.add_argument("names", nargs="*", help="entries, groups or nets (default: all)")
    given = parser.parse_args(arguments)
    every = entries()
    known(given.names, names(), "entry")
    todo = [name for name in every if not given.names or _names_of(name) & set(given.names)]
    for name in tqdm(todo, desc="judges", unit="entry"):
        head = belongs_to(name)
        if stored.entry_of(STORE, name, head) is None:
            tensors, found = every[name]()
            about = {"command": "python tools/runs/acgan_judges.py"}
            stored.add_entry(STORE, name, {f"{name}.{key}": t for key, t in tensors.items()}, {**head, **found}, about)
    return 0


def entries() -> dict[str, Callable[[], Found]]:
    """All that is judged: how, by name."""
    found: dict[str, Callable[[], Found]] = {"photographs": photographs, "rates": rates, "lengths": lengths}
    for group, of in acgan_nets.GROUPS.items():
        for name in acgan_nets.names_of(group):
            if group in JUDGED:
                found |= {f"{name}.{steps}": functools.partial(judged, name, steps) for steps in of.states}
            if group in ENDS:
                found |= {f"{name}.{side}": functools.partial(look, name, side) for side in SIDES}
    return {**found, "photographs.copies": copies_of_photographs, "luck": luck, "collapse": collapse}


def names() -> set[str]:
    """What one can ask for: entries, nets, groups."""
    return set().union(*map(_names_of, entries()))


def _names_of(entry: str) -> set[str]:
    """Its own name, and those of its net and of its group."""
    group, *rest = entry.split(".")
    return {entry, group, f"{group}.{rest[0]}"} if group in acgan_nets.GROUPS else {entry}


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored entry has to agree with."""
    of, group = _states_of(name), name.split(".")[0]
    finished = [steps == acgan_nets.end_of(group) for _, steps in of] if group in JUDGED else []
    return {
        **protocol_and_code(),
        "nets": [described(net) for net, _ in of],
        "weights": [_digest(net, steps) for net, steps in of],
        "finished": finished,
    }


def protocol_and_code() -> dict[str, Any]:
    """The same without what lies in ``acgan_training.WORK`` only."""
    beside = (acgan_copies, acgan_looks, acgan_measures, acgan_nets, acgan_readers, acgan_training)
    return {
        "protocol": [MOST, COMPARED, *LINE, acgan_readers.TAUGHT, TIMES, CHOSEN_BY, SHOWN],
        "made_with": stored.made_with(Path(__file__), "evaluator", "selector", beside=beside),
    }


def _states_of(name: str) -> list[tuple[Net, int]]:
    """The nets that an entry is about, and after how many steps."""
    group, *rest = name.split(".")
    if group in acgan_nets.GROUPS:
        net = acgan_nets.net(f"{group}.{rest[0]}")
        return [(net, int(rest[1]) if rest[1].isdigit() else acgan_nets.end_of(group))]
    groups = {"luck": ["S"], "collapse": ["X"], "rates": acgan_nets.CHOOSES.values(), "lengths": acgan_nets.LENGTHS}
    return [(net, net.states[-1]) for group in groups.get(name, []) for net in acgan_nets.nets(group)]


def _digest(net: Net, steps: int) -> str:
    """Of G's weights; empty if the training has diverged."""
    try:
        return digest(generator(net, steps))
    except FloatingPointError:
        return ""


def photographs() -> Found:
    """Both judges on test photographs of both sizes; variety and distances of others; what the readers are."""
    first = acgan_readers.photographs("test", 0, COMPARED)
    of = {size: seen_photographs(0, COMPARED, size) for size in (SIZE, HALF)}
    right = {size: seen.right(first.y) for size, seen in of.items()}
    x, y = acgan_readers.photographs("test", *LINE)
    tried = acgan_readers.photographs("validation", 0, ALL)
    readers = {size: acgan_readers.reader(size) for size in of}
    found = {
        "recognised": shares(right[SIZE], first.y, TEN),
        "recognised_half": shares(right[HALF], first.y, TEN),
        "fall": [list(metrics.by_student(column)) for column in (right[SIZE] - right[HALF]).T],
        "accuracy": {size: [list(metrics.mean_with_interval(column)) for column in of.T] for size, of in right.items()},
        "penalty": {size: of.penalty for size, of in readers.items()},
        "temperature": {size: of.temperature for size, of in readers.items()},
        "reader_on_validation": {
            size: list(metrics.accuracy(of.logits(features_of("validation", 0, ALL, size)), tried.y))
            for size, of in readers.items()
        },
        "curve": curve(first.x, first.y, TEN),
        "variety": means(metrics.pair_variety(x, y), TEN),
        **varieties(x, y, TEN, by_evaluator(x).argmax(1) == y),
        "ends": acgan_looks.ends_of_photographs(),
        "between_classes": acgan_readers.between_classes().tolist(),
    }
    return {}, found


def rates() -> Found:
    """What the selector said of all learning rates."""
    return {}, {"forms": {form: acgan_nets.tried(form) for form in acgan_nets.CHOOSES}}


def lengths() -> Found:
    """What the selector said of numbers of steps, and after how many each group is finished."""
    ends = {group: acgan_nets.end_of(group) for group in acgan_nets.GROUPS if group not in acgan_nets.CHOOSES.values()}
    return {}, {"groups": {group: acgan_nets.lengths(group) for group in acgan_nets.LENGTHS}, "ends": ends}


def judged(name: str, steps: int) -> Found:
    """A state by both judges, class by class; finished ones of A and L from more sides."""
    net = acgan_nets.net(name)
    group, items, size = name.split(".")[0], list(net.items), FORMS[net.form].size
    end = steps == acgan_nets.end_of(group)
    whole = end and group in ENDS
    x, y = pictures(net, steps, MOST if whole else COMPARED)
    few, y_few = (protocol.first_of(t, COMPARED, len(items)) for t in (x, y))
    of = seen(few, size)
    found: dict[str, Any] = {
        "recognised": shares(of.right(y_few), y_few, items),
        "kid_foreign": acgan_readers.distances(of.features, y_few, items, size),
        "variety": means(metrics.pair_variety(few, y_few), items),
    }
    tensors = {"shown": ablation.as_bytes(protocol.first_of(x, SHOWN, len(items)))} if end else {}
    if end and size == SIZE:
        found["precision"] = acgan_readers.precisions(of.features, y_few, items)
    if whole or group == "A":
        found["recognised_half"] = shares(seen(resized(few, HALF), HALF).right(y_few), y_few, items)
    if whole:
        found |= {
            "curve": curve(few, y_few, items),
            "variety_most": means(metrics.pair_variety(x, y), items),
            **varieties(x, y, items, by_evaluator(x).argmax(1) == y),
        }
    return tensors, found


def look(name: str, side: str) -> Found:
    """One of ``SIDES`` of a finished net."""
    net, steps = acgan_nets.net(name), acgan_nets.end_of(name.split(".")[0])
    if side == "copies":
        x, y = pictures(net, steps, MOST)
        return {}, {"items": [acgan_copies.copies(x, y, acgan_copies.photographs_of(item), item) for item in net.items]}
    tensors, found = (acgan_looks.ways if side == "ways" else acgan_looks.style)(net, steps)
    return {key: ablation.as_bytes(x) for key, x in tensors.items()}, found


def copies_of_photographs() -> Found:
    """Photographs in the pictures' place."""
    return {}, {"items": [acgan_copies.copies_of_photographs(acgan_copies.photographs_of(item), item) for item in TEN]}


def luck() -> Found:
    """C62: of the nets of S the one with the best score by the selector, and its score with other pictures."""
    of = [net for net in acgan_nets.nets("S") if _digest(net, net.states[-1])]
    selector = metrics.judge_with(load("selector"), bulk.HEAD)
    times = []
    for time in tqdm(range(TIMES), desc="luck", unit="choice", leave=False):
        drawn = [pictures(net, net.states[-1], CHOSEN_BY, "luck", time)[0] for net in of]
        scores = [score_of(metrics.judgement(selector, x).logits) for x in drawn]
        best = max(range(len(of)), key=lambda i: scores[i])
        other = pictures(of[best], of[best].states[-1], CHOSEN_BY, "luck", time, "other")[0]
        times.append(
            {
                "scores": scores,
                "best": best,
                "other": score_of(metrics.judgement(selector, other).logits),
                "evaluator": [score_of(by_evaluator(x)) for x in (drawn[best], other)],
            }
        )
    return {}, {"times": times}


def collapse() -> Found:
    """X: the same noises after each of its states, and how much they vary."""
    (net,) = acgan_nets.nets("X")
    states = [steps for steps in net.states if _digest(net, steps)]
    drawn = [pictures(net, steps, CHOSEN_BY) for steps in states]
    shown = torch.stack([protocol.first_of(x, 1, len(net.items)) for x, _ in drawn])
    found = {"steps": states, "variety": [means(metrics.pair_variety(x, y), list(net.items)) for x, y in drawn]}
    return {"shown": ablation.as_bytes(shown)}, found


if __name__ == "__main__":
    sys.exit(main())
