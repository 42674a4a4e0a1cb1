"""All measures of one set of pictures, as a column of the book's Table S3 has them; see ``acgan_table.py``."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import acgan_copies
import acgan_readers
import bulk
import judged_sets
import torch
from acgan_measures import varieties
from acgan_readers import COMPARED, Seen, score, score_of
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import Estimate, protocol

TEN = list(range(bulk.CLASSES))
HELD_OUT = 200  # test photographs of a class, after the references and before those of the table
EPOCHS = 15  # of the two-sample test


def column(x: Tensor, y: Tensor, of: Seen) -> dict[str, Any]:
    """What the table has of pictures x (N, 3, 32, 32) of classes y, as many of each, with intervals over pictures.

    Recognised: mean of what both judges name rightly. Variety is of what the evaluator takes for its class.
    """
    right, features = of.right(y), judged(x)
    accepted = of.evaluator.argmax(1) == y
    numbers: dict[str, Estimate] = {
        "evaluator": metrics.mean_with_interval(right[:, 0]),
        "reader": metrics.mean_with_interval(right[:, 1]),
        "recognised": metrics.mean_with_interval(right.mean(1)),
        "score": metrics.with_interval(lambda i: score(of.some(i)), torch.arange(len(x))),
        "variety": metrics.mean_of_pairs(metrics.pair_variety(x[accepted], y[accepted]), TEN),
        **beside(x, y, of, features),
        **memorised(x, y, features),
    }
    return {
        "per_class": len(x) // bulk.CLASSES,
        "numbers": {key: list(value) for key, value in numbers.items()},
        "scores": [score_of(of.evaluator), score_of(of.reader)],
        "more_diverse": more_diverse(x, y),
        **varieties(x, y, TEN, accepted),
    }


def beside(x: Tensor, y: Tensor, of: Seen, features: Tensor) -> dict[str, Estimate]:
    """Distances to photographs, neighbours among them, and what a small network tells apart."""
    real = judged_sets.references()
    there = acgan_readers.features_of("test", 0, COMPARED)
    y_there = acgan_readers.photographs("test", 0, COMPARED).y
    return {
        "msssim": _alike(metrics.diversity(metrics.normalised_luminance(x), y)),
        "kid": metrics.kernel_distance_by_class(features, y, real.judgement.features, real.y),
        "kid_foreign": metrics.kernel_distance_by_class(of.features, y, there, y_there),
        **by_number(x, y, features),
    }


def by_number(x: Tensor, y: Tensor, features: Tensor) -> dict[str, Estimate]:
    """What depends on how many pictures there are: neighbours, and what a small network tells apart."""
    real = judged_sets.references()
    near = metrics.neighbours_by_class(features, y, real.judgement.features, real.y)
    some = min(len(x) // bulk.CLASSES, HELD_OUT)
    few, other = (protocol.first_of(t, some) for t in (x, held_out().x))
    return {
        "precision": near.precision,
        "recall": near.recall,
        "coverage": near.coverage,
        "two_sample_accuracy": metrics.two_sample(few, other, seeds=(0,), epochs=EPOCHS).accuracy,
    }


def _alike(diversity: Estimate) -> Estimate:
    return Estimate(1 - diversity.value, 1 - diversity.high, 1 - diversity.low, diversity.n)


def more_diverse(x: Tensor, y: Tensor) -> list[int]:
    """How many classes differ more among themselves than the least diverse one of photographs, and of how many.

    By MS-SSIM of normalised luminance, nothing filtered, as the paper counts it.
    """
    grey, grey_real = (metrics.normalised_luminance(t) for t in (x, held_out().x))
    return list(metrics.classes_more_diverse(grey, y, grey_real, held_out().y))


def memorised(x: Tensor, y: Tensor, features: Tensor) -> dict[str, Estimate]:
    """How near the pictures are to the nearest training photograph, beside photographs that nobody was trained on.

    In the evaluator's features, and by ``acgan_copies.distances``.
    """
    training, held = trained(), held_out()
    return {
        "memorisation": metrics.memorisation(features, y, held.judgement.features, held.y, *training),
        "memorisation_pixels": metrics.ratio(nearest_trained(x, y), held_distance()),
    }


def nearest_trained(x: Tensor, y: Tensor) -> Estimate:
    """Mean distance of pictures to the nearest training photograph of their class."""
    near = []
    for item in TEN:
        of = acgan_copies.photographs_of(item)
        near.append(acgan_copies.distances(x[y == item], of)[:, of.trained].amin(1))
    return metrics.mean_with_interval(torch.cat(near).double())


def judged(x: Tensor) -> Tensor:
    """The evaluator's features of pictures (N, 3, 32, 32)."""
    return metrics.judgement(judged_sets.judge(), x).features


def held_out() -> protocol.Real:
    """Photographs that no generator was trained on, those after the references."""
    return judged_sets.photographs(HELD_OUT, skip=judged_sets.REFERENCES)


@cache
def held_distance() -> Estimate:
    """The same of these."""
    return nearest_trained(held_out().x, held_out().y)


class Trained(NamedTuple):
    """What the generators were trained with."""

    features: Tensor  # (N, F) the evaluator's, of the first epoch's colours
    y: Tensor  # (N,)


@cache
def trained() -> Trained:
    """All training photographs."""
    data = TintedFashion("train")
    blocks = torch.arange(len(data)).split(1000)
    features = torch.cat([judged(data.batch(block, seed=1).x) for block in blocks])
    return Trained(features, data.labels()[bulk.HEAD])
