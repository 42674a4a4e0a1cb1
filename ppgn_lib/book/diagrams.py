"""Box diagrams of the variants, one visual language for all: after Figs. 3 and S9 of the paper.

What is trained for the variant is shaded; the path of the condition is red, that of the prior black.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

RED, BLACK, SHADE = "#C1272D", "black", "#CFE3F3"


class Box(NamedTuple):
    """A network (a box) or a variable (its letter alone)."""

    x: float
    y: float
    text: str
    trained: bool = False
    frame: bool = True


class Arrow(NamedTuple):
    """From one box to another."""

    start: str
    end: str
    colour: str = BLACK
    bend: float = 0.0
    text: str = ""


def draw(boxes: Mapping[str, Box], arrows: Sequence[Arrow], size: tuple[float, float] = (7.0, 2.0)) -> Figure:
    """The diagram; one unit of a box's place is an inch.

    Raises ``ValueError`` for an arrow whose end is no box.
    """
    unknown = {end for arrow in arrows for end in (arrow.start, arrow.end)} - set(boxes)
    if unknown:
        raise ValueError(f"an arrow must go from box to box; there is none called {', '.join(sorted(unknown))}")
    fig, ax = plt.subplots(figsize=size)
    for arrow in arrows:
        a, b = boxes[arrow.start], boxes[arrow.end]
        ax.add_patch(
            FancyArrowPatch(
                (a.x, a.y),
                (b.x, b.y),
                connectionstyle=f"arc3,rad={arrow.bend}",
                arrowstyle="-|>",
                mutation_scale=14,
                shrinkA=17,
                shrinkB=17,
                color=arrow.colour,
                linewidth=1.6,
            )
        )
        if arrow.text:
            middle = ((a.x + b.x) / 2 + arrow.bend * (b.y - a.y) / 2, (a.y + b.y) / 2 - arrow.bend * (b.x - a.x) / 2)
            ax.text(
                *middle, arrow.text, ha="center", va="center", fontsize=9, color=arrow.colour, backgroundcolor="white"
            )
    for box in boxes.values():
        if box.frame:
            ax.add_patch(
                FancyBboxPatch(
                    (box.x - 0.24, box.y - 0.2),
                    0.48,
                    0.4,
                    boxstyle="round,pad=0.03",
                    facecolor=SHADE if box.trained else "white",
                    edgecolor="black",
                    zorder=2,
                )
            )
        ax.text(box.x, box.y, box.text, ha="center", va="center", fontsize=12, zorder=3)
    ax.set(xlim=(0, size[0]), ylim=(0, size[1]), aspect="equal")
    ax.set_axis_off()
    return fig


def _line(*names: str, y: float = 0.6) -> dict[str, Box]:
    """Variables and networks in a row; small letters are variables."""
    return {name: Box(0.8 + 0.95 * i, y, f"${name}$", frame=not name[0].islower()) for i, name in enumerate(names)}


def _condition(first: str, *rest: str) -> list[Arrow]:
    names = [first, *rest]
    return [Arrow(a, b, RED) for a, b in itertools.pairwise(names)]


def variant(name: str) -> Figure:
    """The diagram of a variant by its name in ``experts.variants``. Raises ``ValueError`` for another name."""
    images, codes = ("x", "C", "y"), ("h", "G", "x", "C", "y")
    if name == "ppgn_x":
        boxes = {**_line(*images), "R": Box(0.8, 1.5, "$R_x$", trained=True)}
        return draw(boxes, [*_condition(*images), *_loop("x", "R")], (3.4, 2.0))
    if name == "joint_ppgn_x":
        boxes = {**_line(*images), "E": Box(0.4, 1.5, "$E$"), "G": Box(1.3, 1.5, "$G$", trained=True)}
        return draw(boxes, [*_condition(*images), Arrow("x", "E"), Arrow("E", "G"), Arrow("G", "x")], (3.4, 2.0))
    if name == "dgn_am":
        boxes = _line(*codes, y=0.5)
        boxes["G"] = boxes["G"]._replace(trained=True)
        return draw(boxes, _condition(*codes), (5.3, 1.0))
    if name == "ppgn_h":
        boxes = {**_line(*codes), "R": Box(0.8, 1.5, "$R_h$", trained=True)}
        boxes["G"] = boxes["G"]._replace(trained=True)
        return draw(boxes, [*_condition(*codes), *_loop("h", "R")], (5.3, 2.0))
    if name in ("joint", "noiseless"):
        boxes = {**_line(*codes), "E": Box(1.75, 1.5, "$E$")}
        boxes["G"] = boxes["G"]._replace(trained=True)
        arrows = [*_condition(*codes), Arrow("h", "G", bend=-0.3), Arrow("x", "E", bend=0.2), Arrow("E", "h", bend=0.2)]
        return draw(boxes, arrows, (5.3, 2.0))
    raise ValueError(f"no diagram of {name!r}; there are ppgn_x, joint_ppgn_x, dgn_am, ppgn_h, joint, noiseless")


def _loop(variable: str, network: str) -> list[Arrow]:
    return [Arrow(variable, network, bend=0.35), Arrow(network, variable, bend=0.35)]
