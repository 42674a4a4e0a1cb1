"""The sampler: Eq. 11 as printed, one function for each of its parts.

    h[t+1] = h[t] + eps1 * (R(h[t]) - h[t]) + eps2 * d log p(y|G(h[t])) / dh[t] + eps3 * N(0, I)

A *prior* is a vector field ``h -> R(h) - h`` and a *condition* a function ``h -> log p(y|h)`` with one value per
chain; ``experts.priors`` and ``experts.conditions`` make them. Chains are axis 0 and never touch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor

from ppgn_lib.checks import count, not_negative, positive
from ppgn_lib.sampling.noise import Noise, check_seeds
from ppgn_lib.sampling.once import one_step

Prior = Callable[[Tensor], Tensor]  # (B, *H) -> (B, *H)
LogProb = Callable[[Tensor], Tensor]  # (B, *H) -> (B,)
Lost = Literal["raise", "nan"]


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
    TypeError
        One of them is no number; those of NumPy are.

    """

    eps1: float
    eps2: float
    eps3: float = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            not_negative(**{name: value})
            object.__setattr__(self, name, float(value))

    @classmethod
    def langevin(cls, delta: float, sigma: float) -> Eps:
        """The one setting in which Eq. 11 is a Langevin step of size ``delta`` (Eq. 12 with sigma^2/2 = delta).

        ``sigma`` is the standard deviation of the noise that R was trained with: R(h) - h is then
        sigma^2 times a score (Eq. 6), hence eps1 = delta/sigma^2, eps2 = delta, eps3 = sqrt(2 delta).
        Any other setting is "decoupled".
        """
        positive(delta=delta, sigma=sigma)
        return cls(delta / sigma**2, delta, math.sqrt(2 * delta))


class State(NamedTuple):
    """All terms of Eq. 11 at the same h."""

    h: Tensor  # (B, *H)
    prior: Tensor  # (B, *H)  R(h) - h
    log_p: Tensor  # (B,)     log p(y | G(h)), natural logarithm
    grad: Tensor  # (B, *H)  d log p(y | G(h)) / dh


def value_and_grad(log_prob: LogProb, x: Tensor, *, keep_graph: bool = False) -> tuple[Tensor, Tensor]:
    """``log_prob(x)`` (B,) and its gradient ``(B, *H)``; chains are independent, so one backward pass serves all.

    An x that requires grad is handed on as it is, another one as a leaf of its own. ``keep_graph`` leaves the passes
    that ``once`` remembers usable for another gradient.

    Raises
    ------
    ValueError
        Not one value per chain, or nothing that depends on x differentiably.

    """
    with torch.enable_grad():
        leaf = x if x.requires_grad else x.detach().requires_grad_()
        log_p = one_each(log_prob(leaf), x)
        grad = None
        if log_p.requires_grad:
            (grad,) = torch.autograd.grad(log_p.sum(), leaf, allow_unused=True, retain_graph=keep_graph)
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
    with one_step():
        log_p, grad = value_and_grad(log_prob, leaf, keep_graph=True)
        field = prior(leaf)  # after log_p, so that passes remembered by `once` carry their graph
    if field.shape != h.shape:
        raise ValueError(
            f"the prior must return R(h) - h of the shape of h, {tuple(h.shape)}; got {tuple(field.shape)}: "
            f"the encoder's code does not fit the generator's"
        )
    return State(h, field, log_p, grad)


def update(s: State, eps: Eps, noise: Tensor) -> Tensor:
    """Eq. 11 for B independent chains.

    noise ~ N(0, I), ``(B, *H)``; eps3 is a standard deviation.
    """
    return s.h + eps.eps1 * s.prior + eps.eps2 * s.grad + eps.eps3 * noise


