"""``python -m ppgn_lib.metrics.laws``: laws that a measure of samples must keep, tried on any implementation.

In torch-fidelity precision and recall came out swapped (its issue 58, of 2024). The laws here are tests that notice
such things. They ask for no number, only for what a measure of its kind must do when samples become worse in a known
way: points of eight clusters in the place of features, the same for all.

    python -m ppgn_lib.metrics.laws                                        ours, torchmetrics' and prdc's
    python -m ppgn_lib.metrics.laws --diversity my_package.metrics:recall  another one: f(samples, real) -> number
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ppgn_lib.checks import known
from ppgn_lib.metrics.implementations import Measure, once, shown

CLUSTERS, FEATURES, MANY, FEW = 8, 64, 240, 60  # points of a set, and of a small one
DRAWS = {FEW: 40, MANY: 10}  # sets of each size, whose means show whether a distance depends on it
APART = 1.5  # deviations of a cluster's centre, in each feature; within a cluster it is 1


Tried = Callable[[Measure], tuple[float, float, float]]  # a value, and the ends between which it must lie


class Law(NamedTuple):
    """What must happen, and a test of it."""

    says: str
    tried: Tried


class Outcome(NamedTuple):
    """What a measure did."""

    law: str
    kept: bool
    value: float
    low: float
    high: float


def broken(measure: Measure, kind: str) -> list[Outcome]:
    """The laws of its kind ("distance", "fidelity" or "diversity") that a measure breaks.

    Raises
    ------
    ValueError
        There is no such kind.
    TypeError
        The measure gives no number.

    """
    return [outcome for outcome in outcomes(measure, kind) if not outcome.kept]


def outcomes(measure: Measure, kind: str) -> list[Outcome]:
    """All laws of its kind, and what a measure did; raises as ``broken`` does."""
    known([kind], LAWS, "kind of measure")
    found, number = [], once(partial(_number, measure))
    for law in LAWS[kind]:
        value, low, high = law.tried(number)
        found.append(Outcome(law.says, low <= value <= high, value, low, high))
    return found


def _number(measure: Measure, samples: Tensor, real: Tensor) -> float:
    value = measure(samples, real)
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(
            f"a measure must give one number for two sets of features; got {type(value).__name__}"
        ) from None


# The sets


@cache
def centres() -> Tensor:
    """Of the clusters, (CLUSTERS, F)."""
    return APART * torch.randn(CLUSTERS, FEATURES, generator=torch.Generator().manual_seed(0))


def points(count: int, seed: int, clusters: int = CLUSTERS) -> Tensor:
    """As many points (count, F), each of one of the first clusters by lot."""
    draw = torch.Generator().manual_seed(seed)
    noise = torch.randn(count, FEATURES, generator=draw)
    return centres()[torch.randint(clusters, (count,), generator=draw)] + noise


REAL, SAME = partial(points, MANY, 1), partial(points, MANY, 2)  # two draws of one kind


def far(count: int, seed: int) -> Tensor:
    """Points of a cluster that real ones do not have."""
    return points(count, seed, 1) - 2 * centres()[:1] + 20.0


def duplicated(times: int = 10) -> Tensor:
    """A tenth of the points, each ten times."""
    return points(MANY // times, 2).repeat(times, 1)


def outlier() -> Tensor:
    """One point far from all."""
    return torch.full((1, FEATURES), 20.0)


# Distances: smaller is better


def _itself(d: Measure) -> tuple[float, float, float]:
    real = REAL()
    return d(real, real), -torch.inf, d(SAME(), real) + 1e-6 * d(SAME() + 1, real)


def _swapped(d: Measure) -> tuple[float, float, float]:
    there, back = d(SAME() + 1, REAL()), d(REAL(), SAME() + 1)
    return back, 0.95 * there, 1.05 * there


def _moved(d: Measure) -> tuple[float, float, float]:
    steps = [d(SAME() + shift, REAL()) for shift in (0.0, 0.2, 0.5, 1.0)]
    return min(b - a for a, b in pairwise(steps)), 1e-9, torch.inf


def _one_cluster(d: Measure) -> tuple[float, float, float]:
    return d(points(MANY, 2, 1), REAL()), 1.5 * d(points(MANY, 2, CLUSTERS - 1), REAL()), torch.inf


def _no_nearer(d: Measure) -> tuple[float, float, float]:
    return d(duplicated(), REAL()), d(SAME(), REAL()), torch.inf


def _of_any_size(d: Measure) -> tuple[float, float, float]:
    few, many = (
        sum(d(points(size, 100 + 2 * i), points(size, 101 + 2 * i)) for i in range(draws)) / draws
        for size, draws in DRAWS.items()
    )
    off = 0.1 * d(SAME() + 0.5, REAL())
    return few, many - off, many + off


# Fidelity: how many of the samples are good; diversity: how much of the real ones they show


def _share_of(samples: Callable[[], Tensor], low: float, high: float, real: Callable[[], Tensor] = REAL) -> Tried:
    """The value for some samples, as a share of that for samples of the real kind."""
    return lambda f: (f(samples(), real()) / max(f(SAME(), REAL()), 1e-12), low, high)


def _beside(*parts: Callable[[], Tensor]) -> Callable[[], Tensor]:
    return lambda: torch.cat([part() for part in parts])


FAR, ONE, HALF = partial(far, MANY, 3), partial(points, MANY, 2, 1), partial(points, MANY, 2, CLUSTERS // 2)


def between() -> Tensor:
    """Points that are nearer to the outlier than to any real one."""
    return 0.7 * outlier() + 0.01 * points(MANY, 2, 1)


OF_REAL_ONES = Law("real ones themselves are hardly worse than others of their kind", _share_of(REAL, 0.9, torch.inf))
LAWS: Mapping[str, tuple[Law, ...]] = {
    "distance": (
        Law("a set is no farther from itself than from another of its kind", _itself),
        Law("swapped arguments give the same", _swapped),
        Law("it grows while samples move away", _moved),
        Law("one cluster of eight is much farther than seven", _one_cluster),
        Law("a tenth of the samples, ten times each, are no nearer than all", _no_nearer),
        Law("a few samples of the real kind are on average as near as many", _of_any_size),
    ),
    "fidelity": (
        OF_REAL_ONES,
        Law("one good cluster of eight is as good: it does not see what is missing", _share_of(ONE, 0.8, torch.inf)),
        Law("samples far from all real ones have none", _share_of(FAR, 0.0, 0.1)),
        Law(
            "with half of the samples far away there is half of it",
            _share_of(_beside(SAME, FAR), 0.4, 0.6),
        ),
        Law(
            "one odd real image does not make all near it good",
            _share_of(between, 0.0, 0.3, _beside(REAL, outlier)),
        ),
    ),
    "diversity": (
        OF_REAL_ONES,
        Law("one cluster of eight has an eighth", _share_of(ONE, 0.0, 0.25)),
        Law("half of the clusters have half", _share_of(HALF, 0.4, 0.6)),
        Law(
            "bad samples beside good ones take nothing away",
            _share_of(_beside(SAME, FAR), 0.8, torch.inf),
        ),
        Law("a tenth of the samples, ten times each, are less than all", _share_of(duplicated, 0.0, 0.8)),
        Law(
            "one odd sample does not show all that is near it",
            _share_of(_beside(ONE, lambda: 0.1 * outlier() + 10 * centres()[1:2]), 0.0, 0.3),
        ),
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each law; 1 if a measure that the command line names breaks one, 2 if one cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m ppgn_lib.metrics.laws",
        description="Laws that measures of samples must keep, tried on any implementation.",
        epilog="MODULE:FUNCTION is called as f(samples, real) with features (N, F) and (M, F), and gives a number.",
    )
    for kind, text in (
        ("distance", "smaller is better, such as FID or KID"),
        ("fidelity", "how many samples are good, such as precision"),
        ("diversity", "how much of the real images they show, such as recall"),
    ):
        parser.add_argument(f"--{kind}", metavar="MODULE:FUNCTION", action="append", default=[], help=text)
    parser.add_argument("--real-first", action="store_true", help="the functions want f(real, samples)")
    parser.add_argument("--numpy", action="store_true", help="the functions want NumPy arrays, not tensors")
    given = parser.parse_args(arguments)
    try:
        named = {
            text: (kind, _adapted(_imported(text), given.real_first, given.numpy))
            for kind in LAWS
            for text in getattr(given, kind)
        }
        failed = False
        for name, (kind, measure) in (named or shown()).items():
            print(f"{name} ({kind})")
            for outcome in outcomes(measure, kind):
                failed |= not outcome.kept
                print(f"  {'kept  ' if outcome.kept else 'BROKEN'}  {outcome.law}: {_said(outcome)}")
    except (ValueError, TypeError, RuntimeError, ImportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return int(failed and bool(named))


def _said(outcome: Outcome) -> str:
    if outcome.high == torch.inf:
        return f"{outcome.value:.3g}, at least {outcome.low:.3g}"
    if outcome.low == -torch.inf:
        return f"{outcome.value:.3g}, at most {outcome.high:.3g}"
    return f"{outcome.value:.3g}, between {outcome.low:.3g} and {outcome.high:.3g}"


def _imported(text: str) -> Measure:
    """The function that MODULE:FUNCTION names; ``ValueError`` if it does not."""
    module, colon, name = text.partition(":")
    if not (module and colon and name):
        raise ValueError(f"a measure must be named MODULE:FUNCTION, such as my_package.metrics:recall; got {text!r}")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise ValueError(f"{module} has no function {name!r}")
    return function


def _adapted(function: Callable[..., float], real_first: bool, numpy: bool) -> Measure:
    def measure(samples: Tensor, real: Tensor) -> float:
        both: tuple[Tensor, Tensor] | tuple[np.ndarray, np.ndarray] = (samples, real)
        if numpy:
            both = (samples.numpy(), real.numpy())
        return function(*(both[::-1] if real_first else both))

    return measure


if __name__ == "__main__":
    sys.exit(main())
