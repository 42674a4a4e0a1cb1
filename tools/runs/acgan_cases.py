"""Cases of C60: a class in an AC-GAN, whether it is recognised, how much it varies; intervals over whole nets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ppgn_lib.metrics import Estimate
from ppgn_lib.metrics.intervals import wilson

LITTLE = 0.8  # of the least varied class of photographs; and of a like net's variety
FEWEST = 4  # nets that cases of little variety have to come from
DRAWS = 1000


class Case(NamedTuple):
    """A class in a net."""

    net: str
    kind: str  # nets of one kind differ in their seeds only
    item: int
    recognised: float  # share of the pictures
    variety: float
    precision: float


Weights = Mapping[str, int]  # how often each net was drawn
Statistic = Callable[[Weights], float | None]  # None: nothing to take it of


def cut(of: Estimate) -> Estimate:
    """The interval of a share, within 0 and 1."""
    return of._replace(low=max(0.0, of.low), high=min(1.0, of.high))


def counted(cases: Sequence[Case]) -> list[Case]:
    """Those of the kinds most of whose cases are recognised."""
    of_kind = defaultdict(list)
    for case in cases:
        of_kind[case.kind].append(case.recognised > 0.5)
    return [case for case in cases if sum(of_kind[case.kind]) > len(of_kind[case.kind]) / 2]


def share_recognised(cases: Sequence[Case]) -> Statistic:
    """The share of these cases of which more than half of the pictures are."""

    def share(weights: Weights) -> float | None:
        total = sum(weights[case.net] for case in cases)
        return sum(weights[case.net] for case in cases if case.recognised > 0.5) / total if total else None

    return share


class Like(NamedTuple):
    """A class in two nets of one kind, of which one varies clearly more."""

    nets: tuple[str, str]
    better: float  # 1: that one has the larger precision, 0: the other; 0.5: equal


def like_pairs(cases: Sequence[Case]) -> list[Like]:
    """All of them."""
    found = []
    for a, b in combinations(cases, 2):
        if a.kind == b.kind and a.item == b.item and a.net != b.net:
            less, more = sorted((a, b), key=lambda case: case.variety)
            if less.variety < LITTLE * more.variety:
                better = (1 + np.sign(more.precision - less.precision)) / 2
                found.append(Like((less.net, more.net), float(better)))
    return found


def share_better(pairs: Sequence[Like]) -> Statistic:
    """How often the one that varies more has the larger precision; nets drawn twice make as many pairs more."""

    def share(weights: Weights) -> float | None:
        each = [weights[pair.nets[0]] * weights[pair.nets[1]] for pair in pairs]
        total = sum(each)
        return sum(w * pair.better for w, pair in zip(each, pairs, strict=True)) / total if total else None

    return share


def over_nets(statistic: Statistic, kinds: Mapping[str, Sequence[str]], n: int, seed: int = 0) -> Estimate:
    """A share of cases and its interval: whole nets are drawn anew within their kind, +- 1.96 standard errors.

    ``kinds``: the nets of each. Draws without such a case are left out. Without any case at all [0, 1] of none.
    """
    value = statistic(Counter(net for nets in kinds.values() for net in nets))
    if value is None:
        return wilson(0, 0)
    rng = np.random.default_rng(seed)
    draws = [
        statistic(Counter(nets[i] for nets in kinds.values() for i in rng.integers(len(nets), size=len(nets))))
        for _ in range(DRAWS)
    ]
    whole = [draw for draw in draws if draw is not None]
    half = 1.96 * float(np.std(whole, ddof=1)) if len(whole) > 1 else 0.0
    return cut(Estimate(value, value - half, value + half, n))


def numbers(cases: Sequence[Case], line: float) -> dict[str, Estimate]:
    """What C60 reads; ``line``: the variety of the least varied class of photographs."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        if case.net not in kinds[case.kind]:
            kinds[case.kind].append(case.net)
    much = [case for case in counted(cases) if case.variety > line]
    little = [case for case in counted(cases) if case.variety < LITTLE * line]
    pairs = like_pairs(cases)
    few = len({case.net for case in little}) < FEWEST
    return {
        "acgan.recognised_cases_of_much_variety": over_nets(share_recognised(much), kinds, len(much)),
        "acgan.recognised_cases_of_little_variety": over_nets(
            share_recognised(little), kinds, 0 if few else len(little)
        ),
        "acgan.more_variety_better_precision": over_nets(share_better(pairs), kinds, len(pairs)),
    }
