"""The judges of AC-GAN's pictures: the evaluator, and readers that know the size of what they read.

A reader is a ridge classifier on EfficientNet's features of training photographs; one of them knows photographs, the
other the same photographs shrunk to 16 pixels and enlarged again. Features of photographs are kept in runs/acgan.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import acgan_training
import bulk
import numpy as np
import torch
from acgan_training import enlarged, shrunk
from safetensors.torch import load_file, save
from scipy.optimize import minimize_scalar
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.data.files import replacing
from ppgn_lib.data.tinted_fashion import SIZE, TintedFashion
from ppgn_lib.networks.zoo import load

HALF = SIZE // 2
TAUGHT = 500  # training photographs of a class that a reader is fitted to
COMPARED = 300  # test photographs of a class, the first, that distances are taken to and readers are tried on
ALL = 5000  # validation photographs of a class at most
COLUMN = 200  # pictures of a class in the table of C40
LINE = (100, 1000)  # of a class those that the least variety and precision are taken of
# Of the mean eigenvalue of the features' scatter.
PENALTIES = [10.0 ** (k / 2) for k in range(-10, 7)]


class Reader(NamedTuple):
    """A linear classifier of features."""

    weights: Tensor  # (F, K) float64
    offset: Tensor  # (K,)
    temperature: float
    penalty: float

    def values(self, features: Tensor) -> Tensor:
        """(N, F) -> (N, K): about 1 for the class and 0 for others."""
        return features.double() @ self.weights + self.offset

    def logits(self, features: Tensor) -> Tensor:
        """Values over the temperature: their softmax are the probabilities."""
        return self.values(features) / self.temperature


def fitted(features: Tensor, y: Tensor, features_tried: Tensor, y_tried: Tensor) -> Reader:
    """Ridge regression on one-hot targets of features (N, F) and classes (N,).

    The penalty is the one that names most of the photographs tried rightly, of equal ones the largest; the temperature
    makes their classes most likely.
    """
    x, targets = features.double(), torch.nn.functional.one_hot(y, bulk.CLASSES).double()
    mean, mean_target = x.mean(0), targets.mean(0)
    x, targets = x - mean, targets - mean_target
    scale, axes = torch.linalg.eigh(x.T @ x)
    along = axes.T @ (x.T @ targets)
    readers = []
    for penalty in PENALTIES:
        weights = axes @ (along / (scale.clamp(min=0) + penalty * scale.mean())[:, None])
        readers.append(Reader(weights, mean_target - mean @ weights, 1.0, penalty))
    best = max(readers, key=lambda of: (float((of.values(features_tried).argmax(1) == y_tried).sum()), of.penalty))
    values = best.values(features_tried)

    def loss(log_temperature: float) -> float:
        return float(torch.nn.functional.cross_entropy(values / np.exp(log_temperature), y_tried))

    found = minimize_scalar(loss, bounds=(np.log(1e-3), np.log(10.0)), method="bounded")
    return best._replace(temperature=float(np.exp(found.x)))


class Photographs(NamedTuple):
    """Some of a split."""

    x: Tensor  # (N, 3, 32, 32)
    y: Tensor  # (N,)


@cache
def photographs(split: str, first: int, last: int) -> Photographs:
    """Of each class those from ``first`` to ``last``, less one, in the order of ``protocol.real_images``."""
    data = TintedFashion(split)
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(0))
    labels = data.labels()[bulk.HEAD][order]
    batch = data.batch(torch.cat([order[labels == c][first:last] for c in range(bulk.CLASSES)]))
    return Photographs(batch.x, batch.labels[bulk.HEAD])


def features(x: Tensor) -> Tensor:
    """EfficientNet's of pictures (N, 3, 32, 32): (N, 1280)."""
    return metrics.judgement(_imagenet(), x, 100).features


@cache
def _imagenet() -> metrics.Judge:
    return metrics.imagenet()


@cache
def features_of(split: str, first: int, last: int, size: int = SIZE) -> Tensor:
    """The same of photographs, shrunk to ``size`` and enlarged; from the disk where they are there."""
    path = acgan_training.WORK / "photographs" / f"{split}_{first}_{last}_{size}.safetensors"
    if path.exists():
        return load_file(path)["features"]
    found = features(resized(photographs(split, first, last).x, size))
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_bytes(save({"features": found}))
    return found


