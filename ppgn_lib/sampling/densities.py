"""Densities that one can see, with what is known of them in closed form; all else comes from torch.distributions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal


@dataclass(frozen=True)
class Banana:
    """``x1 ~ N(0, scale^2)``, ``x2 | x1 ~ N(bend (x1^2 - scale^2), 1)``: means 0, a curved ridge."""

    bend: float = 0.25
    scale: float = 2.0

    def log_prob(self, x: Tensor) -> Tensor:
        """X (B, 2) -> (B,), normalised."""
        a, b = x.unbind(-1)
        straight = b - self.bend * (a**2 - self.scale**2)
        return -((a / self.scale) ** 2 + straight**2) / 2 - math.log(2 * math.pi * self.scale)

    def variances(self) -> tuple[float, float]:
        """Of x1 and x2: ``scale^2`` and ``1 + 2 bend^2 scale^4``."""
        return self.scale**2, 1 + 2 * self.bend**2 * self.scale**4


@dataclass(frozen=True)
class Ring:
    """``log p = -(|x| - radius)^2 / (2 width^2)`` in the plane, up to a constant: one mode that has no end."""

    radius: float = 3.0
    width: float = 0.4

    def log_prob(self, x: Tensor) -> Tensor:
        """X (B, 2) -> (B,), up to a constant."""
        return -((x.norm(dim=-1) - self.radius) ** 2) / (2 * self.width**2)


def mixture(weights: Tensor, means: Tensor, std: float | Tensor) -> MixtureSameFamily:
    """K round Gaussians: weights (K,), means (K, D), one std or one each (K,). ``log_prob``: (B, D) -> (B,).

    Raises ``ValueError`` (by torch.distributions) for weights that are negative or a std that is not positive.
    """
    spread = torch.as_tensor(std, dtype=means.dtype).expand(len(means))[:, None].expand_as(means)
    return MixtureSameFamily(Categorical(weights), Independent(Normal(means, spread), 1))


def smoothed(weights: Tensor, means: Tensor, std: float, sigma: float) -> MixtureSameFamily:
    """The mixture's density after N(0, sigma^2) was added to its samples: its variances grow by sigma^2."""
    return mixture(weights, means, math.hypot(std, sigma))
