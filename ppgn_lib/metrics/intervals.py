"""Numbers with their 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from scipy.stats import binomtest
from scipy.stats import t as student
from torch import Tensor


class Estimate(NamedTuple):
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int  # independent units: chains, images or pairs of them

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_with_interval(values: Tensor | np.ndarray) -> Estimate:
    """Mean over independent units (N,) and its 95 % interval: Student's t, or Wilson's for values 0 and 1.

    (Forty ones have no variance. A percentile bootstrap would be too narrow for few units: it holds the mean of five
    in about 82 of 100 cases, not 95.) The states of one chain are correlated: average over them first, so that the
    units are chains.

    Raises
    ------
    ValueError
        Fewer than two units, or not one value each.

    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"needs one value for each of at least 2 units; got shape {values.shape}")
    if np.isin(values, (0.0, 1.0)).all():
        return wilson(int(values.sum()), len(values))
    if np.ptp(values) == 0:
        return Estimate(float(values[0]), float(values[0]), float(values[0]), len(values))
    return by_student(values)


def by_student(values: Tensor | np.ndarray) -> Estimate:
    """Mean over units (N,) and Student's t interval, whatever the values: for shares of several units each.

    ``mean_with_interval`` takes values that all happen to be 0 or 1 for single outcomes, which such shares are not.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"needs one value for each of at least 2 units; got shape {values.shape}")
    half = float(student.ppf(0.975, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5)
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half, len(values))


def wilson(successes: int, n: int) -> Estimate:
    """A share of n units and its 95 % interval (Wilson 1927), which has a width at 0 and 1 too; of no unit 0 [0, 1]."""
    if n == 0:
        return Estimate(0.0, 0.0, 1.0, 0)
    share = binomtest(successes, n).proportion_ci(method="wilson")
    return Estimate(successes / n, float(share.low), float(share.high), n)


def with_interval(statistic: Callable[..., float], *groups: Tensor, seed: int = 0, resamples: int = 100) -> Estimate:
    """``statistic(*groups)`` of whole groups of units (axis 0), +- 1.96 bootstrap standard errors.

    For statistics that are no means. Drawing units again with replacement adds doubles, which biases a distance
    between distributions upwards; so the resamples give the width only and the plain value the centre. Each group
    is drawn again by itself.
    """
    value = float(statistic(*groups))
    rng = np.random.default_rng(seed)
    draws = [
        float(statistic(*(group[torch.from_numpy(rng.integers(len(group), size=len(group)))] for group in groups)))
        for _ in range(resamples)
    ]
    half = 1.96 * float(np.std(draws, ddof=1))
    return Estimate(value, value - half, value + half, min(len(group) for group in groups))


def difference(a: Estimate, b: Estimate) -> Estimate:
    """``a - b`` of two independent estimates, means or shares; interval by Zou & Donner (2008), MOVER.

    Their intervals' own ends are combined, not standard errors, so that it is right for shares near 0 or 1 as well: of
    two shares it is Newcombe's (1998) hybrid score interval. Not for the same units twice: take the mean of their
    differences.
    """
    value = a.value - b.value
    low = value - math.hypot(a.value - a.low, b.high - b.value)
    high = value + math.hypot(a.high - a.value, b.value - b.low)
    return Estimate(value, low, high, min(a.n, b.n))


def mean_of(parts: Sequence[Estimate]) -> Estimate:
    """Mean of estimates of independent groups of units, such as classes, all of equal weight.

    Of groups so small that their own intervals are Student's the interval is too wide.
    """
    value = sum(e.value for e in parts) / len(parts)
    half = math.hypot(*((e.high - e.low) / 2 for e in parts)) / len(parts)
    return Estimate(value, value - half, value + half, sum(e.n for e in parts))


def over_pairs(values: Sequence[float]) -> Estimate:
    """One number from each of several trained pairs of E and G: their mean, Student's t over pairs.

    What a method does, not what two networks do: its interval is that of a new training. ``ValueError`` for fewer than
    three pairs.
    """
    if len(values) < 3:
        raise ValueError(f"needs a number from each of at least 3 trained pairs of E and G; got {len(values)}")
    return by_student(np.asarray(values))


def fall(before: Estimate, after: Estimate) -> Estimate:
    """The share of ``before`` that is gone in ``after``: 1 less their ``ratio``, and negative where it has grown."""
    left = ratio(after, before)
    return Estimate(1 - left.value, 1 - left.high, 1 - left.low, left.n)


def ratio(numerator: Estimate, denominator: Estimate) -> Estimate:
    """The ratio of two estimates; interval by the delta method on the logarithm, as if they were independent.

    Where both are measured against the same images their errors go together, and the interval is too wide.

    A numerator of 0 has no logarithm. Then the ratio is 0, and at most what the ends of both intervals allow:
    ``numerator.high / low``, where ``low = value * exp(-half / value)`` is the lower end of the denominator on the same
    logarithmic scale, which is never 0.

    Raises
    ------
    ValueError
        The numerator is negative or the denominator not positive.

    """
    if not (numerator.value >= 0 and denominator.value > 0):  # false for NaN too
        raise ValueError(
            f"a ratio needs a numerator of at least 0 and a positive denominator; got {numerator.value} and "
            f"{denominator.value}"
        )
    n = min(numerator.n, denominator.n)
    if numerator.value == 0:
        half = (denominator.high - denominator.low) / 2
        return Estimate(0.0, 0.0, numerator.high / denominator.value * math.exp(half / denominator.value), n)
    value = numerator.value / denominator.value
    relative = [(e.high - e.low) / (2 * 1.96 * e.value) for e in (numerator, denominator)]
    factor = math.exp(1.96 * math.hypot(*relative))
    return Estimate(value, value / factor, value * factor, n)
