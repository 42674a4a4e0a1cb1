"""Checks of what users hand over, with the error that says what must hold, what was given and what to do."""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable
from numbers import Real
from typing import Any


def number(value: Any, name: str) -> float:
    """``value`` as a float; NumPy's numbers are welcome. Raises ``TypeError`` for what is no number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number; got {value!r}")
    return float(value)


def positive(**sizes: float) -> None:
    """Raise ``ValueError`` unless each is finite and positive, naming it; ``TypeError`` for what is no number."""
    for name, given in sizes.items():
        value = number(given, name)
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be finite and positive; got {value}")


def not_negative(**sizes: float) -> None:
    """Raise ``ValueError`` unless each is finite and at least 0, naming it; ``TypeError`` for what is no number."""
    for name, given in sizes.items():
        value = number(given, name)
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be finite and not negative; got {value}")


def share(**sizes: float) -> None:
    """Raise ``ValueError`` unless each lies in [0, 1], naming it; ``TypeError`` for what is no number."""
    for name, given in sizes.items():
        value = number(given, name)
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be in [0, 1]; got {value}")


def count(value: Any, name: str) -> int:
    """``value`` as an integer of at least 1; NumPy's integers are welcome. Raises ``ValueError`` for anything else."""
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or isinstance(value, bool):
        raise ValueError(f"{name} must be an integer of at least 1; got {value!r}")
    return number


def known(given: Iterable[str], names: Iterable[str], where: str) -> None:
    """Raise ``ValueError`` for the first key that nobody knows, naming the nearest one."""
    names = sorted(names)
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1, cutoff=0.0)
            offer = f"; did you mean {near[0]!r}? Known: {', '.join(names)}" if near else "; there is none"
            raise ValueError(f"{where}: unknown key {key!r}{offer}")
