"""The variants of the paper as pairs of prior and condition, ready for ``chain``: a line each.

    chain(h0, *variants.noiseless(G, E, classes(E, y)), Eps(0.1, 0.2), steps=250)

``PAPER`` has the multipliers that the paper gives each of them, for networks of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ppgn_lib.checks import not_negative
from ppgn_lib.experts import priors
from ppgn_lib.experts.conditions import product, through
from ppgn_lib.experts.priors import autoencoder
from ppgn_lib.networks.features import check_frozen, code_of
from ppgn_lib.sampling.chain import Eps, LogProb, Prior
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.sampling.once import once

Network = Callable[[Tensor], Any]


class Experts(NamedTuple):
    """The two functions of h that a chain needs; ``chain(h0, *experts, eps, ...)``."""

    prior: Prior
    log_prob: LogProb


# In pixels of [-1, 1] for the first two: the paper's (1, 1e5, 25.6) are for 0 to 255, where a gradient is 127.5 times
# smaller and a displacement 127.5 times larger.
PAPER = {
    "ppgn_x": Eps(1.0, 1e5 / 127.5**2, 25.6 / 127.5),
    "joint_ppgn_x": Eps(1.0, 1e5 / 127.5**2, 25.6 / 127.5),
    "dgn_am": Eps(0.0, 1.0, 1e-17),
    "ppgn_h": Eps(1e-5, 1.0, 1e-5),
    "joint": Eps(1e-5, 1.0, 0.0),
    "noiseless": Eps(1e-5, 1.0, 1e-17),
}


def ppgn_x(R: Network, *conditions: LogProb) -> Experts:
    """PPGN-x: a chain of images x. The prior is R(x) - x of a denoising autoencoder of images (Eq. 7).

    Parameters
    ----------
    R
        Noisy images (B, 3, H, W) -> images.
    conditions
        ``x -> log p(y|x)``, from ``experts.conditions``; at least one.

    """
    check_frozen("R", R)
    return Experts(autoencoder(once(R)), product(*conditions))


def joint_ppgn_x(G: Network, E: Network, *conditions: LogProb) -> Experts:
    """Joint PPGN-x: as ``ppgn_x``, with the image autoencoder R(x) = G(E(x)). (The paper writes E(G(x)).)."""
    _check(G, E)
    E = once(E)
    return Experts(autoencoder(lambda x: G(code_of(E(x)))), product(*conditions))


def dgn_am(G: Network, *conditions: LogProb, decay: bool = False) -> Experts:
    """DGN-AM: a chain of codes with no learned prior (Eq. 10).

    With ``decay`` the prior is N(0, I), of which eps1 is the decay lambda of Eq. 10: as first published. Without it
    there is none: as the paper runs it beside its own variants.
    """
    check_frozen("G", G)
    return Experts(priors.gaussian() if decay else priors.none, through(G, product(*conditions)))


def ppgn_h(R: Network, G: Network, *conditions: LogProb) -> Experts:
    """PPGN-h: a chain of codes. The prior is R(h) - h of a denoising autoencoder of codes (B, H)."""
    for name, net in (("R", R), ("G", G)):
        check_frozen(name, net)
    return Experts(autoencoder(once(R)), through(G, product(*conditions)))


def noiseless(G: Network, E: Network, *conditions: LogProb) -> Experts:
    """Noiseless Joint PPGN-h: the prior is E(G(h)) - h, with a G that was trained without noise.

    G runs once a step and so does E, also where conditions read E further on: ``noiseless(G, E, classes(E, 3,
    head="item"), classes(E, 0, head="colour"))``.

    Parameters
    ----------
    G
        Codes (B, H) -> images.
    E
        Images -> codes (B, H), or ``Features``.
    conditions
        ``x -> log p(y|x)``, from ``experts.conditions``; at least one.

    """
    _check(G, E)
    G, E = once(G), once(E)
    R = autoencoder(lambda h: code_of(E(G(h))))
    return Experts(R, through(G, product(*conditions)))


def joint(
    G: Network,
    E: Any,
    *conditions: LogProb,
    noise: Noise | None = None,
    h: float = 0.0,
    x: float = 0.0,
    h1: float = 0.0,
) -> Experts:
    """Joint PPGN-h: the prior is E(G(h)) - h, with a G that was trained with noise on h, x and h1.

    Parameters
    ----------
    G, E, conditions
        As for ``noiseless``. With noise E needs its two halves, ``e1`` (images -> h1) and ``e2`` (h1 -> codes).
    noise
        A stream for each chain. With it the pass that computes E(G(h)) has noise of the standard deviations ``h``,
        ``x`` and ``h1`` on the code, the image and the maps, as in training: the paper's sampling. The condition sees
        the picture of the code as it is.
    h, x, h1
        In units of each. Without ``noise`` they are 0: then it is the same pass as ``noiseless``, for the other reading
        of the paper, in which noise is added to the state alone.

    """
    not_negative(h=h, x=x, h1=h1)
    if noise is None:
        if h or x or h1:
            raise ValueError(f"noise must be a Noise if h, x or h1 is not 0; got None and {h}, {x}, {h1}")
        return noiseless(G, E, *conditions)
    _check(G, E)
    for half in ("e1", "e2"):
        if not callable(getattr(E, half, None)):
            raise TypeError(f"E must have its halves e1 and e2 for noise on h1; {type(E).__name__} has no {half}")

    def round_trip(code: Tensor) -> Tensor:
        image = G(code + h * noise.draw(code))
        maps = E.e1(image + x * noise.draw(image))
        return E.e2(maps + h1 * noise.draw(maps))

    @torch.no_grad()
    def prior(code: Tensor) -> Tensor:
        return round_trip(code) - code

    return Experts(prior, through(G, product(*conditions)))


def _check(G: Network, E: Network) -> None:
    for name, net in (("G", G), ("E", E)):
        check_frozen(name, net)
