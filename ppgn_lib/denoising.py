"""Denoising autoencoders and the score they know (Eq. 6).

R is trained to undo N(0, sigma^2): of all functions ``R(x) = E[clean | x]`` does it best, and by Tweedie's formula
``(R(x) - x) / sigma^2`` is the score of the density *after* the noise, the smoothed one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

Sample = Callable[[int, torch.Generator], Tensor]  # how many -> clean samples (N, *D)


class ResidualMLP(nn.Module):
    """``R(x) = x + f(x)`` for points (B, size): f is a perceptron of ``depth`` hidden layers, nearly zero at first.

    What it learns is the displacement, so that a small sigma does not have to be the difference of two large numbers.
    """

    def __init__(self, size: int, width: int = 128, depth: int = 3) -> None:
        super().__init__()
        widths = [size] + [width] * depth
        layers = [part for a, b in itertools.pairwise(widths) for part in (nn.Linear(a, b), nn.SiLU())]
        last = nn.Linear(width, size)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.layers = nn.Sequential(*layers, last)

    def forward(self, x: Tensor) -> Tensor:
        """(B, size) -> (B, size)."""
        return x + self.layers(x)


def dae_loss(R: Callable[[Tensor], Tensor], x: Tensor, sigma: float, noise: Tensor) -> Tensor:
    """``|R(x + sigma noise) - x|^2``, mean over samples and coordinates; x clean, noise ~ N(0, I), both ``(B, *D)``."""
    return (R(x + sigma * noise) - x).square().mean()


def fit(
    R: nn.Module, sample: Sample, sigma: float, *, steps: int, batch: int = 1024, lr: float = 2e-3, seed: int = 0
) -> Iterator[int]:
    """Train R in place on fresh samples; yields the number of steps done after each, so that the caller may look.

    Adam, its learning rate falling to zero as a cosine.

    Raises
    ------
    ValueError
        sigma is not positive, or steps is less than 1.
    FloatingPointError
        The loss is no longer finite.

    """
    if not (math.isfinite(sigma) and sigma > 0):
        raise ValueError(f"sigma must be finite and positive; got {sigma}: without noise R learns to do nothing")
    if steps < 1:
        raise ValueError(f"steps must be at least 1; got {steps}")
    return _fit(R, sample, sigma, steps, batch, lr, seed)


def _fit(R: nn.Module, sample: Sample, sigma: float, steps: int, batch: int, lr: float, seed: int) -> Iterator[int]:
    generator = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(R.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    for t in range(steps):
        x = sample(batch, generator)
        loss = dae_loss(R, x, sigma, torch.randn(x.shape, dtype=x.dtype, generator=generator))
        if not torch.isfinite(loss):
            raise FloatingPointError(f"step {t}: the loss is not finite; try a smaller lr")
        adam.zero_grad()
        loss.backward()
        adam.step()
        schedule.step()
        yield t + 1


def score(R: Callable[[Tensor], Tensor], sigma: float) -> Callable[[Tensor], Tensor]:
    """Eq. 6: ``x -> (R(x) - x) / sigma^2``, the score that R stands for."""
    return lambda x: (R(x) - x) / sigma**2


def asymmetry(field: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """``|J - J^T| / |J + J^T|`` of the field's Jacobian at each x (B, D), Frobenius norms: (B,).

    0 for the gradient of anything; a field with more has no density behind it.
    """
    with torch.no_grad():
        jacobian = torch.func.vmap(torch.func.jacrev(lambda one: field(one[None])[0]))(x)  # (B, D, D)
    transposed = jacobian.transpose(1, 2)
    return torch.linalg.matrix_norm(jacobian - transposed) / torch.linalg.matrix_norm(jacobian + transposed)


def relative_error(field: Tensor, truth: Tensor) -> Tensor:
    """``sqrt(E|field - truth|^2 / E|truth|^2)`` over points (N, D): a number."""
    return ((field - truth).square().sum() / truth.square().sum()).sqrt()
