"""Rewrite data/MANIFEST.json: hash and size of every file under data/; licence and origin are kept or given here.

python tools/runs/manifest.py
"""

from __future__ import annotations

import json
from pathlib import Path

from ppgn_lib.data.files import replacing, sha256

DATA = Path(__file__).resolve().parents[2] / "data"
OURS = {
    "weights/": {"licence": "MIT", "origin": "trained by this project; the card beside it has the command"},
    "results/": {"licence": "MIT", "origin": "computed by this project; the command is in the file"},
}


def main() -> None:
    """Write the manifest and say what changed."""
    path = DATA / "MANIFEST.json"
    old = json.loads(path.read_text("utf-8")) if path.exists() else {}
    new = {}
    for file in sorted(DATA.rglob("*")):
        name = file.relative_to(DATA).as_posix()
        if not file.is_file() or name == "MANIFEST.json" or name.startswith(".") or file.suffix in (".md", ".svg"):
            continue
        about = next((about for folder, about in OURS.items() if name.startswith(folder)), old.get(name))
        if about is None:
            raise SystemExit(f"{name} is new and nobody's: add its licence and origin to the manifest by hand first")
        new[name] = {
            "sha256": sha256(file),
            "bytes": file.stat().st_size,
            "licence": about["licence"],
            "origin": about["origin"],
        }
        if new[name] != old.get(name):
            print(f"changed: {name}")
    for name in sorted(old.keys() - new.keys()):
        print(f"gone: {name}")
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(new, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
