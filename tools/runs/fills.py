"""Photographs with a hole, filled by PPGN and by others: what the judges say of each fill. Resumable.

    python tools/runs/fills.py             all that is not there yet (an hour)
    python tools/runs/fills.py context     one way to fill

Holes are drawn before any fill is looked at. The settings of PPGN, and which classical fill stands for all of them,
are chosen by the selector on validation photographs. Stored are numbers for each photograph, and of PPGN the code of
one picture a class.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import bulk
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import distances, first_of_each, nearest_of

from ppgn_lib import Eps, chain, conditions, metrics
from ppgn_lib.checks import known
from ppgn_lib.data import classical_fills, holes
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts.known_pixels import clamped, inpainting
from ppgn_lib.metrics import protocol
from ppgn_lib.metrics.filling import border_step, inner, mean_over, psnr_in, ssim_in
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load

STORE = bulk.RESULTS / "fills.safetensors"
STEPS, SIDE = 120, 14  # updates; pixels of 32, as the paper's 100 of 227
MANY, FEW, TUNED = 50, 20, 4  # photographs a class: of C38; of C36 and C37; for settings
SWAPPED = 3  # other photographs of the class, whose fills are put beside a photograph's own
CANDIDATES = None  # training photographs of the class, of which the nearest one is taken: all
RIVALS = ("biharmonic", "Telea", "Navier-Stokes", "shift map")  # of which one stands for all; others are shown
SETTINGS = [(eps1, eps2) for eps1 in (0.03, 0.1, 0.3) for eps2 in (0.1, 0.3)]
CONTEXTS = (30.0, 100.0, 300.0, 1000.0)
GREY_LEVEL = 1 / 127.5
BLOCK = 100  # chains at once
ABOUT = {"command": "python tools/runs/fills.py"}


class Task(NamedTuple):
    """Photographs with holes, class after class."""

    number: Tensor  # (B,) in the split
    x: Tensor  # (B, 3, H, W)
    y: Tensor  # (B,) items
    hole: Tensor  # (B, 1, H, W)

    def first(self, per_class: int) -> Task:
        """As many of each class."""
        return Task(*(protocol.first_of(part, per_class) for part in self))


class Chosen(NamedTuple):
    """What the selector has chosen."""

    setting: tuple[float, float]  # eps1 and eps2
    pull: float  # of the known pixels, for PPGN-context
    best: str  # of the classical fills


@cache
def task(split: str, per_class: int) -> Task:
    """The first photographs of each class, and in each a hole that its own number draws."""
    data = TintedFashion(split)
    items = data.labels()[bulk.HEAD]
    index = first_of_each(items, per_class)
    return Task(index, data.batch(index).x, items[index], holes.over(data.silhouettes(index), SIDE, index.tolist()))


@torch.no_grad()
def start(x: Tensor, hole: Tensor) -> Tensor:
    """E's code of the picture with the hole in grey, as in the released code."""
    return encode(load("encoder"), x * (1 - hole))


class Filled(NamedTuple):
    """Pictures (B, 3, H, W), and PPGN's codes (B, H)."""

    x: Tensor
    codes: Tensor | None = None


def ppgn(of: Task, y: Tensor | None, setting: tuple[float, float], context: float) -> Filled:
    """Filled by PPGN that is asked for the classes y, or for nothing but the known pixels."""
    G, E = load("generator"), load("encoder")
    filled, codes = [], []
    for part in tqdm(torch.arange(len(of.x)).split(BLOCK), desc="chains", unit="block", leave=False):
        image, hole = of.x[part], of.hole[part]
        asked = [] if y is None else [conditions.classes(E, y[part], bulk.HEAD)]
        experts = inpainting(G, E, image, hole, *asked, context=context)
        for state in chain(start(image, hole), *experts, Eps(*setting), steps=STEPS):
            last = state.h
        with torch.no_grad():
            filled.append(clamped(G, image, hole)(last).clamp(-1, 1))
        codes.append(last)
    return Filled(torch.cat(filled), torch.cat(codes))


def tuning() -> dict[str, Any]:
    """Mean distance of filled picture and photograph in the selector's features, of each setting and classical fill.

    First eps1 and eps2 of PPGN without context; with these, the context.
    """
    of = task("validation", TUNED)
    plain = distances(SETTINGS, of.x, lambda setting: ppgn(of, of.y, setting, 0.0).x, "PPGN")
    setting = nearest_of(plain)
    contexts = distances(CONTEXTS, of.x, lambda context: ppgn(of, of.y, setting, context).x, "context")
    classical = distances(RIVALS, of.x, lambda name: classically(of, name).x, "classical")
    chosen = Chosen(setting, nearest_of(contexts), nearest_of(classical))
    return {"plain": plain, "context": contexts, "classical": classical, "chosen": list(chosen)}


def measured(of: Task, filled: Tensor) -> dict[str, Tensor]:
    """Of each photograph (B,): what the judges say of its fill, and how far it is from what was there."""
    judge, foreign = metrics.judge_with(load("evaluator"), bulk.HEAD), metrics.imagenet()
    far, was = (metrics.judgement(foreign, x, 100).features for x in (filled, of.x))
    off, inside = filled - of.x, inner(of.hole)
    steps = [border_step(x, of.hole) + GREY_LEVEL for x in (filled, of.x)]
    return {
        "named": metrics.judgement(judge, filled).logits.argmax(1) == of.y,
        "foreign": (far - was).norm(dim=1),
        "inner_error": mean_over(off.square(), inside),
        "ring_error": mean_over(off.abs(), of.hole - inside),
        "log_border": (steps[0] / steps[1]).log(),
        "psnr": psnr_in(filled, of.x, of.hole),
        "ssim": ssim_in(filled, of.x, of.hole),
    }


