"""Tuning and reporting kept apart: what tunes cannot open what reports.

The selector and the validation images tune; the evaluator and the test images report. Within ``tuning()`` the latter
two raise, so that no setting can be chosen by what it will be judged by.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_tuning: ContextVar[bool] = ContextVar("tuning", default=False)


@contextmanager
def tuning() -> Iterator[None]:
    """While this lasts, the evaluator looks at nothing and test images are not given out."""
    token = _tuning.set(True)
    try:
        yield
    finally:
        _tuning.reset(token)


def reports(what: str) -> None:
    """Called by what only reports; raises ``PermissionError`` while something is tuned."""
    if _tuning.get():
        raise PermissionError(
            f"{what} must not be used in tuning; it was. Choose by the selector on validation images, report elsewhere"
        )
