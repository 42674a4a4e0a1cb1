"""The sampler: Eq. 11 as printed, one function for each of its parts.

    h[t+1] = h[t] + eps1 * (R(h[t]) - h[t]) + eps2 * d log p(y|G(h[t])) / dh[t] + eps3 * N(0, I)

A *prior* is a vector field ``h -> R(h) - h`` and a *condition* a function ``h -> log p(y|h)`` with one value per
chain; modules ``priors`` and ``conditions`` make them. Chains are axis 0 and never touch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

Prior = Callable[[Tensor], Tensor]  # (B, *H) -> (B, *H)
LogProb = Callable[[Tensor], Tensor]  # (B, *H) -> (B,)


@dataclass(frozen=True)
class Eps:
    """The three multipliers of Eq. 11.

    Parameters
    ----------
    eps1
        Of the prior's field R(h) - h.
    eps2
        Of the condition's gradient.
    eps3
        Standard deviation of the noise.

    Raises
    ------
    ValueError
        One of them is negative or not finite.

    """

    eps1: float
    eps2: float
    eps3: float = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise TypeError(f"{name} must be a number; got {value!r}")
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be finite and not negative; got {value}")

    @classmethod
    def langevin(cls, delta: float, sigma: float) -> Eps:
        """The one setting in which Eq. 11 is a Langevin step of size ``delta`` (Eq. 12 with sigma^2/2 = delta).

        ``sigma`` is the standard deviation of the noise that R was trained with: R(h) - h is then
        sigma^2 times a score (Eq. 6), hence eps1 = delta/sigma^2, eps2 = delta, eps3 = sqrt(2 delta).
        Any other setting is "decoupled".
        """
        if not (math.isfinite(delta) and delta > 0 and math.isfinite(sigma) and sigma > 0):
            raise ValueError(f"delta and sigma must be finite and positive; got delta={delta}, sigma={sigma}")
        return cls(delta / sigma**2, delta, math.sqrt(2 * delta))


class State(NamedTuple):
    """All terms of Eq. 11 at the same h."""

    h: Tensor  # (B, *H)
    prior: Tensor  # (B, *H)  R(h) - h
    log_p: Tensor  # (B,)     log p(y | G(h)), natural logarithm
    grad: Tensor  # (B, *H)  d log p(y | G(h)) / dh


class Noise:
    """A stream of N(0, I) for each chain: chain i draws the same alone or among others, on any device.

    Drawn on the CPU from one generator a chain, then moved. The streams go on where they stopped: hand the
    same object to a second ``chain`` and 4 + 6 steps are 10.

    Parameters
    ----------
    seeds
        One integer a chain, in [0, 2^63).

    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self.generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]
        # What is drawn ahead, by shape and dtype: calling each generator in each step costs more than the step.
        self._ahead: dict[tuple[torch.Size, torch.dtype], Iterator[Tensor]] = {}

    def __len__(self) -> int:
        return len(self.generators)

    def draw(self, like: Tensor) -> Tensor:
        """The next N(0, I) of each chain, of the shape, dtype and device of ``like`` ``(B, *H)``."""
        shape, dtype = like.shape[1:], like.dtype
        noise = next(self._ahead.get((shape, dtype), iter(())), None)  # (B, *H) of all chains
        if noise is None:
            steps = max(1, 1024 // max(1, shape.numel()))
            rows = [torch.randn((steps, *shape), dtype=dtype, generator=g) for g in self.generators]
            self._ahead[shape, dtype] = iter(torch.stack(rows, 1))
            noise = next(self._ahead[shape, dtype])
        return noise[: len(like)].to(like.device)


def value_and_grad(log_prob: LogProb, x: Tensor) -> tuple[Tensor, Tensor]:
    """``log_prob(x)`` (B,) and its gradient ``(B, *H)``; chains are independent, so one backward pass serves all.

    An x that requires grad is handed on as it is, another one as a leaf of its own.

    Raises
    ------
    ValueError
        Not one value per chain, or nothing that depends on x differentiably.

    """
    with torch.enable_grad():
        leaf = x if x.requires_grad else x.detach().requires_grad_()
        log_p = one_each(log_prob(leaf), x)
        grad = torch.autograd.grad(log_p.sum(), leaf, allow_unused=True)[0] if log_p.requires_grad else None
        if grad is None:
            raise ValueError("log_prob has no gradient: compute it from x by torch, without detach or no_grad")
    return log_p.detach(), grad


def one_each(log_p: Tensor, x: Tensor) -> Tensor:
    """``log_p`` itself if it has one value per chain of x; else ``ValueError``."""
    if not isinstance(log_p, Tensor) or log_p.shape != x.shape[:1]:
        got = tuple(log_p.shape) if isinstance(log_p, Tensor) else type(log_p).__name__
        raise ValueError(f"log_prob must return ({len(x)},), one value per chain; got {got}")
    return log_p


@torch.no_grad()
def evaluate(h: Tensor, prior: Prior, log_prob: LogProb) -> State:
    """The terms of Eq. 11 at h ``(B, *H)``. Chains are independent, so d(sum)/dh is the gradient of each.

    Raises
    ------
    ValueError
        As ``value_and_grad`` does, or the prior returns a field of another shape than h.

    """
    leaf = h.detach().requires_grad_()
    log_p, grad = value_and_grad(log_prob, leaf)
    field = prior(leaf)  # after log_p, so that passes remembered by `once` carry their graph
    if field.shape != h.shape:
        raise ValueError(
            f"the prior must return R(h) - h of the shape of h, {tuple(h.shape)}; got {tuple(field.shape)}: "
            f"the encoder's code does not fit the generator's"
        )
    return State(h, field, log_p, grad)


def update(s: State, eps: Eps, noise: Tensor) -> Tensor:
    """Eq. 11 for B independent chains. noise ~ N(0, I), ``(B, *H)``; eps3 is a standard deviation."""
    return s.h + eps.eps1 * s.prior + eps.eps2 * s.grad + eps.eps3 * noise


def chain(
    h0: Tensor, prior: Prior, log_prob: LogProb, eps: Eps, *, steps: int, seeds: Sequence[int] | Noise | None = None
) -> Iterator[State]:
    """B chains of Eq. 11 from the codes ``h0`` ``(B, *H)``: yields ``steps`` + 1 states, the first at ``h0``.

    Everything is checked at the call, not at the first ``next``. Thinning, stopping, plotting and progress
    bars are the caller's: ``for s in tqdm(chain(...))``.

    Parameters
    ----------
    seeds
        One seed a chain, or a ``Noise`` that goes on; needed when eps3 > 0.

    Raises
    ------
    ValueError
        steps < 1, fewer seeds than chains, h0 not finite, or networks that do not fit.
    FloatingPointError
        While it runs: a chain has diverged; names the step, the chain and eps.

    """
    noise = _start(h0, eps, steps, seeds)
    first = evaluate(h0.detach().clone(), prior, log_prob)
    return _run(first, prior, log_prob, lambda s, t: update(s, eps, _draw(noise, s.h)), steps, eps)


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
    if not (math.isfinite(size) and size > 0 and math.isfinite(size_end) and size_end >= 0):
        raise ValueError(f"size must be positive, size_end not negative, both finite; got {size}, {size_end}")
    noise = _start(h0, eps, steps, seeds)
    first = evaluate(h0.detach().clone(), prior, log_prob)

    def advance(s: State, t: int) -> Tensor:
        return released_update(s, eps, _draw(noise, s.h), size + (size_end - size) * t / steps, clip)

    return _run(first, prior, log_prob, advance, steps, eps)


def _start(h0: Tensor, eps: Eps, steps: int, seeds: Sequence[int] | Noise | None) -> Noise | None:
    if not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps must be an integer of at least 1; got {steps!r}")
    if h0.ndim < 2 or not h0.is_floating_point():
        raise ValueError(f"h0 must be floating point codes, chains along axis 0; got {h0.dtype} {tuple(h0.shape)}")
    if not torch.isfinite(h0).all():
        raise ValueError("h0 must be finite; got NaN or infinity in it")
    if eps.eps3 == 0:
        return None
    if seeds is None or len(seeds) < len(h0):
        given = "none" if seeds is None else len(seeds)
        raise ValueError(f"eps3 > 0 needs a seed for each of the {len(h0)} chains; got {given}: seeds=range({len(h0)})")
    return seeds if isinstance(seeds, Noise) else Noise(seeds)


def _draw(noise: Noise | None, like: Tensor) -> Tensor:
    return torch.zeros_like(like) if noise is None else noise.draw(like)


def _run(
    state: State, prior: Prior, log_prob: LogProb, advance: Callable[[State, int], Tensor], steps: int, eps: Eps
) -> Iterator[State]:
    for t in range(steps + 1):
        finite = (torch.isfinite(state.h) & torch.isfinite(state.grad) & torch.isfinite(state.prior)).flatten(1).all(1)
        finite &= torch.isfinite(state.log_p)
        if not finite.all():
            lost = (~finite).nonzero().flatten().tolist()
            raise FloatingPointError(
                f"chains {lost} of {len(finite)} diverged at step {t} with {eps}; use smaller ones"
            )
        yield state
        if t < steps:
            state = evaluate(advance(state, t), prior, log_prob)
