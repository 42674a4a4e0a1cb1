"""The variants of the paper as pairs of prior and condition, ready for ``sampling.chain``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from torch import Tensor

from ppgn_lib.conditions import classes, released_classes, through
from ppgn_lib.networks import HEADS, Features
from ppgn_lib.once import once
from ppgn_lib.priors import autoencoder
from ppgn_lib.sampling import LogProb, Prior


class Experts(NamedTuple):
    """The two functions of h that a chain needs; ``chain(h0, *experts, eps, ...)``."""

    prior: Prior
    log_prob: LogProb


def noiseless_joint(
    G: Callable[[Tensor], Tensor],
    E: Callable[[Tensor], Features],
    y: int | Sequence[int] | Tensor,
    *,
    head: str = "item",
    released_gradient: bool = False,
) -> Experts:
    """Noiseless Joint PPGN-h: the prior is E(G(h)) - h, the condition a head of the same E.

    G runs once a step and so does E.

    Parameters
    ----------
    y
        The class, or one a chain (B,).
    head
        Which of E's classifications y belongs to: "item", "colour" or "background".
    released_gradient
        Use ``conditions.released_classes``, the gradient of the authors' code.

    """
    if head not in HEADS:
        raise ValueError(f"head must be one of {', '.join(HEADS)}; got {head!r}")
    G, E = once(G), once(E)
    condition = released_classes if released_gradient else classes
    return Experts(
        prior=autoencoder(lambda h: E(G(h)).h),
        log_prob=through(G, condition(lambda x: getattr(E(x), head), y)),
    )
