"""Pages that a tool writes, and the check that they are what it would write now."""

from __future__ import annotations

from pathlib import Path

from ppgn_lib.data.writing import replacing


def differs(path: Path, text: str, *, check: bool) -> bool:
    """Write the text; with ``check`` only compare: whether the file is missing or has another text."""
    if check:
        return not path.exists() or path.read_text("utf-8") != text
    with replacing(path) as temporary:
        temporary.write_text(text, "utf-8")
    return False
