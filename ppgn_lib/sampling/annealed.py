"""Langevin steps while the noise that the prior was trained for falls: from far off to the fine detail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ppgn_lib.checks import count, not_negative, positive
from ppgn_lib.sampling.chain import Eps, LogProb, Prior, chain
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.sampling.once import once

Denoiser = Callable[[Tensor, float], Tensor]  # R(h; sigma): (B, *H) -> (B, *H)


class Annealed(NamedTuple):
    """A state of an annealed chain."""

    h: Tensor  # (B, *H)  as it is, with noise
    clean: Tensor  # (B, *H)  R(h; sigma), the mean of the codes that it may have come from
    sigma: float


def annealed_chain(
    h0: Tensor,
    R: Denoiser,
    log_prob: LogProb,
    levels: Sequence[float],
    *,
    updates: int,
    share: float,
    k: float = 1.0,
    seeds: Sequence[int] | Noise,
) -> Iterator[Annealed]:
    """B chains of Eq. 11 from ``h0`` ``(B, *H)`` with ``updates`` updates at each noise level; yields each new state.

    At noise sigma an update is a Langevin step of size delta = share * sigma^2 with the prior R(h; sigma) - h, which is
    sigma^2 times the score of the smoothed density (Eq. 6), and k times the condition's weight: ``Eps(share, k delta,
    sqrt(2 delta))``. The condition reads the clean code R(h; sigma), since no network of images has learned to
    see noise on codes. NOT IN PAPER, where a prior has one noise; source: Song & Ermon (2019).

    Parameters
    ----------
    h0
        Best drawn from N(0, sigma^2), sigma the first level, beside which the data are small.
    levels
        Sigma, mostly falling.
    share
        Of the way to R(h; sigma) that an update goes, from 0 to 1.
    k
        1 asks for p(h) p(y|h); more asks for surer classes.
    seeds
        One a chain, or a ``Noise`` that goes on.

    Raises
    ------
    ValueError
        At the call: updates < 1, levels or share not positive, no level, or fewer seeds than chains.
    FloatingPointError
        While it runs: a chain has diverged.

    """
    if not len(levels):
        raise ValueError("levels must have at least one noise level; got none")
    for sigma in levels:
        positive(level=sigma)
    positive(share=share)
    not_negative(k=k)
    updates = count(updates, "updates")
    noise = seeds if isinstance(seeds, Noise) else Noise(seeds)
    if len(noise) < len(h0):
        raise ValueError(f"needs a seed for each of the {len(h0)} chains; got {len(noise)}")
    return _run(h0, R, log_prob, levels, updates, share, k, noise)


def _run(
    h: Tensor,
    R: Denoiser,
    log_prob: LogProb,
    levels: Sequence[float],
    updates: int,
    share: float,
    k: float,
    noise: Noise,
) -> Iterator[Annealed]:
    for sigma in levels:
        prior, of_clean = _at(R, log_prob, float(sigma))
        langevin = Eps.langevin(share * sigma**2, sigma)
        eps = Eps(langevin.eps1, k * langevin.eps2, langevin.eps3)
        states = chain(h, prior, of_clean, eps, steps=updates, seeds=noise)
        next(states)  # where it is already
        for state in states:
            h = state.h
            yield Annealed(h, state.prior + h, float(sigma))


def _at(R: Denoiser, log_prob: LogProb, sigma: float) -> tuple[Prior, LogProb]:
    """R at one noise, and the condition on what it makes of a code."""
    clean = once(lambda h: R(h, sigma))
    return lambda h: clean(h) - h, lambda h: log_prob(clean(h))


def falling(first: float, last: float, count: int) -> list[float]:
    """Noise levels from ``first`` to ``last``, each the same share of the one before."""
    positive(first=first, last=last)
    return torch.logspace(torch.tensor(first).log10(), torch.tensor(last).log10(), count, dtype=torch.float64).tolist()
