"""A number from a notebook into the prose: shown by ``glue`` on any page, gathered into book/results.json."""

from __future__ import annotations

import json
import math
from typing import Any

from IPython.display import display

from ppgn_lib.metrics.intervals import Estimate

PREFIX = "application/papermill.record/"  # what MyST-NB expects of a glued value that is not displayed
KEY = "ppgn_record"


def record(key: str, value: Estimate | float | int | str) -> None:
    """Store a number (or a verdict word) under ``key``, e.g. ``record("first.accuracy", estimate)``.

    An ``Estimate`` brings its interval along. Prose shows it by the role glue:text with the target
    ``../notebooks/NN_name.ipynb::key:.2f``.

    Raises
    ------
    ValueError
        The number is not finite.

    """
    entry: dict[str, Any] = {"key": key}
    if isinstance(value, Estimate):
        entry |= {"value": value.value, "low": value.low, "high": value.high, "n": value.n}
    else:
        entry |= {"value": value}
    if isinstance(entry["value"], float) and not math.isfinite(entry["value"]):
        raise ValueError(f"{key} must be finite; got {entry['value']}")
    display(
        {f"{PREFIX}text/plain": repr(entry["value"])},
        metadata={"scrapbook": {"name": key, "mime_prefix": PREFIX}, KEY: json.dumps(entry)},
        raw=True,
    )


class Kept(dict[str, Any]):
    """Records numbers, and has them at hand for the rules of the claims: ``keep = Kept()``, ``keep(key, number)``.

    ``prefix`` comes before each key.
    """

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self.prefix = prefix

    def __call__(self, key: str, value: Estimate | float | int | str) -> None:
        """As ``record``."""
        self[self.prefix + key] = value
        record(self.prefix + key, value)
