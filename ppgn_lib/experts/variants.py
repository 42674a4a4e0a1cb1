"""The variants of the paper as pairs of prior and condition, ready for ``chain``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from torch import Tensor

from ppgn_lib.experts.conditions import product, through
from ppgn_lib.experts.priors import autoencoder
from ppgn_lib.networks.features import check_frozen, code_of
from ppgn_lib.sampling.chain import LogProb, Prior
from ppgn_lib.sampling.once import once


class Experts(NamedTuple):
    """The two functions of h that a chain needs; ``chain(h0, *experts, eps, ...)``."""

    prior: Prior
    log_prob: LogProb


def joint(G: Callable[[Tensor], Tensor], E: Callable[[Tensor], Any], *conditions: LogProb) -> Experts:
    """Joint PPGN-h: the prior is E(G(h)) - h, the condition the product of ``conditions`` on the image x = G(h).

    With a G that was trained without noise it is Noiseless Joint PPGN-h. G runs once a step and so does E, also where
    conditions read E further on: ``joint(G, E, classes(E, 3, head="item"), classes(E, 0, head="colour"))``.

    Parameters
    ----------
    G
        Codes (B, H) -> images.
    E
        Images -> codes (B, H), or ``Features``.
    conditions
        ``x -> log p(y|x)``, from ``experts.conditions``; at least one.

    """
    for name, net in (("G", G), ("E", E)):
        check_frozen(name, net)
    G, E = once(G), once(E)
    R = autoencoder(lambda h: code_of(E(G(h))))
    return Experts(R, through(G, product(*conditions)))
