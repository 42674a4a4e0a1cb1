"""Holes in pictures: masks (H, W), 1 in the hole and 0 where the picture is known."""

from __future__ import annotations

import torch
from torch import Tensor

from ppgn_lib.checks import count, share

SIDES = ("left", "right", "top", "bottom")


def square(size: int, side: int, seeds: list[int]) -> Tensor:
    """A square of ``side`` pixels at a place of its own for each seed, (B, 1, size, size).

    The paper's is 100 of 227 pixels, at a place drawn uniformly among those where it fits: ``square(32, 14, seeds)``.

    Raises ``ValueError`` if it does not fit, or would cover everything.
    """
    _check_side(size, side)
    draws = (torch.Generator().manual_seed(seed) for seed in seeds)
    return _squares(size, side, [torch.randint(size - side + 1, (2,), generator=draw).tolist() for draw in draws])


def half(size: int, which: str) -> Tensor:
    """Half of the picture: ``which`` is the side that is missing, left, right, top or bottom; (1, 1, size, size)."""
    if which not in SIDES:
        raise ValueError(f"which must be one of {', '.join(SIDES)}; got {which!r}")
    mask = torch.zeros(1, 1, size, size)
    part = slice(0, size // 2) if which in ("left", "top") else slice(size // 2, size)
    mask[(..., slice(None), part) if which in ("left", "right") else (..., part, slice(None))] = 1
    return mask


def random_pixels(size: int, missing: float, seeds: list[int]) -> Tensor:
    """Single pixels that are missing, a share of them, (B, 1, size, size)."""
    share(missing=missing)
    number = round(missing * size**2)
    if not 0 < number < size**2:
        raise ValueError(f"some pixels must be missing and some known; got a share of {missing} of {size**2} pixels")
    masks = torch.zeros(len(seeds), 1, size, size)
    for mask, seed in zip(masks, seeds, strict=True):
        order = torch.randperm(size**2, generator=torch.Generator().manual_seed(seed))
        mask.view(-1)[order[:number]] = 1
    return masks


def over(item: Tensor, side: int, seeds: list[int], least: float = 0.75) -> Tensor:
    """Squares over the item, (B, 1, H, W), each drawn from the places that hide nearly as much of it as any does.

    ``item`` (B, H, W) is 1 where the item is. A place counts if the square hides ``least`` times the most of the item
    that it can hide anywhere. Raises ``ValueError`` for a picture without an item, and as ``square`` does.
    """
    share(least=least)
    size = item.shape[-1]
    _check_side(size, side)
    if not bool(item.flatten(1).any(1).all()):
        raise ValueError("each picture must have an item: its mask is 0 everywhere in one of them")
    hidden = torch.nn.functional.avg_pool2d(item[:, None].double(), side, stride=1)[:, 0]  # (B, places, places)
    corners = []
    for shares, seed in zip(hidden, seeds, strict=True):
        places = (shares >= least * shares.max()).nonzero()
        corners.append(places[torch.randint(len(places), (), generator=torch.Generator().manual_seed(seed))].tolist())
    return _squares(size, side, corners)


def _check_side(size: int, side: int) -> None:
    count(side, "side")
    if side >= size:
        raise ValueError(f"the hole must be smaller than the picture of {size} pixels; got {side}")


def _squares(size: int, side: int, corners: list[list[int]]) -> Tensor:
    """A mask (1, size, size) for each upper left corner."""
    masks = torch.zeros(len(corners), 1, size, size)
    for mask, (top, left) in zip(masks, corners, strict=True):
        mask[:, top : top + side, left : left + side] = 1
    return masks
