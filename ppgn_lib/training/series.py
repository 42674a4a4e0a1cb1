"""Short trainings on series, seconds each: of a denoiser and of classifiers, in place."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.checks import positive
from ppgn_lib.networks.series import SeriesDenoiser
from ppgn_lib.training.point_denoiser import fit

Net = TypeVar("Net", bound=nn.Module)


def denoiser_of(x: Tensor, sigma: float, *, steps: int, seed: int, batch: int = 64) -> SeriesDenoiser:
    """R for series x (N, C, T) with noise of deviation ``sigma``, frozen. The seed draws weights, batches, noise.

    Raises ``ValueError`` and ``FloatingPointError`` as ``point_denoiser.fit`` does.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        R = SeriesDenoiser(x.shape[1])
    for _ in fit(
        R, lambda n, g: x[torch.randint(len(x), (n,), generator=g)], sigma, steps=steps, batch=batch, seed=seed
    ):
        pass
    return R.eval().requires_grad_(False)


def taught(net: Net, x: Tensor, y: Tensor, *, steps: int, seed: int, sigma: float = 0.3, lr: float = 2e-3) -> Net:
    """A classifier of series x (N, C, T) with labels y (N,), frozen: Adam on all of them at once, each with noise.

    The same noise as in training makes its gradient smooth where the chain starts, which is noise.
    """
    positive(sigma=sigma, steps=steps)
    adam = torch.optim.Adam(net.parameters(), lr)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for _ in range(steps):
            adam.zero_grad()
            F.cross_entropy(net(x + sigma * torch.randn_like(x)), y).backward()
            adam.step()
    return net.eval().requires_grad_(False)
