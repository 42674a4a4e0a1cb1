"""The samplers of Table S1 on any log-density: Metropolis-Hastings, MALA and MALA-approx; SGLD is in ``sgld``.

Each is a *kernel*: ``state, info = kernel(state, draws)`` moves all chains by one step and depends on nothing else.
Chains are axis 0 and never touch.
Sizes are standard deviations: ``sigma`` is that of the proposal's noise, and the drift that belongs to it is sigma^2/2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Protocol

import torch
from torch import Tensor

from ppgn_lib.checks import count, not_negative, positive
from ppgn_lib.sampling.chain import LogProb, one_each, value_and_grad
from ppgn_lib.sampling.noise import Noise


class MCMCState(NamedTuple):
    """Where the chains are, and what the kernel knows of the density there."""

    x: Tensor  # (B, *D)
    log_p: Tensor  # (B,)     log-density up to a constant; of a minibatch in SGLD
    grad: Tensor  # (B, *D)  d log_p / dx; zero in MH, which needs none
    t: int = 0  # steps done


class Draws(NamedTuple):
    """All that a step takes at random."""

    z: Tensor  # (B, *D)     N(0, I)
    log_u: Tensor  # (B,)        logarithm of a uniform number
    batch: Tensor  # (B, batch)  N(0, I), from which SGLD picks its minibatch; (B, 0) in the others


class Info(NamedTuple):
    """What became of a step."""

    accepted: Tensor  # (B,) bool
    accept_rate: Tensor  # (B,) the probability with which it was accepted; 1 where nothing is ever rejected


class Kernel(Protocol):
    """One of those below, or another sampler of that form. A kernel is a pure function: it keeps and draws nothing."""

    @property
    def batch(self) -> int:
        """Size of the minibatch; 0 in kernels that see all data."""

    def evaluate(self, x: Tensor, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density (B,) and gradient ``(B, *D)`` at x."""

    def __call__(self, state: MCMCState, draws: Draws) -> tuple[MCMCState, Info]:
        """One step of all chains."""


