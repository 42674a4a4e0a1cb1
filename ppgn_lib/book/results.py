"""book/results.json: every number of the book, gathered by regeneration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ppgn_lib.data.files import replacing


def merge(path: Path, fresh: dict[str, dict[str, Any]], notebook: str) -> None:
    """Replace all that ``notebook`` had recorded by ``fresh``.

    Raises
    ------
    ValueError
        Another notebook records one of the keys too.

    """
    kept = check_owner(path, fresh, notebook)
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(dict(sorted({**kept, **fresh}.items())), indent=1) + "\n", "utf-8")


def check_owner(path: Path, fresh: dict[str, dict[str, Any]], notebook: str) -> dict[str, dict[str, Any]]:
    """What others have recorded; raises ``ValueError`` when ``fresh`` has a key of theirs."""
    kept = {key: entry for key, entry in read(path).items() if entry["notebook"] != notebook}
    twice = sorted(kept.keys() & fresh)
    if twice:
        raise ValueError(f"{notebook} records {twice[0]!r}, which {kept[twice[0]]['notebook']} records too")
    return kept


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Key -> value, low, high, n, notebook, profile. Empty when nothing was recorded yet."""
    return json.loads(path.read_text("utf-8")) if path.exists() else {}
