"""Denoising autoencoders of points: the loss that Eq. 6 rests on, and a training short enough for a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from ppgn_lib.checks import count, positive

Sample = Callable[[int, torch.Generator], Tensor]  # how many -> clean samples (N, *D)


def dae_loss(R: Callable[[Tensor], Tensor], x: Tensor, sigma: float, noise: Tensor) -> Tensor:
    """``|R(x + sigma noise) - x|^2``, mean over samples and coordinates; x clean, noise ~ N(0, I), both ``(B, *D)``."""
    return (R(x + sigma * noise) - x).square().mean()


def fit(
    R: nn.Module, sample: Sample, sigma: float, *, steps: int, batch: int = 1024, lr: float = 2e-3, seed: int = 0
) -> Iterator[int]:
    """Train R in place on fresh samples; yields the number of steps done after each, so that the caller may watch.

    Adam, its learning rate falling to zero as a cosine.

    Raises
    ------
    ValueError
        sigma is not positive, or steps is less than 1.
    FloatingPointError
        The loss is no longer finite.

    """
    positive(sigma=sigma)  # without noise R learns to do nothing
    steps = count(steps, "steps")
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
