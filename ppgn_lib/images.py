"""Images in and out: checked tensors, codes of real images, pictures for the eye."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ppgn_lib.data import SIZE
from ppgn_lib.networks import Features


def check_images(x: Tensor, size: int | None = SIZE) -> Tensor:
    """``x`` itself if it is a batch of images: float (B, 3, size, size) in [-1, 1]; of any size if ``size`` is None.

    Raises
    ------
    TypeError
        For another dtype, saying how to convert 0-255 integers.
    ValueError
        For another shape or range.

    """
    if not isinstance(x, Tensor) or not x.is_floating_point():
        kind = x.dtype if isinstance(x, Tensor) else type(x).__name__
        raise TypeError(f"images must be a floating point tensor in [-1, 1]; got {kind}: for 0-255 use x / 127.5 - 1")
    height, width = ("H", "W") if size is None else (size, size)
    if x.ndim != 4 or x.shape[1] != 3 or (size and tuple(x.shape[2:]) != (size, size)) or not x.numel():
        raise ValueError(
            f"images must be (B, 3, {height}, {width}); got {tuple(x.shape)}: resize or unsqueeze(0) first"
        )
    low, high = x.amin().item(), x.amax().item()
    if not (low >= -1 and high <= 1):  # false for NaN too
        raise ValueError(
            f"images must lie in [-1, 1]; got [{low:.3g}, {high:.3g}]: clamp, or for 0-255 use x / 127.5 - 1"
        )
    return x


def encode(E: Callable[[Tensor], Features], x: Tensor) -> Tensor:
    """The codes of real images, where a chain may start: ``E(x).h``, (B, 256), without gradient.

    Raises as ``check_images`` does when x are not images (B, 3, 32, 32) in [-1, 1].
    """
    with torch.no_grad():
        return E(check_images(x)).h


def for_display(x: Tensor) -> Tensor:
    """[-1, 1] -> [0, 1] as (B, H, W, 3) on the CPU; what lies outside, as G's linear output may, is clipped."""
    return (x.detach().float().cpu().clamp(-1, 1) / 2 + 0.5).permute(0, 2, 3, 1)


def mosaic(x: Tensor, columns: int, gap: int = 1) -> Tensor:
    """Images (N, 3, H, W) row by row as one picture (H', W', 3) in [0, 1], white lines of ``gap`` pixels between."""
    if len(x) % columns:
        raise ValueError(f"{len(x)} images do not fill rows of {columns}")
    tiles = torch.nn.functional.pad(for_display(x).permute(0, 3, 1, 2), (0, gap, 0, gap), value=1.0)
    rows = len(x) // columns
    grid = tiles.unflatten(0, (rows, columns)).permute(0, 3, 1, 4, 2)  # rows, H, columns, W, 3
    height, width = tiles.shape[2:]
    return grid.reshape(rows * height, columns * width, 3)[: rows * height - gap, : columns * width - gap]
