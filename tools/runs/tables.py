"""A table of samplers and the store of their chains; what the command lines of such tables share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import alternatives
import stored
from alternatives import Alternative

from ppgn_lib.metrics import protocol


class Table(NamedTuple):
    """Samplers, where their chains are stored, and what that store belongs to."""

    store: Path
    samplers: Mapping[str, Alternative]
    source: Path  # the script
    networks: Sequence[str]  # whose weights the chains depend on
    protocol: Mapping[str, Any] = {}  # beside what all tables have

    @property
    def described(self) -> dict[str, Any]:
        """How all of its chains are made."""
        return {
            "tuning": alternatives.TUNING,
            "report": alternatives.REPORT,
            "steps": protocol.STEPS,
            **self.protocol,
        }

    @property
    def head(self) -> dict[str, Any]:
        """What the store says of itself."""
        return {
            "command": f"python tools/runs/{self.source.name}",
            "protocol": self.described,
            "made_with": stored.made_with(self.source, *self.networks),
        }


def run(table: Callable[[], Table], about: str, arguments: list[str] | None = None) -> int:
    """Compute what is missing; a change of networks, code or settings starts anew. Returns the exit status."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--anew", action="store_true", help="forget what is stored first")
    given, made = parser.parse_args(arguments), table()
    if given.anew:
        made.store.unlink(missing_ok=True)
    alternatives.fill(made.store, made.samplers, made.head)
    return 0