@dataclass(frozen=True)
class MetropolisHastings:
    """Random-walk Metropolis-Hastings: propose ``x + N(0, sigma^2)``, accept with probability min(1, p(x')/p(x)).

    The proposal is symmetric, so its density cancels. The density is needed up to a constant, its gradient is not.
    """

    log_density: LogProb
    sigma: float
    batch: ClassVar[int] = 0

    def __post_init__(self) -> None:
        positive(sigma=self.sigma)

    def evaluate(self, x: Tensor, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density; the gradient is left at zero."""
        with torch.no_grad():
            return one_each(self.log_density(x), x), torch.zeros_like(x)

    def __call__(self, state: MCMCState, draws: Draws) -> tuple[MCMCState, Info]:
        """Propose and accept or stay."""
        x = state.x + self.sigma * draws.z
        log_p, grad = self.evaluate(x, draws.batch)
        return accept(state, x, log_p, grad, log_p - state.log_p, draws.log_u)


@dataclass(frozen=True)
class MALA:
    """Metropolis-adjusted Langevin: propose Eq. 12, ``x + sigma^2/2 grad log p(x) + N(0, sigma^2)``, accept or stay.

    The proposal is not symmetric, so both its densities enter the accept ratio
    ``p(x') q(x|x') / (p(x) q(x'|x))``. Source: Roberts & Tweedie (1996).
    """

    log_density: LogProb
    sigma: float
    batch: ClassVar[int] = 0

    def __post_init__(self) -> None:
        positive(sigma=self.sigma)

    def evaluate(self, x: Tensor, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density and its gradient."""
        return value_and_grad(self.log_density, x)

    def log_proposal(self, to: Tensor, x: Tensor, grad: Tensor) -> Tensor:
        """``log q(to|x)`` (B,) up to the constant that cancels; ``grad`` is that of the log-density at x."""
        return -((to - x - self.sigma**2 / 2 * grad) ** 2).flatten(1).sum(1) / (2 * self.sigma**2)

    def __call__(self, state: MCMCState, draws: Draws) -> tuple[MCMCState, Info]:
        """Propose and accept or stay."""
        x = state.x + self.sigma**2 / 2 * state.grad + self.sigma * draws.z
        log_p, grad = self.evaluate(x, draws.batch)
        back, forth = self.log_proposal(state.x, x, grad), self.log_proposal(x, state.x, state.grad)
        return accept(state, x, log_p, grad, log_p + back - state.log_p - forth, draws.log_u)


@dataclass(frozen=True)
class MALAApprox:
    """Eq. 1 without a prior's network: ``x + eps12 grad log p(x) + N(0, eps3^2)``, never rejected.

    With ``eps12 = eps3^2 / 2`` it is MALA's proposal (``langevin``); otherwise it samples another temperature (Eq. 13).
    """

    log_density: LogProb
    eps12: float
    eps3: float
    batch: ClassVar[int] = 0

    def __post_init__(self) -> None:
        positive(eps12=self.eps12)
        not_negative(eps3=self.eps3)

    @classmethod
    def langevin(cls, log_density: LogProb, sigma: float) -> MALAApprox:
        """MALA's proposal of the same ``sigma``, without its accept step."""
        return cls(log_density, sigma**2 / 2, sigma)

    def evaluate(self, x: Tensor, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density and its gradient."""
        return value_and_grad(self.log_density, x)

    def __call__(self, state: MCMCState, draws: Draws) -> tuple[MCMCState, Info]:
        """Move."""
        x = state.x + self.eps12 * state.grad + self.eps3 * draws.z
        return move(state, x, *self.evaluate(x, draws.batch))


@dataclass(frozen=True)
class Compiled:
    """The same kernel with its step compiled by ``torch.compile``: several times as fast for cheap densities.

    Takes a C++ compiler and, at the first step, half a minute. The log-density must be made of torch operations only.
    """

    kernel: Kernel
    step: Callable[[MCMCState, Draws], tuple[MCMCState, Info]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Else each gradient would end the compiled part. Set for good: to set it for a step costs more than the step.
        torch._dynamo.config.trace_autograd_ops = True
        object.__setattr__(self, "step", torch.compile(self.kernel.__call__))

    @property
    def batch(self) -> int:
        """Of the kernel."""
        return self.kernel.batch

    def evaluate(self, x: Tensor, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Of the kernel."""
        return self.kernel.evaluate(x, batch)

    def __call__(self, state: MCMCState, draws: Draws) -> tuple[MCMCState, Info]:
        """One compiled step; steps are counted outside, since each number would be compiled anew."""
        new, info = self.step(state._replace(t=0), draws)
        return new._replace(t=state.t + 1), info


def start(kernel: Kernel, x0: Tensor, noise: Noise) -> MCMCState:
    """The state at ``x0`` ``(B, *D)``; ``noise`` gives the first minibatch to a kernel that takes one.

    Raises
    ------
    ValueError
        x0 is not floating point of that form, a chain has no seed, or log-density or gradient at x0 is not finite.

    """
    if x0.ndim < 2 or not x0.is_floating_point() or not len(x0):
        raise ValueError(f"x0 must be floating point, chains along axis 0, (B, *D); got {x0.dtype} {tuple(x0.shape)}")
    if len(noise) < len(x0):
        raise ValueError(f"needs a seed for each of the {len(x0)} chains; got {len(noise)}: seeds=range({len(x0)})")
    x = x0.detach().clone()
    log_p, grad = kernel.evaluate(x, _batch(kernel, x, noise))
    good = torch.isfinite(log_p) & torch.isfinite(x).flatten(1).all(1) & torch.isfinite(grad).flatten(1).all(1)
    if not good.all():
        where = (~good).nonzero().flatten().tolist()
        raise ValueError(f"x0, log-density and gradient must be finite at the start; they are not for chains {where}")
    return MCMCState(x, log_p, grad)


def draw(kernel: Kernel, x: Tensor, noise: Noise) -> Draws:
    """What the next step of ``kernel`` takes at random: of each chain from its own stream."""
    like = x.flatten(1)
    z = noise.draw(like.new_empty(len(like), like.shape[1] + 1))
    return Draws(z[:, :-1].view_as(x), torch.special.log_ndtr(z[:, -1]), _batch(kernel, x, noise))


def _batch(kernel: Kernel, x: Tensor, noise: Noise) -> Tensor:
    like = x.new_empty(len(x), kernel.batch)
    return noise.draw(like) if kernel.batch else like


def run(kernel: Kernel, x0: Tensor, *, steps: int, seeds: Sequence[int] | Noise) -> Iterator[tuple[MCMCState, Info]]:
    """B chains from ``x0`` ``(B, *D)``: yields state and info after each of ``steps`` steps. Checked at the call.

    Thinning, stopping and progress bars are the caller's.

    Raises
    ------
    ValueError
        As ``start`` does, and for steps < 1.
    FloatingPointError
        While it runs: a chain has diverged, or the log-density is NaN somewhere; names step and kernel.

    """
    steps = count(steps, "steps")
    noise = seeds if isinstance(seeds, Noise) else Noise(seeds)
    return _run(kernel, start(kernel, x0, noise), noise, steps)


def _run(kernel: Kernel, state: MCMCState, noise: Noise, steps: int) -> Iterator[tuple[MCMCState, Info]]:
    for _ in range(steps):
        state, info = kernel(state, draw(kernel, state.x, noise))
        # One sum is finite only if all are; asking each of them costs more than a compiled step.
        good = torch.isfinite(state.log_p + state.grad.flatten(1).sum(1) + info.accept_rate)
        if not good.all():
            lost = (~good).nonzero().flatten().tolist()
            raise FloatingPointError(
                f"chains {lost} of {len(good)} diverged at step {state.t} of {kernel}: take a smaller step"
            )
        yield state, info


def accept(
    state: MCMCState, x: Tensor, log_p: Tensor, grad: Tensor, log_ratio: Tensor, log_u: Tensor
) -> tuple[MCMCState, Info]:
    """The state at x where ``log_u < log_ratio``, the logarithm of the accept ratio; elsewhere the old one."""
    # Where the density is zero its gradient may be anything, and so may the ratio made of it: such a step is refused.
    log_ratio = torch.where(log_p == -math.inf, log_p, log_ratio)
    accepted = log_u < log_ratio
    row = accepted.view(-1, *[1] * (x.ndim - 1))
    new = MCMCState(
        torch.where(row, x, state.x),
        torch.where(accepted, log_p, state.log_p),
        torch.where(row, grad, state.grad),
        state.t + 1,
    )
    return new, Info(accepted, log_ratio.clamp(max=0).exp())


def move(state: MCMCState, x: Tensor, log_p: Tensor, grad: Tensor) -> tuple[MCMCState, Info]:
    """The state at x, accepted in any case."""
    always = torch.ones_like(log_p)
    return MCMCState(x, log_p, grad, state.t + 1), Info(always.bool(), always)
