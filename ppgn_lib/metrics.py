"""Judging samples with a network that had no part in making them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from scipy.stats import bootstrap
from torch import Tensor


class Estimate(NamedTuple):
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int  # independent units: chains or images

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_with_interval(values: Tensor | np.ndarray, seed: int = 0) -> Estimate:
    """Mean over independent units (N,) and its 95 % percentile bootstrap interval (scipy).

    The states of one chain are correlated: average over them first, so that the units are chains.

    Raises
    ------
    ValueError
        Fewer than two units, or not one value each.

    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"needs one value for each of at least 2 units; got shape {values.shape}")
    if np.ptp(values) == 0:
        return Estimate(float(values[0]), float(values[0]), float(values[0]), len(values))
    interval = bootstrap(
        (values,), np.mean, method="percentile", n_resamples=2000, rng=np.random.default_rng(seed)
    ).confidence_interval
    return Estimate(float(values.mean()), float(interval.low), float(interval.high), len(values))


def chain_accuracy(logits: Tensor, y: Tensor) -> Estimate:
    """Share of states that the judging network assigns to the wanted class; interval over chains.

    Parameters
    ----------
    logits
        (T, B, K): T states of each of B chains.
    y
        (B,) the class that each chain was asked for.

    """
    if logits.ndim != 3 or y.shape != logits.shape[1:2]:
        raise ValueError(f"logits must be (T, B, K) and y (B,); got {tuple(logits.shape)} and {tuple(y.shape)}")
    right = (logits.argmax(2) == y).double().mean(0)  # (B,)
    return mean_with_interval(right)


def spread(features: Tensor, y: Tensor) -> float:
    """Mean Euclidean distance between two samples of the same class, in the evaluator's features (N, F).

    A collapsed class has 0; only the comparison with real images of the same classes and number says anything.
    """
    within = [torch.pdist(features[y == c]).mean() for c in y.unique()]
    return float(torch.stack(within).mean())


@torch.no_grad()
def in_blocks(f: Callable[[Tensor], Tensor], x: Tensor, size: int = 500) -> Tensor:
    """``f`` over axis 0 in blocks of fixed size, so that memory stays flat and results do not depend on len(x)."""
    return torch.cat([f(block) for block in x.split(size)])
