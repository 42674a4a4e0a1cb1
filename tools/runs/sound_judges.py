"""What is measured of series of sounds: who is heard, how near and how varied they are, how well one is completed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import torch
from sklearn.linear_model import RidgeClassifierCV
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.data.vowels import SPEAKERS, Vowels, vowels
from ppgn_lib.metrics.series import random_features


def half() -> Tensor:
    """Which of the training series (N,) the condition learns from; from the others the one that reports."""
    return torch.arange(len(vowels("train").y)) % 2 == 0


def finite(x: Tensor) -> Tensor:
    """Which series (N,) are."""
    return x.flatten(1).isfinite().all(1)


def error(completed: Tensor, x: Tensor, known: int) -> Tensor:
    """Mean square error of the moments after ``known``, of each series (N,); of 0, the mean, where a chain diverged."""
    return (completed.where(finite(completed)[:, None, None], 0.0) - x)[:, :, known:].square().mean((1, 2)).double()


class Reporter:
    """A ridge classifier on random convolutions, fitted to the half of the training series that C did not see."""

    def __init__(self) -> None:
        train, others = vowels("train"), ~half()
        self.varying = random_features(train.x).std(0) > 0
        self.ridge = RidgeClassifierCV(np.logspace(-3, 3, 10)).fit(self.features(train.x[others]), train.y[others])

    def features(self, x: Tensor) -> Tensor:
        """Those (N, F) that are not constant over the training series."""
        return random_features(x)[:, self.varying]

    def named(self, x: Tensor, y: Tensor) -> Tensor:
        """Which series (N,) are named right; those that are not finite are not."""
        return (torch.from_numpy(self.ridge.predict(self.features(x.nan_to_num()))) == y) & finite(x)


def by_speaker(values: Tensor, y: Tensor) -> list[float]:
    """Mean of values (N,) for each speaker."""
    return [values[y == c].double().mean().item() for c in range(SPEAKERS)]


def kid_by_speaker(reporter: Reporter, a: Vowels, b: Vowels, of: Sequence[int] = range(SPEAKERS)) -> list[float]:
    """Kernel distance, for each speaker c, of the series of speaker ``of[c]`` in a to those of c in b.

    In the random features.
    """
    of_a, of_b = reporter.features(a.x), reporter.features(b.x)
    return [metrics.kernel_distance(of_a[a.y == other], of_b[b.y == c]).value for c, other in enumerate(of)]


def nearest_other(reporter: Reporter, train: Vowels) -> list[int]:
    """For each speaker the other one whose training series are nearest, in kernel distance."""
    features = reporter.features(train.x)
    far = torch.full((SPEAKERS, SPEAKERS), torch.inf)
    for c, d in combinations(range(SPEAKERS), 2):
        far[c, d] = far[d, c] = metrics.kernel_distance(features[train.y == c], features[train.y == d]).value
    return far.argmin(1).tolist()


def nearest_distance(x: Tensor, y: Tensor, train: Vowels) -> Tensor:
    """Distance (N,) of each series to the nearest training series of its speaker."""
    far = torch.cdist(x.flatten(1), train.x.flatten(1))
    return far.masked_fill(y[:, None] != train.y, torch.inf).amin(1)


def ratio(a: Tensor, b: Tensor) -> float:
    """Mean distance of two series of a, over that of two of b."""
    return float(torch.pdist(a.flatten(1)).mean() / torch.pdist(b.flatten(1)).mean())