def chain(
    h0: Tensor,
    prior: Prior,
    log_prob: LogProb,
    eps: Eps,
    *,
    steps: int,
    seeds: Sequence[int] | Noise | None = None,
    lost: Lost = "raise",
) -> Iterator[State]:
    """B chains of Eq. 11 from the codes ``h0`` ``(B, *H)``: yields ``steps`` + 1 states, the first at ``h0``.

    Everything is checked at the call, not at the first ``next``. Thinning, stopping, plotting and progress
    bars are the caller's: ``for s in tqdm(chain(...))``.

    Parameters
    ----------
    seeds
        One seed a chain, or a ``Noise`` that goes on; needed when eps3 > 0.
    lost
        What becomes of a chain that diverges: "raise" ends all of them; with "nan" it is NaN from there on, and the
        others go on.

    Raises
    ------
    ValueError
        steps < 1, fewer seeds than chains, h0 empty or not finite, networks that do not fit, or another ``lost``.
    TypeError
        eps is not ``Eps``, seeds are no integers, or prior or log_prob is no function.
    FloatingPointError
        While it runs: a chain has diverged; names the step, the chain and eps.

    """
    noise, steps = start(h0, prior, log_prob, eps, seeds), count(steps, "steps")
    if lost not in get_args(Lost):
        raise ValueError(f"lost must be one of {', '.join(get_args(Lost))}; got {lost!r}")
    first = evaluate(h0.detach().clone(), prior, log_prob)
    return run(first, prior, log_prob, lambda s, t: update(s, eps, draw(noise, s.h)), steps, eps, lost)


def start(h0: Tensor, prior: Prior, log_prob: LogProb, eps: Eps, seeds: Sequence[int] | Noise | None) -> Noise | None:
    """The noise of chains that start at ``h0``, none if eps3 = 0; raises as ``chain`` does for what does not fit."""
    if not isinstance(eps, Eps):
        raise TypeError(f"eps must be Eps(eps1, eps2, eps3); got {eps!r}")
    for name, expert in (("prior", prior), ("log_prob", log_prob)):
        if not callable(expert):
            raise TypeError(f"{name} must be a function of h (B, *H); got {expert!r}")
    if not isinstance(h0, Tensor) or h0.ndim < 2 or not h0.is_floating_point():
        got = f"{h0.dtype} {tuple(h0.shape)}" if isinstance(h0, Tensor) else type(h0).__name__
        raise ValueError(f"h0 must be floating point codes, chains along axis 0; got {got}")
    if not h0.numel():
        raise ValueError(f"h0 must have at least one chain; got none, {tuple(h0.shape)}")
    if not torch.isfinite(h0).all():
        raise ValueError("h0 must be finite; got NaN or infinity in it")
    if eps.eps3 == 0:
        return None
    if not (seeds is None or isinstance(seeds, Noise)):
        check_seeds(seeds)
    if seeds is None or len(seeds) < len(h0):
        given = "none" if seeds is None else len(seeds)
        raise ValueError(f"eps3 > 0 needs a seed for each of the {len(h0)} chains; got {given}: seeds=range({len(h0)})")
    return seeds if isinstance(seeds, Noise) else Noise(seeds)


def draw(noise: Noise | None, like: Tensor) -> Tensor:
    """The next noise of each chain; zeros where there is none."""
    return torch.zeros_like(like) if noise is None else noise.draw(like)


def run(
    state: State,
    prior: Prior,
    log_prob: LogProb,
    advance: Callable[[State, int], Tensor],
    steps: int,
    eps: Eps,
    lost: Lost = "raise",
) -> Iterator[State]:
    """The states of chains whose next code is ``advance(state, t)``; ``lost`` as in ``chain``."""
    for t in range(steps + 1):
        finite = (torch.isfinite(state.h) & torch.isfinite(state.grad) & torch.isfinite(state.prior)).flatten(1).all(1)
        finite &= torch.isfinite(state.log_p)
        if not finite.all():
            if lost == "raise":
                which = (~finite).nonzero().flatten().tolist()
                raise FloatingPointError(
                    f"chains {which} of {len(finite)} diverged at step {t} with {eps}; use smaller ones"
                )
            for term in state:
                term[~finite] = torch.nan
        yield state
        if t < steps:
            state = evaluate(advance(state, t), prior, log_prob)
