"""Numbers with their 95 % bootstrap interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from scipy.stats import binomtest, bootstrap
from torch import Tensor


class Estimate(NamedTuple):
    """A measured value with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int  # independent units: chains, images or pairs of them

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_with_interval(values: Tensor | np.ndarray, seed: int = 0) -> Estimate:
    """Mean over independent units (N,) and its 95 % interval: percentile bootstrap, or Wilson's for values 0 and 1.

    (A bootstrap of forty ones would have no width.) The states of one chain are correlated: average over them first,
    so that the units are chains.

    Raises
    ------
    ValueError
        Fewer than two units, or not one value each.

    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"needs one value for each of at least 2 units; got shape {values.shape}")
    if np.isin(values, (0.0, 1.0)).all():
        share = binomtest(int(values.sum()), len(values)).proportion_ci(method="wilson")
        return Estimate(float(values.mean()), float(share.low), float(share.high), len(values))
    if np.ptp(values) == 0:
        return Estimate(float(values[0]), float(values[0]), float(values[0]), len(values))
    interval = bootstrap(
        (values,), np.mean, method="percentile", n_resamples=2000, rng=np.random.default_rng(seed)
    ).confidence_interval
    return Estimate(float(values.mean()), float(interval.low), float(interval.high), len(values))


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


def ratio(numerator: Estimate, denominator: Estimate) -> Estimate:
    """The ratio of two positive estimates; interval by the delta method on the logarithm, as if they were independent.

    Where both are measured against the same images their errors go together, and the interval is too wide.

    Raises
    ------
    ValueError
        One of them is not positive.

    """
    if min(numerator.value, denominator.value) <= 0:
        raise ValueError(f"a ratio needs positive values; got {numerator.value} and {denominator.value}")
    value = numerator.value / denominator.value
    relative = [(e.high - e.low) / (2 * 1.96 * e.value) for e in (numerator, denominator)]
    factor = math.exp(1.96 * math.hypot(*relative))
    return Estimate(value, value / factor, value * factor, min(numerator.n, denominator.n))
