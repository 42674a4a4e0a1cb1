"""How well a hole was filled: against the photograph that was there, and along the border of the hole."""

from __future__ import annotations

import torch
from torch import Tensor
from torchmetrics.functional.image import structural_similarity_index_measure


def psnr_in(x: Tensor, photograph: Tensor, hole: Tensor) -> Tensor:
    """Peak signal-to-noise ratio within the hole in decibels, (B,); pictures (B, 3, H, W) in [-1, 1]."""
    error = mean_over((x - photograph).square(), hole)
    return 10 * torch.log10(4 / error.clamp(min=1e-12))  # the range is 2


def ssim_in(x: Tensor, photograph: Tensor, hole: Tensor) -> Tensor:
    """Structural similarity, mean of its map over the hole, (B,); windows of Wang et al. (2004), cut to the picture."""
    kernel = min(11, (min(x.shape[2:]) // 2) * 2 - 1)
    _, full = structural_similarity_index_measure(
        x, photograph, data_range=2.0, kernel_size=kernel, reduction="none", return_full_image=True
    )
    return mean_over(full, hole)


def border_step(x: Tensor, hole: Tensor) -> Tensor:
    """Mean absolute difference of two neighbouring pixels of which one is in the hole, (B,), in the units of [-1, 1].

    A photograph has such differences too; the mismatch of a fill is this over the photograph's own.
    """
    mask = hole.bool().expand(len(x), 1, *x.shape[2:])
    total, number = x.new_zeros(len(x)), x.new_zeros(len(x))
    for axis in (2, 3):
        n = x.shape[axis]
        a, b = x.narrow(axis, 0, n - 1), x.narrow(axis, 1, n - 1)
        across = mask.narrow(axis, 0, n - 1) != mask.narrow(axis, 1, n - 1)
        total += ((a - b).abs().mean(1, keepdim=True) * across).flatten(1).sum(1)
        number += across.flatten(1).sum(1)
    return total / number.clamp(min=1)


def inner(hole: Tensor, by: int = 2) -> Tensor:
    """The part of the hole that is more than ``by`` pixels from all that is known; (B, 1, H, W), 1 and 0.

    What lies nearer, ``hole - inner(hole)``, can largely be told from the known pixels beside it.
    """
    return 1 - torch.nn.functional.max_pool2d(1 - hole, 2 * by + 1, stride=1, padding=by)


def mean_over(error: Tensor, mask: Tensor) -> Tensor:
    """Mean of (B, 3, H, W) over the pixels of a mask (B, 1, H, W), (B,)."""
    return (error * mask).flatten(1).sum(1) / mask.expand_as(error).flatten(1).sum(1)
