"""The book's figures. They take arrays and labels, never a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ppgn_lib.data.images import mosaic
from ppgn_lib.metrics.intervals import Estimate

# Okabe & Ito's palette: tells ten classes apart for colour-blind readers, with a line style as second cue.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999", "#8C6D31", "#7F3C8D")
STYLES = ("-", "--")


def set_style() -> None:
    """One look for all figures: white ground (also in dark mode), quiet axes, readable in print."""
    plt.rcParams.update(
        {
            "figure.dpi": 110,
            "savefig.dpi": 110,
            "figure.facecolor": "white",
            "savefig.bbox": "tight",
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.alpha": 0.25,
            "legend.frameon": False,
            "axes.prop_cycle": plt.cycler(color=PALETTE),
            "svg.hashsalt": "ppgn",
        }
    )


def image_grid(
    x: Tensor,
    columns: int,
    *,
    rows: Sequence[str] = (),
    tops: Sequence[str] = (),
    title: str = "",
    cell: float = 0.55,
    ax: Axes | None = None,
) -> Figure:
    """Images (N, 3, H, W) row by row, with a label for each row and each column.

    ``cell`` is the side of one image in inches.
    """
    picture = mosaic(x, columns).numpy()
    count = len(x) // columns
    if ax is None:
        _, ax = plt.subplots(figsize=(cell * columns, cell * count))
    # Small pictures in whole pixels; of large ones that would show every second or third pixel only.
    ax.imshow(picture, interpolation="nearest" if x.shape[-1] <= 64 else "antialiased")
    ax.grid(visible=False)
    pitch = x.shape[-1] + 1
    middle = (pitch - 2) / 2
    ax.set_yticks([middle + pitch * i for i in range(count)] if rows else [], rows or None)
    ax.set_xticks([middle + pitch * i for i in range(columns)] if tops else [], tops or None)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title, fontsize=10)
    return ax.figure  # type: ignore[return-value]


def short(names: Sequence[str]) -> list[str]:
    """Names that fit above small pictures: the last word of each, cut after five letters if it has more than seven."""
    words = [name.split()[-1] for name in names]
    return [word if len(word) <= 7 else f"{word[:5]}." for word in words]


def interval(ax: Axes, y: float, e: Estimate, **style: Any) -> None:
    """An estimate at height ``y`` with its interval across. ``style`` as for ``errorbar``; its marker is a dot."""
    across = [[e.value - e.low], [e.high - e.value]]
    ax.errorbar(e.value, y, xerr=across, **{"fmt": "o", **style})


def curves(
    values: Mapping[str, np.ndarray],
    *,
    xlabel: str,
    ylabel: str,
    spread: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Named lines over their index, each with an optional band (low, high)."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 3.4))
    for i, (name, y) in enumerate(values.items()):
        (line,) = ax.plot(y, STYLES[i // 5 % 2], label=name, linewidth=1.6, color=PALETTE[i % len(PALETTE)])
        if spread and name in spread:
            ax.fill_between(np.arange(len(y)), *spread[name], color=line.get_color(), alpha=0.15, linewidth=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(fontsize=8, ncols=2 if len(values) > 5 else 1)
    return ax.figure  # type: ignore[return-value]


def confusion(shares: np.ndarray, names: Sequence[str], *, xlabel: str, ylabel: str, smallest: float = 0.01) -> Figure:
    """A matrix of shares (K, K) whose rows sum to one; those from ``smallest`` on are written out."""
    fig, ax = plt.subplots(figsize=(5.4, 4.8))
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for i, j in zip(*np.nonzero(shares >= smallest), strict=True):
        colour = "white" if shares[i, j] > 0.5 else "black"
        ax.text(j, i, f"{shares[i, j]:.2f}", ha="center", va="center", fontsize=7, color=colour)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(visible=False)
    return fig


def table(rows: Mapping[str, Mapping[str, str]]) -> Markdown:
    """A table for the page: a named row each, and the columns of all rows; what a row lacks is empty."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    body = [["", *columns], *([name, *(row.get(column, "") for column in columns)] for name, row in rows.items())]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in body]
    return Markdown("\n".join([lines[0], "|---" * (len(columns) + 1) + "|", *lines[1:]]))
