"""Stochastic gradient Langevin dynamics, the model of MALA-approx though not in Table S1: a kernel as in ``mcmc``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ppgn_lib.checks import positive
from ppgn_lib.sampling.chain import value_and_grad
from ppgn_lib.sampling.mcmc import Draws, Info, MCMCState, move


@dataclass(frozen=True)
class SGLD:
    """Stochastic gradient Langevin dynamics: Eq. 12's proposal with the gradient of a minibatch and a falling step.

    Parameters
    ----------
    log_density
        ``(x, indices)`` -> (B,): an unbiased estimate of the log-density of each chain from the data at its indices,
        (B, batch) in 0 ... size-1. For a posterior that is log p(x) + size/batch * sum over them of log p(data|x).
    size, batch
        Number of data and of those in a minibatch, drawn with replacement by each chain for itself.
    sigma
        Step t -> sigma of Eq. 12; ``polynomial`` makes one that falls as Welling & Teh (2011) ask.

    Never rejected: the error of its steps goes to zero with them. Source: Welling & Teh (2011).

    """

    log_density: Callable[[Tensor, Tensor], Tensor]
    size: int
    batch: int
    sigma: Callable[[int], float]

    def __post_init__(self) -> None:
        if not 1 <= self.batch <= self.size:
            raise ValueError(f"batch must be in 1 ... size; got batch={self.batch}, size={self.size}")

    def evaluate(self, x: Tensor, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density and its gradient by a minibatch of each chain's own, picked by ``batch`` ~ N(0, I)."""
        u = torch.special.ndtr(batch)  # N(0, 1) -> uniform
        indices = (u * self.size).long().clamp(max=self.size - 1)
        return value_and_grad(lambda leaf: self.log_density(leaf, indices), x)

    def __call__(self, state: MCMCState, draws: Draws) -> tuple[MCMCState, Info]:
        """Move."""
        sigma = self.sigma(state.t)
        positive(sigma=sigma)
        x = state.x + sigma**2 / 2 * state.grad + sigma * draws.z
        return move(state, x, *self.evaluate(x, draws.batch))


def polynomial(a: float, b: float = 1.0, gamma: float = 0.55) -> Callable[[int], float]:
    """Welling & Teh's schedule ``sigma_t^2 = a (b + t)^-gamma``: steps sum to infinity, their squares do not.

    Raises ``ValueError`` unless a and b are positive and gamma is in (0.5, 1].
    """
    positive(a=a, b=b)
    if not 0.5 < gamma <= 1:
        raise ValueError(f"gamma must be in (0.5, 1]; got {gamma}: otherwise the steps do not fall as they must")
    return lambda t: math.sqrt(a * (b + t) ** -gamma)
