"""Whether AC-GAN's pictures are copies of photographs that it was trained with (C44); ``acgan_judges.py`` stores it."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import bulk
import torch
from torch import Tensor

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import normalised_luminance

TAKEN = 10  # pictures of a net that one photograph is taken for at most
TINTS = 32  # composites of a photograph that are tried until one is brighter than its wall, and one darker
MARKED = 500  # photographs in the pictures' place
SPLITS = ("train", "validation", "test")


class Class(NamedTuple):
    """All photographs of a class."""

    marks: Tensor  # (2, N, H * W) normalised luminance, the item brighter than its wall, and darker
    split: Tensor  # (N,) of ``SPLITS``
    number: Tensor  # (N,) in its split

    @property
    def trained(self) -> Tensor:
        """Whether G was trained with it, (N,)."""
        return self.split == SPLITS.index("train")


@cache
def photographs_of(item: int) -> Class:
    """Of an item, all three splits."""
    found: list[Class] = []
    for i, split in enumerate(SPLITS):
        data = TintedFashion(split)
        index = (data.labels()[bulk.HEAD] == item).nonzero()[:, 0]
        marks = bright_and_dark(data, index)
        found.append(Class(marks, torch.full((len(index),), i), index))
    return Class(
        torch.cat([of.marks for of in found], 1),
        torch.cat([of.split for of in found]),
        torch.cat([of.number for of in found]),
    )


def bright_and_dark(data: TintedFashion, index: Tensor) -> Tensor:
    """Normalised luminance of photographs, the item brighter than its wall, and darker: (2, N, H * W).

    The first of ``TINTS`` composites that are so; where none is, the one that comes nearest to it.
    """
    item = data.silhouettes(index).flatten(1)
    marks = torch.empty(2, len(index), item.shape[1])
    most = torch.full((2, len(index)), -torch.inf)  # by how much it is brighter, and darker
    for tint in range(TINTS):
        grey = normalised_luminance(data.batch(index, seed=tint).x).flatten(1)
        brighter = (grey * item).sum(1) / item.sum(1).clamp(min=1) - (grey * ~item).sum(1) / (~item).sum(1).clamp(min=1)
        for way, by in enumerate((brighter, -brighter)):
            better = (most[way] <= 0) & (by > most[way])
            marks[way, better], most[way, better] = grey[better], by[better]
        if bool((most > 0).all()):
            break
    return marks


@torch.no_grad()
def distances(x: Tensor, of: Class) -> Tensor:
    """Mean L1 of pictures x (M, 3, H, W) and photographs in normalised luminance: (M, N).

    To each photograph as it is nearest, mirrored or not, brighter or darker than its wall.
    """
    grey, wide = normalised_luminance(x), x.shape[-1]
    apart = torch.full((len(x), len(of.trained)), torch.inf)
    for queries in (grey.flatten(1), grey.flip(-1).flatten(1)):
        for marks in of.marks:
            apart = torch.minimum(apart, torch.cdist(queries, marks, p=1.0) / wide**2)
    return apart


@torch.no_grad()
def nearest(x: Tensor, of: Class, without: Tensor | None = None) -> Tensor:
    """For each picture x (M, 3, H, W) the number of the nearest photograph in ``of``: (M,).

    By ``distances``, the pictures in their order; a photograph that is taken ``TAKEN`` times is left out from then on.
    ``without`` (M,): for each picture a photograph that it must not take, itself.
    """
    apart = distances(x, of)
    if without is not None:
        apart[torch.arange(len(x)), without] = torch.inf
    few = min(len(x) // TAKEN + 2, apart.shape[1])  # no more can be full before a picture's turn
    order = apart.topk(few, largest=False).indices
    taken = torch.zeros(apart.shape[1], dtype=torch.long)
    found = torch.empty(len(x), dtype=torch.long)
    for i, candidates in enumerate(order):
        found[i] = candidates[(taken[candidates] < TAKEN).nonzero()[0, 0]]
        taken[found[i]] += 1
    return found


def copied_share(trained: list[float], chance: list[float]) -> float:
    """0 if the nearest photographs were trained with as often as by chance, 1 if always; shares of each class."""
    return sum(t - q for t, q in zip(trained, chance, strict=True)) / sum(1 - q for q in chance)


def copies(x: Tensor, y: Tensor, of: Class, item: int) -> dict[str, Any]:
    """Of the pictures of one item: how many of the nearest photographs were trained with, how many would be by chance.

    And of the first ten which they are, also by L1 in RGB, as in the paper, among the photographs trained with in the
    colours of the first epoch.
    """
    found = nearest(x[y == item], of)
    in_colour = of.number[of.trained]
    there = TintedFashion("train").batch(in_colour, seed=1).x.flatten(1)
    near = torch.cdist(x[y == item][:10].flatten(1), there, p=1.0).argmin(1)
    return {
        "trained": float(of.trained[found].double().mean()),
        "chance": float(of.trained.double().mean()),
        "first": [[SPLITS[of.split[i]], int(of.number[i])] for i in found[:10]],
        "first_rgb": in_colour[near].tolist(),
    }


def copies_of_photographs(of: Class, item: int) -> dict[str, float]:
    """Marks: the shares trained with of the nearest to photographs of other tints in the pictures' place.

    ``validation``: of validation photographs, each without itself; ``train``: of as many training photographs, as a G
    would have that copies always; ``itself``: how many of these are found.
    """
    found: dict[str, float] = {"chance": float(of.trained.double().mean())}
    for split, first in (("validation", int(of.trained.sum())), ("train", 0)):
        data = TintedFashion(split)
        index = (data.labels()[bulk.HEAD] == item).nonzero()[:, 0][:MARKED]
        own = first + torch.arange(len(index))  # those that were trained with stand before the others
        near = nearest(data.batch(index, seed=TINTS).x, of, own if split == "validation" else None)
        found[split] = float(of.trained[near].double().mean())
        found["itself"] = float((near == own).double().mean())
    return found
