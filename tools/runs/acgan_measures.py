"""Variety of pictures of each item, and the evaluator's curve over sizes."""

from __future__ import annotations

from acgan_readers import HALF, by_evaluator, resized
from torch import Tensor

from ppgn_lib import metrics

SIZES = (32, 24, 16, 12, 8)  # pixels, on the curve of the evaluator


def means(pairs: dict[int, Tensor], items: list[int]) -> list[float]:
    """Mean of the pairs of each item, 0 without any."""
    return [float(pairs[item].mean()) if item in pairs else 0.0 for item in items]


def varieties(x: Tensor, y: Tensor, items: list[int], accepted: Tensor) -> dict[str, list[float]]:
    """Variety of each item: of accepted pictures, the same shrunk to half, and as the AC-GAN paper has it.

    ``accepted`` (N,): what the evaluator takes for its class at full size. ``plain``: brightness not turned round;
    ``rgb``: nor normalised.
    """
    grey = metrics.normalised_luminance(x)
    some, y_some = x[accepted], y[accepted]
    return {
        "accepted": [int((y_some == item).sum()) for item in items],
        "variety_accepted": means(metrics.pair_variety(some, y_some), items),
        "variety_accepted_half": means(metrics.pair_variety(resized(some, HALF), y_some), items),
        "plain": means(metrics.pair_diversity(grey, y), items),
        "plain_accepted": means(metrics.pair_diversity(grey[accepted], y_some), items),
        "rgb": means(metrics.pair_diversity(x, y), items),
    }


def curve(x: Tensor, y: Tensor, items: list[int]) -> dict[int, list[float]]:
    """The evaluator's share of each item, by how many pixels pictures were shrunk to."""
    right = {size: (by_evaluator(resized(x, size)).argmax(1) == y).double() for size in SIZES}
    return {size: [float(of[y == item].mean()) for item in items] for size, of in right.items()}
