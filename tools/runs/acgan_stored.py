"""What ``acgan_judges.py`` and ``acgan_table.py`` have stored, as the claims need it, and their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import acgan_judges
import acgan_nets
import acgan_table
import numpy as np
import stored
from scipy.stats import spearmanr, ttest_ind

from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.metrics import Estimate, by_student

Entry = Mapping[str, Any]
Numbers = dict[str, Estimate]

EIGHT = [*acgan_nets.names_of("A"), *acgan_nets.names_of("L")]


class MissingEntryError(LookupError):
    """What a number needs is not stored."""


@lru_cache(maxsize=2)
def _found(path: Path, _written: int) -> dict[str, Any]:
    entries: dict[str, Any] = stored.read_tensors(path)[1].get("found", {})
    return entries


def _entry(path: Path, name: str) -> dict[str, Any]:
    entries = _found(path, path.stat().st_mtime_ns) if path.exists() else {}
    if name not in entries:
        raise MissingEntryError(f"{name} of {path.name}")
    found: dict[str, Any] = entries[name]
    return found


def entry(name: str) -> dict[str, Any]:
    """What ``acgan_judges.py`` has stored. Raises ``MissingEntryError``."""
    return _entry(acgan_judges.STORE, name)


def column(name: str) -> dict[str, Any]:
    """A column of the table, its numbers as estimates. Raises ``MissingEntryError``."""
    found = _entry(acgan_table.STORE, name)
    return {**found, "numbers": {key: estimate(of) for key, of in found["numbers"].items()}}


def estimate(of: Sequence[float]) -> Estimate:
    """As it was stored."""
    value, low, high, n = of
    return Estimate(value, low, high, int(n))


def groups(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """Mean of a less mean of b, of two independent groups of trainings: Student's t, pooled variance (scipy).

    Without any spread the interval is the point.
    """
    value, n = float(np.mean(a) - np.mean(b)), min(len(a), len(b))
    if not np.ptp(a) and not np.ptp(b):
        return Estimate(value, value, value, n)
    low, high = ttest_ind(a, b).confidence_interval()
    return Estimate(value, float(low), float(high), n)


def rank_correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Spearman's (scipy); 0 where one of the two does not change."""
    return float(spearmanr(a, b).statistic) if np.ptp(a) > 0 and np.ptp(b) > 0 else 0.0


def fisher(r: float, n: int) -> Estimate:
    """A correlation of n units and its interval (Fisher)."""
    if abs(r) >= 1:
        return Estimate(r, r, r, n)
    half = 1.96 / math.sqrt(n - 3)
    return Estimate(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half), n)


def trainings(values: Sequence[float]) -> Estimate:
    """Mean over trainings, Student's t."""
    return by_student(np.asarray(values))


def both(of: Entry, key: str = "recognised") -> list[float]:
    """For each class the mean of the shares that both judges name rightly."""
    return [(a + b) / 2 for a, b in of[key]]


def one(of: Entry, judge: int, key: str = "recognised") -> float:
    """What one judge names rightly, mean over classes; 0: the evaluator, 1: the reader."""
    return float(np.mean([shares[judge] for shares in of[key]]))


def mean(values: Sequence[float]) -> float:
    """Over classes."""
    return float(np.mean(values))


def states(group: str, steps: int) -> list[dict[str, Any]]:
    """All nets of a group after so many steps."""
    return [entry(f"{name}.{steps}") for name in acgan_nets.names_of(group)]


def end_of(group: str) -> int:
    """After how many steps the nets of a group are finished."""
    steps: dict[str, int] = entry("lengths")["ends"]
    return steps[group]


def ends() -> list[dict[str, Any]]:
    """The eight nets of ten classes, finished."""
    return [of for group in ("A", "L") for of in states(group, end_of(group))]


def by_item(group: str, steps: int, take: Callable[[Entry], Sequence[float]]) -> dict[int, list[float]]:
    """Of each item the numbers of all nets of a group that have it."""
    found: dict[int, list[float]] = {item: [] for item in acgan_nets.TEN}
    for of in states(group, steps):
        for item, value in zip(items_of(of), take(of), strict=True):
            found[item].append(value)
    return found


def items_of(of: Entry) -> list[int]:
    """What the net of an entry was taught."""
    return [ITEMS.index(name) for name in of["nets"][0]["items"]]


def far(of: Entry) -> Sequence[float]:
    """Kernel distance of each class."""
    found: Sequence[float] = of["kid_foreign"]
    return found
