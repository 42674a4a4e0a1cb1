"""Pages that a tool writes, and the check that they are what it would write now."""

from __future__ import annotations

from pathlib import Path

from ppgn_lib.files import replacing


def write_or_check(path: Path, text: str, *, check: bool, differs: str) -> int:
    """Write the text, or with ``check`` compare only: 1, after printing ``differs``, if the file has another text."""
    if check:
        stale = not path.exists() or path.read_text("utf-8") != text
        if stale:
            print(differs)
        return int(stale)
    with replacing(path) as temporary:
        temporary.write_text(text, "utf-8")
    return 0
