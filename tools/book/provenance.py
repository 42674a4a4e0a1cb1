"""What a notebook's outputs depend on, as hashes: source and header, the library code it imports, weights and data."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import nbformat
import yaml
from address import addresses
from chapter import HEADER, code

from ppgn_lib.book.code import imported_modules, without_comments

ROOT = Path(__file__).resolve().parents[2]
WHAT = {
    "source": "its source",
    "header": "the header of all chapters",
    "modules": "library code it imports",
    "profiles": "its settings",
    "files": "weights or data",
}


def provenance(source: Path) -> dict[str, str]:
    """Hashes of a notebook's source, header, modules (transitively), settings, weights and data."""
    text = code(source)
    modules = sorted(imported_modules(text))
    profiles = [yaml.safe_load(p.read_text("utf-8")) for p in sorted((source.parent / "profiles").glob("*.yaml"))]
    entries = json.loads((ROOT / "data/MANIFEST.json").read_text("utf-8"))
    used = {
        name: entry["sha256"]
        for name, entry in entries.items()
        if name.startswith("fashion_mnist/") or f'"{Path(name).stem}"' in text or name in text
    }
    return {
        "source": _digest(_here(source)),
        "header": _digest(_here(HEADER)),
        "modules": _digest(*(without_comments(path.read_text("utf-8")) for path in modules)),
        "profiles": _digest(json.dumps([p.get(source.stem) for p in profiles])),
        "files": _digest(json.dumps(used, sort_keys=True)),
    }


def _here(path: Path) -> str:
    """The file's text without the project's address: when that moves nothing has to be run again."""
    return path.read_text("utf-8").replace(addresses()[0], "")


def why_stale(source: Path, notebook: Path) -> list[str]:
    """Reasons why the committed notebook no longer shows what its source gives; empty if it is fresh."""
    if not notebook.exists():
        return ["it was never run"]
    stored = nbformat.read(notebook, as_version=4).metadata.get("ppgn", {})
    now = provenance(source)
    reasons = [f"{words} changed" for key, words in WHAT.items() if stored.get(key) != now[key]]
    if stored.get("profile") != "cpu":
        reasons.append(f"it was run in profile {stored.get('profile')}")
    return reasons


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
