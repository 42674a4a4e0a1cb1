"""The step of the authors' code, a sampler of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from ppgn_lib.checks import count, not_negative, positive
from ppgn_lib.sampling.chain import Eps, LogProb, Prior, State, draw, evaluate, run, start
from ppgn_lib.sampling.noise import Noise


def released_update(s: State, eps: Eps, noise: Tensor, size: float, clip: tuple[float, float]) -> Tensor:
    """The step of the authors' code: Eq. 11's sum, scaled to a mean absolute size per coordinate, then clipped.

    NOT IN PAPER. The noise is inside the scaled sum, so only the ratios of the three eps matter. A chain
    whose sum is zero stays where it is.
    """
    d = eps.eps1 * s.prior + eps.eps2 * s.grad + eps.eps3 * noise
    mean = d.abs().flatten(1).mean(1).view(-1, *[1] * (d.ndim - 1))  # over coordinates, one value a chain
    scale = torch.where(mean > 0, size / mean, torch.zeros_like(mean))
    return (s.h + scale * d).clamp(*clip)


def released_chain(
    h0: Tensor,
    prior: Prior,
    log_prob: LogProb,
    eps: Eps,
    *,
    steps: int,
    size: float = 1.0,
    size_end: float | None = None,
    clip: tuple[float, float] = (0.0, 30.0),
    seeds: Sequence[int] | Noise | None = None,
) -> Iterator[State]:
    """As ``chain``, with the authors' released step.

    ``size`` goes linearly towards ``size_end``, as theirs does: step t has size + (size_end - size) t / steps.
    For the gradient as released use ``conditions.released_classes``. Their size 1 is for codes of AlexNet's
    fc6; what matters is its ratio to the mean activation.
    """
    size_end = size if size_end is None else size_end
    if not clip[0] < clip[1]:
        raise ValueError(f"clip must be (low, high) with low < high; got {clip}")
    positive(size=size)
    not_negative(size_end=size_end)
    noise, steps = start(h0, prior, log_prob, eps, seeds), count(steps, "steps")
    first = evaluate(h0.detach().clone(), prior, log_prob)

    def advance(s: State, t: int) -> Tensor:
        return released_update(s, eps, draw(noise, s.h), size + (size_end - size) * t / steps, clip)

    return run(first, prior, log_prob, advance, steps, eps)
