"""Images in and out: checked tensors, pictures for the eye."""

from __future__ import annotations

import torch
from torch import Tensor


def check_images(x: Tensor) -> Tensor:
    """``x`` itself if it is a batch of images: float (B, 3, H, W) in [-1, 1].

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
    if x.ndim != 4 or x.shape[1] != 3 or not x.numel():
        raise ValueError(f"images must be (B, 3, H, W), at least one; got {tuple(x.shape)}: for a single one x[None]")
    low, high = x.amin().item(), x.amax().item()
    if not (low >= -1 and high <= 1):  # false for NaN too
        raise ValueError(
            f"images must lie in [-1, 1]; got [{low:.3g}, {high:.3g}]: clamp, or for 0-255 use x / 127.5 - 1"
        )
    return x


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
