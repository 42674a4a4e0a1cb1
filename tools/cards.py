"""data/weights/README.md from the cards beside the weights.

python tools/cards.py            write it
python tools/cards.py --check    fail if it differs
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ppgn_lib.files import manifest, replacing

WEIGHTS = Path(__file__).resolve().parents[1] / "data/weights"
HEAD = """# Model cards

Written by `tools/cards.py` from the `.json` beside each network, which also has the course of its losses.
MIT licence. Made for this book: pictures of clothes at 32x32 and nothing else.
"""


def main() -> int:
    """Write or compare; 1 if it differs."""
    parser = argparse.ArgumentParser(description="Model cards for reading.")
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args()
    text = HEAD + "".join(_card(json.loads(path.read_text("utf-8"))) for path in sorted(WEIGHTS.glob("*.json")))
    path = WEIGHTS / "README.md"
    if given.check:
        differs = not path.exists() or path.read_text("utf-8") != text
        if differs:
            print("data/weights/README.md differs from the cards: run `python tools/cards.py`")
        return int(differs)
    with replacing(path) as temporary:
        temporary.write_text(text, "utf-8")
    return 0


def _card(card: dict[str, Any]) -> str:
    name = card["network"]
    entry = manifest()[f"weights/{name}.safetensors"]
    lines = [
        f"\n## {name}\n",
        f"{card['parameters']:,} parameters, {entry.bytes / 1e6:.1f} MB, sha256 `{entry.sha256}`.\n",
        f"- **Data**: {card['data']}.",
        f"- **Made by**: `{card['command']}`",
        "- **Settings**: " + ", ".join(f"{key} {value}" for key, value in card["config"].items()) + ".",
        "- **Losses at the end**: " + ", ".join(f"{key} {value:.3g}" for key, value in card["log"][-1].items()) + ".",
    ]
    if card["figures"]:
        lines.append(
            "- **Measured**: " + ", ".join(f"{key} {value:.4g}" for key, value in card["figures"].items()) + "."
        )
    if "g_rests" in card["log"][-1]:
        rests = {who: sum(row[f"{who}_rests"] for row in card["log"]) / len(card["log"]) for who in ("d", "g")}
        lines.append(f"- **Pausing rule**: D rested in {rests['d']:.1%} of the steps, G in {rests['g']:.1%}.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