def resized(x: Tensor, size: int) -> Tensor:
    """Pictures (N, 3, 32, 32) shrunk to ``size`` pixels a side and enlarged again."""
    return enlarged(shrunk(x, size))


@cache
def reader(size: int = SIZE) -> Reader:
    """The one that knows pictures of ``size`` pixels."""
    own, tried = ("train", 0, TAUGHT), ("validation", 0, ALL)
    return fitted(features_of(*own, size), photographs(*own).y, features_of(*tried, size), photographs(*tried).y)


@cache
def between_classes() -> Tensor:
    """Kernel distances between the classes of the reader's training photographs: (K, K)."""
    seen, y = features_of("train", 0, TAUGHT), photographs("train", 0, TAUGHT).y
    found = torch.zeros(bulk.CLASSES, bulk.CLASSES)
    for a in range(bulk.CLASSES):
        for b in range(a):
            found[a, b] = found[b, a] = metrics.kernel_distance(seen[y == a], seen[y == b]).value
    return found


class Seen(NamedTuple):
    """What both judges say of pictures."""

    features: Tensor  # (N, F) EfficientNet's
    evaluator: Tensor  # (N, K) logits
    reader: Tensor  # (N, K)

    def right(self, y: Tensor) -> Tensor:
        """Whether the evaluator and the reader name each picture y (N,) rightly: (N, 2) of 0 and 1."""
        return torch.stack([logits.argmax(1) == y for logits in (self.evaluator, self.reader)], 1).double()

    def some(self, which: Tensor) -> Seen:
        """Of some pictures."""
        return Seen(*(of[which] for of in self))


def by_evaluator(x: Tensor) -> Tensor:
    """Logits (N, K) of pictures (N, 3, 32, 32)."""
    return metrics.judgement(metrics.judge_with(load("evaluator"), bulk.HEAD), x).logits


def seen(x: Tensor, size: int = SIZE) -> Seen:
    """What the judges say of pictures (N, 3, 32, 32), by the reader of ``size``.

    They are taken as they are: those of half nets are of 16 pixels and only enlarged, others are ``resized`` before.
    """
    found = features(x)
    return Seen(found, by_evaluator(x), reader(size).logits(found))


@cache
def seen_photographs(first: int, last: int, size: int = SIZE) -> Seen:
    """The same of test photographs."""
    found = features_of("test", first, last, size)
    x = resized(photographs("test", first, last).x, size)
    return Seen(found, by_evaluator(x), reader(size).logits(found))


def score_of(logits: Tensor) -> float:
    """``exp(mean KL(p(y|x) || p(y)))`` of logits (N, K): ``metrics.score`` without its interval."""
    p = logits.double().softmax(1)
    of_all = p.mean(0).clamp(min=torch.finfo(p.dtype).tiny)
    return float(torch.exp((p * (logits.double().log_softmax(1) - of_all.log())).sum(1).mean()))


def score(of: Seen) -> float:
    """Mean of the scores by the evaluator and by the reader."""
    return (score_of(of.evaluator) + score_of(of.reader)) / 2


def shares(right: Tensor, y: Tensor, items: list[int]) -> list[list[float]]:
    """Of ``Seen.right`` (N, 2) for each item the share that the evaluator and the reader name rightly."""
    return [right[y == item].mean(0).tolist() for item in items]


def distances(of: Tensor, y: Tensor, items: list[int], size: int = SIZE) -> list[float]:
    """For each item the kernel distance of features (N, F) to ``COMPARED`` test photographs of it, of that size."""
    real, y_real = features_of("test", 0, COMPARED, size), photographs("test", 0, COMPARED).y
    return [metrics.kernel_distance(of[y == item], real[y_real == item]).value for item in items]


def precisions(of: Tensor, y: Tensor, items: list[int]) -> list[float]:
    """For each item the share of features (N, F) among those of the photographs of ``LINE`` (five neighbours)."""
    real, y_real = features_of("test", *LINE), photographs("test", *LINE).y
    return [metrics.neighbours(of[y == item], real[y_real == item], 5).precision.value for item in items]
