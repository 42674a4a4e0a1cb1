"""The evaluator's features of states on the way, as they lie in stores: in bytes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

UNIT = 0.04  # of the evaluator's features, which are from 0 to 10


def features_as_bytes(features: Tensor) -> Tensor:
    """Features from 0 to 10 in steps of ``UNIT``, as uint8: half the room of float16.

    Two photographs of a class are about 13 apart, and rounding moves one by 0.14. Raises ``ValueError`` if one is
    below 0 or too large.
    """
    steps = (features / UNIT).round()
    if not bool(((steps >= 0) & (steps <= 255)).all()):
        raise ValueError(f"features must be from 0 to {255 * UNIT:.1f}; got {features.min()} to {features.max()}")
    return steps.to(torch.uint8)


def features_of(stored: Mapping[str, Tensor], name: str) -> Tensor:
    """Of states on the way of a stored set, (T, B, F) float32; NAME.features in the file."""
    return stored[f"{name}.features"].float() * UNIT