def swapped(of: Task, own: Tensor, chosen: Chosen) -> Tensor:
    """Of each photograph the share of others' fills that are farther from what was there than its own, (B,).

    The others are of its class, with its hole and in its colours, and filled by the same PPGN-context.
    """
    data, inside = TintedFashion("test"), inner(of.hole)
    error = mean_over((own - of.x).square(), inside)
    farther = []
    for k in range(1, SWAPPED + 1):
        other = of.number.view(bulk.CLASSES, -1).roll(k, 1).flatten()
        x = data.batch(other, tints_of=data.start + of.number).x
        filled = ppgn(of._replace(x=x), of.y, chosen.setting, chosen.pull).x
        farther.append(mean_over((filled - of.x).square(), inside) > error)
    return torch.stack(farther).double().mean(0)


def classically(of: Task, name: str) -> Filled:
    """Filled by a method that knows the picture alone."""
    return Filled(classical_fills.CLASSICAL[name](of.x, of.hole))


def guess(of: Task, best: str) -> Tensor:
    """What E takes the pictures for when the best classical fill has filled them, (B,)."""
    with torch.no_grad():
        return load("encoder")(classically(of, best).x).logits[bulk.HEAD].argmax(1)


def nearest(of: Task) -> Filled:
    """By the training photograph of the class, in this picture's colours, that is nearest in the known pixels."""
    train, test = TintedFashion("train"), TintedFashion("test")
    items, filled = train.labels()[bulk.HEAD], []
    for i, x, y, hole in tqdm(list(zip(of.number.tolist(), of.x, of.y, of.hole, strict=True)), desc="nearest"):
        others = (items == y).nonzero()[:CANDIDATES, 0]
        candidates = train.batch(others, tints_of=[test.start + i] * len(others)).x
        filled.append(classical_fills.nearest(x[None], hole[None], candidates))
    return Filled(torch.cat(filled))


def ways(chosen: Chosen) -> dict[str, Callable[[], tuple[Task, Filled]]]:
    """How each is filled: the photographs of C38 or those of C36 and C37, and their fills."""
    many = task("test", MANY)
    few = many.first(FEW)
    told, wrong = many.y, (few.y + 5) % bulk.CLASSES
    return {
        "context": lambda: (many, ppgn(many, told, chosen.setting, chosen.pull)),
        "guessed": lambda: (many, ppgn(many, guess(many, chosen.best), chosen.setting, chosen.pull)),
        "plain": lambda: (few, ppgn(few, few.y, chosen.setting, 0.0)),
        "wrong class": lambda: (few, ppgn(few, wrong, chosen.setting, chosen.pull)),
        "no class": lambda: (few, ppgn(few, None, chosen.setting, chosen.pull)),
        "photograph": lambda: (many, Filled(many.x)),
        "mean colour": lambda: (few, Filled(classical_fills.mean_colour(few.x, few.hole))),
        "nearest": lambda: (few, nearest(few)),
        **{
            name: lambda name=name: (many, classically(many, name))  # type: ignore[misc]
            for name in classical_fills.CLASSICAL
        },
    }


def main(arguments: list[str] | None = None) -> int:
    """Choose settings, fill and judge what is missing."""
    parser = argparse.ArgumentParser(description="Photographs with a hole, filled.")
    parser.add_argument("names", nargs="*", help="ways to fill (default: all)")
    given = parser.parse_args(arguments)
    names = list(ways(Chosen((0.0, 0.0), 0.0, "")))
    known(given.names, names, "way to fill")
    entry = stored.entry_of(STORE, "tuning", belongs_to())
    if entry is None:
        entry = {**belongs_to(), **tuning()}
        stored.add_entry(STORE, "tuning", {}, entry, ABOUT)
    setting, pull, best = entry["chosen"]
    chosen = Chosen(tuple(setting), pull, best)
    for name in tqdm(given.names or names, desc="fills", unit="way"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            of, filled = run(ways(chosen)[name], name)
            found = measured(of, filled.x)
            if name == "context":
                found["farther"] = swapped(of.first(FEW), protocol.first_of(filled.x, FEW), chosen)
            tensors = {f"{name}.{what}": value.float() for what, value in found.items()}
            if filled.codes is not None:
                tensors[f"{name}.shown"] = protocol.first_of(filled.codes, 1).half()
            stored.add_entry(STORE, name, tensors, belongs_to(), ABOUT)
    return 0


def run(way: Callable[[], tuple[Task, Filled]], name: str) -> tuple[Task, Filled]:
    """What a way fills; chains that diverge where those of validation did not end the command, and have to be told."""
    try:
        return way()
    except FloatingPointError as error:
        raise SystemExit(
            f"{name}: {error}. Strike the setting from SETTINGS or CONTEXTS, remove {STORE} and say so in the rules"
        ) from error


def belongs_to() -> dict[str, Any]:
    """What a stored fill has to agree with."""
    return {
        "protocol": {
            "steps": STEPS,
            "side": SIDE,
            "photographs": [MANY, FEW, TUNED],
            "swapped": SWAPPED,
            "candidates": CANDIDATES,
            "settings": [[list(one) for one in SETTINGS], list(CONTEXTS), list(RIVALS)],
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator", "selector"),
    }


if __name__ == "__main__":
    sys.exit(main())
