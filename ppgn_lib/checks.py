"""Checks of numbers, with the error that says what must hold and what was given."""

from __future__ import annotations

import math


def positive(**sizes: float) -> None:
    """Raise ``ValueError`` unless each is finite and positive, naming it."""
    for name, value in sizes.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be finite and positive; got {value}")


def share(**sizes: float) -> None:
    """Raise ``ValueError`` unless each lies in [0, 1], naming it."""
    for name, value in sizes.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be in [0, 1]; got {value}")
