"""Numbers in README.md from book/results.json and benchmarks/results.json.

    python tools/book/readme.py            write them in
    python tools/book/readme.py --check    fail if one differs

A number stands between ``<!--key:format-->`` and ``<!--/-->``; ``key.low`` and ``key.high`` are its interval.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from ppgn_lib.book import results
from ppgn_lib.book.generated import differs

ROOT = Path(__file__).resolve().parents[2]
MARK = re.compile(r"<!--([\w.]+):([^>]*?)-->(.*?)<!--/-->")


def main() -> int:
    """Fill in or compare; 1 if a number is wrong."""
    parser = argparse.ArgumentParser(description="Numbers of the README.")
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args()
    stored = {**results.read(ROOT / "book/results.json"), **results.read(ROOT / "benchmarks/results.json")}
    path = ROOT / "README.md"
    old = path.read_text("utf-8")
    new = MARK.sub(lambda m: f"<!--{m[1]}:{m[2]}-->{_text(stored, m[1], m[2])}<!--/-->", old)
    if differs(path, new, check=given.check):
        print("README.md shows other numbers than were recorded: run `python tools/book/readme.py`")
        return 1
    return 0


def _text(stored: dict[str, dict[str, float]], key: str, form: str) -> str:
    if key.rpartition(".")[2].startswith("seconds") and key not in stored:
        return "(not timed yet)"
    return format(_value(stored, key), form)


def _value(stored: dict[str, dict[str, float]], key: str) -> float:
    if key in stored:
        return stored[key]["value"]
    name, _, end = key.rpartition(".")
    if name in stored and end in ("low", "high"):
        return stored[name][end]
    raise SystemExit(f"README.md asks for {key}, which nothing records")


if __name__ == "__main__":
    sys.exit(main())
