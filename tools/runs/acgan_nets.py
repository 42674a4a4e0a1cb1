"""The AC-GANs of the claims C40 to C46, C49, C60 to C62. Resumable; two of these commands may run at once.

    python tools/runs/acgan_nets.py                 all that is not there yet (hours)
    python tools/runs/acgan_nets.py S S2 S3         learning rates, which the others need: first, and alone
    python tools/runs/acgan_nets.py A L.7           a group, or one net
    python tools/runs/acgan_nets.py --time          how long all of it takes here (a minute)

S, S2, S3: learning rates of the small, large and half form. A: large; L: small; H: half, of photographs of 16 pixels;
all of ten classes. K2, K5, K1: small, of two classes, five, one. X: a collapse that is provoked, with a D that never
rests. Networks lie in runs/acgan, each in its folder, as states after some of their steps; what is drawn with them is
stored by ``acgan_judges.py``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import mean
from typing import Any, NamedTuple

import acgan_readers
import acgan_training
import bulk
import stored
import torch
from acgan_training import FORMS, Net, described, enlarged, pictures, seconds_a_step, shrunk, train
from tqdm import tqdm
from trials import each, from_best, photographs

from ppgn_lib import apart, metrics
from ppgn_lib.checks import known
from ppgn_lib.metrics import protocol

Pair = tuple[int, int]
Rate = tuple[float, float]

TEN = tuple(range(bulk.CLASSES))
# Of G and of D; the AC-GAN paper tries 1, 2 and 3e-4, which are slow here.
RATES: list[Rate] = [(g, d) for g in (5e-4, 1e-3, 2e-3) for d in (5e-4, 1e-3, 2e-3)]
RATES += [(2e-4, 2e-4), (2e-4, 1e-3), (1e-3, 2e-4)]
WIDE: list[Rate] = [
    (5e-4, 2e-3),
    (1e-3, 1e-3),
    (1e-3, 2e-3),
    (2e-3, 2e-3),
]  # of the large and the half form, for longer
CHOSEN_BY = 50  # pictures of a class
PROVOKED = (1e-3, 1e-2)  # rates of G and D in X


class Group(NamedTuple):
    """Nets of one kind."""

    form: str
    seeds: tuple[int, ...]
    states: tuple[int, ...]
    classes: int = bulk.CLASSES  # of each net


GROUPS = {
    "S": Group("small", (5,) * len(RATES), (1000,)),
    "S2": Group("large", (6,) * len(WIDE), (2250,)),
    "S3": Group("half", (6,) * len(WIDE), (2250,)),
    "A": Group("large", (6, 7, 8, 9), (1125, 2250, 3375, 4500, 6750, 9000)),
    "L": Group("small", (6, 7, 8, 9), (900, 1200, 1800, 2250, 4500)),
    "H": Group("half", (6, 7, 8, 9), (1125, 2250, 4500)),
    "K2": Group("small", tuple(range(40, 50)), (1200, 1800), 2),
    "K5": Group("small", (50, 51), (1200, 1800), 5),
    "K1": Group("small", tuple(range(20, 40)), (600, 1200), 1),
    "X": Group("small", (60,), tuple(range(100, 1801, 100))),
}
CHOOSES = {"small": "S", "large": "S2", "half": "S3"}
LENGTHS = ("A", "L", "H")  # groups whose number of steps is chosen too


def main(arguments: list[str] | None = None) -> int:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description="The AC-GANs of the book.")
    parser.add_argument("names", nargs="*", help="groups or nets, as A or A.6 (default: all)")
    parser.add_argument("--time", action="store_true", help="measure a step of each form and print core-hours of all")
    given = parser.parse_args(arguments)
    names = {group: names_of(group) for group in GROUPS}
    known(given.names, [*names, *itertools.chain(*names.values())], "net")
    if given.time:
        print(timing())
        return 0
    wanted = [name for group in given.names or GROUPS for name in names.get(group, [group])]
    for name in tqdm(wanted, desc="AC-GANs", unit="net"):
        train(net(name))
    return 0


def names_of(group: str) -> list[str]:
    """Of its nets: by the seed, or by the number of the pair of learning rates."""
    seeds = GROUPS[group].seeds
    return [f"{group}.{i if group in CHOOSES.values() else seed}" for i, seed in enumerate(seeds)]


def net(name: str) -> Net:
    """A net by its name."""
    group = name.split(".")[0]
    return nets(group)[names_of(group).index(name)]


@cache
def nets(group: str) -> list[Net]:
    """All of a group; what the choice of its learning rates needs is trained first."""
    form, seeds, states, _ = GROUPS[group]
    items = items_of(group)
    return [
        Net(name, form, of, lr, d_lr, seed, states, rests=group != "X")
        for name, of, (lr, d_lr), seed in zip(names_of(group), items, rates_of(group), seeds, strict=True)
    ]


def items_of(group: str) -> list[tuple[int, ...]]:
    """What each net of a group is taught."""
    if group == "K1":
        return [*((item,) for item in TEN), *((item,) for item in TEN)]
    if group == "K5":
        order = torch.randperm(len(TEN), generator=torch.Generator().manual_seed(0)).tolist()
        return [tuple(sorted(order[:5])), tuple(sorted(order[5:]))]
    if group == "K2":
        return [pair for pairs in pairings_chosen().values() for pair in pairs]
    return [TEN] * len(GROUPS[group].seeds)


def rates_of(group: str) -> list[Rate]:
    """The learning rates of G and D of each net of a group."""
    if group == "S":
        return list(RATES)
    if group in ("S2", "S3"):
        return list(WIDE)
    best, second = in_order(GROUPS[group].form)[:2]
    if group == "K1":
        return [best] * len(TEN) + [second] * len(TEN)
    if group == "X":
        return [PROVOKED]
    return [best] * len(GROUPS[group].seeds)


def in_order(form: str) -> list[Rate]:
    """The learning rates that a form has tried, the best first."""
    found = tried(form)
    return [(lr, d_lr) for lr, d_lr in from_best(found["points"], found["real"])]


def tried(form: str) -> dict[str, Any]:
    """What the selector says of the learning rates of a form: ``points``, and ``real``, its accuracy on photographs.

    As all settings of the book are chosen.
    """
    of = nets(CHOOSES[form])
    head = [described(net) for net in of]
    path = acgan_training.WORK / f"rates_{form}.json"
    had: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if had.get("nets") == head:
        return had
    for one in of:
        train(one)
    judged, real = by_selector([(one, one.states[-1]) for one in of])
    points = [{"setting": [one.lr, one.d_lr], **point} for one, point in zip(of, judged, strict=True)]
    found = {"nets": head, "points": points, "real": real}
    stored.write_json(path, found)
    return found


def by_selector(states: Sequence[tuple[Net, int]], *more: str) -> tuple[list[dict[str, Any]], float]:
    """Accuracy and kernel distance of states of nets of one size, or that one has diverged; accuracy of photographs.

    Of half nets pictures are enlarged, photographs shrunk likewise. ``more`` names other pictures.
    """
    points: list[dict[str, Any]] = []
    with apart.tuning():
        judge, near = photographs()
        real = metrics.judgement(judge, enlarged(shrunk(near.x, FORMS[states[0][0].form].size)))
        for _, drawn in each(states, lambda state: pictures(*state, CHOSEN_BY, *more), "by the selector"):
            if drawn is None:
                points.append({"diverged": True})
                continue
            seen, y = metrics.judgement(judge, drawn[0]), drawn[1]
            kid = metrics.kernel_distance_by_class(seen.features, y, real.features, near.y).value
            points.append({"accuracy": metrics.accuracy(seen.logits, y).value, "kid": kid})
        return points, metrics.accuracy(real.logits, near.y).value


def end_of(group: str) -> int:
    """After how many steps the nets of a group are finished: their last state, or the one that is chosen.

    Raises ``ValueError`` if in all states that could be chosen a net has diverged.
    """
    if group not in LENGTHS:
        return GROUPS[group].states[-1]
    found = lengths(group)
    return int(protocol.choose(found["points"], found["real"])["setting"][0])


def lengths(group: str) -> dict[str, Any]:
    """What the selector says of the states of a group, as ``tried``; mean over its nets, by pictures of their own.

    Of states after half of whose steps there is one too, so that the last doubling can be seen. Raises ``SystemExit``
    if one of them is not trained yet.
    """
    of = nets(group)
    head = [described(net) for net in of]
    path = acgan_training.WORK / f"lengths_{group}.json"
    had: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if had.get("nets") == head:
        return had
    points: list[dict[str, Any]] = []
    states = GROUPS[group].states
    for steps in (steps for steps in states if steps / 2 in states):
        judged, real = by_selector([(one, steps) for one in of], "choice")
        point: dict[str, Any] = {"setting": [steps], "of_each": judged}
        if any("diverged" in one for one in judged):
            point["diverged"] = True
        else:
            point |= {key: mean(one[key] for one in judged) for key in ("accuracy", "kid")}
        points.append(point)
    found = {"nets": head, "points": points, "real": real}
    stored.write_json(path, found)
    return found


def pairings(items: Sequence[int]) -> Iterator[tuple[Pair, ...]]:
    """All ways to put an even number of items into pairs: 945 of ten. Raises ``ValueError`` for an odd number."""
    if len(items) % 2:
        raise ValueError(f"items must be an even number to be paired; got {len(items)}")
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for other in rest:
        for more in pairings([item for item in rest if item != other]):
            yield ((first, other), *more)


def pairings_chosen() -> dict[str, tuple[Pair, ...]]:
    """The ten classes in pairs, most alike and least: by the sum of kernel distances of training photographs."""
    between = acgan_readers.between_classes()

    def far(of: tuple[Pair, ...]) -> float:
        return float(sum(between[a, b] for a, b in of))

    every = list(pairings(TEN))
    return {"alike": min(every, key=far), "diverse": max(every, key=far)}


def timing(steps: int = 50) -> str:
    """A table of seconds a step, and of core-hours of each group."""
    seconds = {form: seconds_a_step(form, FORMS[form].d_width, steps) for form in FORMS}
    rows = [f"{form:6} {second:.3f} s a step" for form, second in seconds.items()]
    rows.append(f"small  {seconds_a_step('small', 8, steps):.3f} s a step with 8 channels in D's first stage")
    hours = {name: len(of.seeds) * of.states[-1] * seconds[of.form] / 3600 for name, of in GROUPS.items()}
    rows += [f"{name:6} {hour:.2f} core-hours" for name, hour in hours.items()]
    return "\n".join([*rows, f"all    {sum(hours.values()):.2f} core-hours"])


if __name__ == "__main__":
    sys.exit(main())
