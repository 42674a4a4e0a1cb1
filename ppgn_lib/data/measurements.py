"""Maps that keep a part of what a picture shows: a small copy, its grey values, a blurred copy.

What they give is a condition by ``experts.known_pixels.measured``.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

Map = Callable[[Tensor], Tensor]  # pictures (B, 3, H, W) -> what is measured of them (B, C, h, w)


def small(x: Tensor) -> Tensor:
    """Means over 4 by 4 pixels, (B, 3, H/4, W/4)."""
    return F.avg_pool2d(x, 4)


def grey(x: Tensor) -> Tensor:
    """The luminance of Rec. 601, (B, 1, H, W)."""
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device)
    return (x * weights[:, None, None]).sum(1, keepdim=True)


def blurred(x: Tensor) -> Tensor:
    """Means over the 7 by 7 pixels around each, the border continued, (B, 3, H, W)."""
    return F.avg_pool2d(F.pad(x, (3, 3, 3, 3), mode="replicate"), 7, 1)


MAPS: dict[str, Map] = {"16 times fewer pixels": small, "grey": grey, "blurred": blurred}
