"""data/weights/README.md: the cards of all networks for reading, with their curves, from the .json beside each.

python tools/book/cards.py            write it, and a picture of the losses of each network
python tools/book/cards.py --check    1 if the text differs
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ppgn_lib.book import figures, results
from ppgn_lib.book.generated import differs
from ppgn_lib.data.files import manifest, replacing

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "data/weights"
HEAD = """# Model cards

Written by `tools/book/cards.py` from the `.json` beside each network, which also has the course of its losses, and from
`book/results.json`. MIT licence. Made for this book: pictures of clothes at 32x32 and nothing else.
"""
RESTS = ("d_rests", "g_rests")
# What previews show: the images above, the pictures below them, and in a few words.
RECONSTRUCTED = ("Validation", "their reconstructions", "Reconstructions")
DRAWN = ("Training", "what ten noises give in ten classes", "Pictures of the same noises")


def main() -> int:
    """Write or compare; 1 if it differs."""
    parser = argparse.ArgumentParser(description="Model cards for reading.")
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args()
    cards = [json.loads(path.read_text("utf-8")) for path in sorted(WEIGHTS.glob("*.json"))]
    text = HEAD + "".join(_text(card) for card in cards)
    if differs(WEIGHTS / "README.md", text, check=given.check):
        print("data/weights/README.md differs from the cards: run `python tools/book/cards.py`")
        return 1
    if not given.check:
        figures.set_style()
        for card in cards:
            _curves(card)
    return 0


def _text(card: dict[str, Any]) -> str:
    name = card["network"]
    entry = manifest()[f"weights/{name}.safetensors"]
    last = {key: value for key, value in card["log"][-1].items() if key not in RESTS}
    lines = [
        f"\n## {name}\n",
        f"{card['parameters']:,} parameters, {entry.bytes / 1e6:.1f} MB, sha256 `{entry.sha256}`.\n",
        f"- **Data**: {card['data']}.",
        f"- **Made by**: `{card['command']}`",
        "- **Settings**: " + ", ".join(f"{key} {value}" for key, value in card["config"].items()) + ".",
        "- **Losses at the end**: " + ", ".join(f"{key} {value:.3g}" for key, value in last.items()) + ".",
    ]
    if card["figures"]:
        lines.append(
            "- **Measured**: " + ", ".join(f"{key} {value:.4g}" for key, value in card["figures"].items()) + "."
        )
    if judged := _judged(name):
        lines.append(
            "- **In the book** (test images; G's pictures judged by the evaluator): " + ", ".join(judged) + "."
        )
    if _paused(card):
        rests = {who: sum(row[who] for row in card["log"]) / len(card["log"]) for who in RESTS}
        lines.append(
            f"- **Pausing rule**: D rested in {rests['d_rests']:.1%} of the steps, G in {rests['g_rests']:.1%}."
        )
    lines.append(f"\n![Course of the losses of {name}]({name}_curve.svg)")
    if "previews_after" in card:
        after = ", ".join(f"{step:,}" for step in card["previews_after"])
        images, below, alt = RECONSTRUCTED if card["encoder"] else DRAWN
        lines.append(f"\n{images} images and, below, {below} after {after} steps:\n")
        lines.append(f"![{alt} over training]({name}_previews.png)")
    return "\n".join(lines) + "\n"


def _paused(card: dict[str, Any]) -> bool:
    """Whether this training let one of its two networks rest."""
    return all(who in card["log"][0] for who in RESTS)


def _judged(name: str) -> list[str]:
    """What the book's notebooks recorded of this network."""
    found = results.read(ROOT / "book/results.json")
    return [
        f"{key.removeprefix(f'{name}.').replace('_', ' ')} {entry['value']:.3f}"
        for key, entry in found.items()
        if key.startswith(f"{name}.") and isinstance(entry["value"], int | float)
    ]


def _curves(card: dict[str, Any]) -> None:
    """Losses, and for G and D how often the pausing rule let one rest, over the steps of training."""
    log = card["log"]
    losses = [key for key in log[0] if key not in ("step", *RESTS)]
    paused = _paused(card)
    fig, axes = plt.subplots(
        1 + paused, 1, figsize=(7, 2.6 + 1.2 * paused), sharex=True, squeeze=False, layout="constrained"
    )
    for ax, keys in zip(axes[:, 0], (losses, RESTS), strict=False):
        for i, key in enumerate(keys):
            ax.plot([row["step"] for row in log], [row[key] for row in log], figures.STYLES[i % 2], label=key)
        ax.legend(fontsize=8)
    axes[0, 0].set(yscale="log", ylabel="loss")
    if paused:
        axes[1, 0].set(ylim=(-0.05, 1.05), ylabel="share of steps")
    axes[-1, 0].set_xlabel(f"training steps of {card['network']}")
    with replacing(WEIGHTS / f"{card['network']}_curve.svg") as path:
        fig.savefig(path, format="svg", metadata={"Date": None})
    plt.close(fig)


if __name__ == "__main__":
    sys.exit(main())
