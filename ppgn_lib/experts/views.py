"""Conditions that look at an image otherwise: at a random view of it, or along a gradient of length 1.

They change what the condition says, not the image, as ``image_priors.jittered`` does.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib.checks import not_negative
from ppgn_lib.sampling.chain import LogProb, value_and_grad


def transformed(
    condition: LogProb,
    seeds: Sequence[int],
    *,
    shift: float = 0,
    turn: float = 0,
    crop: tuple[float, float] = (1, 1),
    noise: float = 0,
) -> LogProb:
    """A condition on images that are turned, cropped, shifted and made noisy at random first, anew at each call.

    What fits one position only so averages out. Each chain has its own random numbers; bilinear interpolation, and the
    border is mirrored. Sources: Olah et al. (2017) and, for crops and noise, Fel et al. (2023).

    Parameters
    ----------
    condition
        On images (B, 3, H, W), square ones where they are turned.
    seeds
        One a chain.
    shift
        Pixels, up to which either way.
    turn
        Degrees, up to which either way.
    crop
        Smallest and largest side of the part that is seen, as a share of the picture's; it lies anywhere in it and is
        enlarged to H x W. Beyond 1 the picture is made smaller, around its middle.
    noise
        Standard deviation, in the units of [-1, 1].

    Raises
    ------
    ValueError
        An extent is negative, or crop is no range of positive sides. At a call: more chains than seeds.

    """
    not_negative(shift=shift, turn=turn, noise=noise)
    low, high = crop
    if not 0 < low <= high:
        raise ValueError(f"crop must be two sides, 0 < smallest <= largest; got {crop}")
    generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]

    def log_prob(x: Tensor) -> Tensor:
        if len(x) > len(generators):
            raise ValueError(f"needs a seed for each of {len(x)} chains; got {len(generators)}")
        own = generators[: len(x)]
        u = 2 * torch.stack([torch.rand(6, generator=g) for g in own]).to(x) - 1  # (B, 6) in [-1, 1]
        angle = torch.deg2rad(turn * u[:, 0])
        side = low + (high - low) * (u[:, 1] + 1) / 2
        room = (1 - side).clamp(min=0)  # for the middle of a crop, in half sides
        middle = room[:, None] * u[:, 2:4] + 2 * shift / x.shape[-1] * u[:, 4:6]
        rotation = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).view(-1, 2, 2)
        matrix = torch.cat([side[:, None, None] * rotation, middle[:, :, None]], 2)  # (B, 2, 3)
        grid = F.affine_grid(matrix, list(x.shape), align_corners=False)
        seen = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
        if noise:
            seen = seen + noise * torch.stack([torch.randn(x.shape[1:], generator=g) for g in own]).to(x)
        return condition(seen)

    return log_prob


def normalised(condition: LogProb) -> LogProb:
    """``condition`` with its gradient scaled to length 1 for each chain: eps2 is then the length of a step.

    NOT IN PAPER: it takes the place of Adam in the sources named above, whose step hardly depends on the length either.
    A gradient of 0 stays 0.
    """

    def log_prob(h: Tensor) -> Tensor:
        log_p, grad = value_and_grad(condition, h.detach())
        length = grad.flatten(1).norm(dim=1).clamp(min=torch.finfo(grad.dtype).tiny)
        return log_p + ((h - h.detach()) * grad).flatten(1).sum(1) / length

    return log_prob
