"""Activation maximisation: chains that climb what a network says of a picture, with a prior designed by hand.

On pixels (``climb``) with a map r of ``image_priors``, or on the codes of a formula that draws pictures (``draw``). A
description, ``PixelAscent`` or ``CodeAscent``, says what a chain does; ``reach`` runs either kind:

    how = PixelAscent(compose(decay(0.01), blur(0.5)), jitter=3, eps2=1.0, steps=24)
    x = reach(C, x0, y, how, seeds)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ppgn_lib.experts import conditions, priors
from ppgn_lib.experts.conditions import Labels, Network
from ppgn_lib.experts.fourier import FixedMagnitude, FourierImage
from ppgn_lib.experts.image_priors import Map, decay, jittered
from ppgn_lib.experts.views import normalised, transformed
from ppgn_lib.sampling.chain import Eps, State, chain


class PixelAscent(NamedTuple):
    """A chain on the pixels of a picture. Whoever runs it fills in ``eps2`` and ``steps``, by ``_replace`` too."""

    r: Map | None  # the prior's map; None: no prior
    jitter: int = 0  # pixels, by which what the network sees is shifted at most
    eps2: float = 0.0  # of the gradient of log p(y|x)
    steps: int = 0


class Views(NamedTuple):
    """At what views of a picture the network looks, as ``views.transformed`` has it."""

    shift: float = 0  # pixels
    turn: float = 0  # degrees
    crop: tuple[float, float] = (1, 1)  # smallest and largest side, as a share of the picture's
    noise: float = 0  # standard deviation, in the units of [-1, 1]


class CodeAscent(NamedTuple):
    """A chain on the codes of a formula that draws pictures."""

    G: FourierImage | FixedMagnitude
    rate: float  # of the code's decay, from 0 to 1
    views: Views
    eps2: float = 0.0  # length of a step along the gradient of the logit
    steps: int = 0


Ascent = PixelAscent | CodeAscent


def climb(net: Network, x0: Tensor, y: Labels, how: PixelAscent, seeds: Sequence[int]) -> Iterator[State]:
    """``x' = r(x) + eps2 d log p(y|x)/dx`` (Eq. 17) from pictures ``x0`` (B, 3, H, W): the states of ``chain``.

    ``net``: pictures -> logits (B, K). The seeds, one a chain, are those of the jitter.
    """
    condition = conditions.classes(net, y)
    if how.jitter:
        condition = jittered(condition, how.jitter, seeds)
    prior = priors.autoencoder(how.r) if how.r else priors.none
    return chain(x0, prior, condition, Eps(float(how.r is not None), how.eps2), steps=how.steps)


def draw(net: Network, x0: Tensor, y: Labels, how: CodeAscent, seeds: Sequence[int]) -> Iterator[State]:
    """``h' = (1 - rate) h + eps2 g / |g|``, g the gradient of the logit of y, from the codes of pictures ``x0``.

    The states are codes, and the pictures ``how.G(state.h)``; the network sees views of these, whose random numbers the
    seeds give, one a chain. Sources: Olah et al. (2017), Fel et al. (2023).
    """
    seen = transformed(conditions.class_logit(net, y), seeds, **how.views._asdict())
    condition = normalised(conditions.through(how.G, seen))
    return chain(how.G.code(x0), priors.autoencoder(decay(how.rate)), condition, Eps(1.0, how.eps2), steps=how.steps)


def pictures(net: Network, x0: Tensor, y: Labels, how: Ascent, seeds: Sequence[int]) -> Iterator[Tensor]:
    """The ``steps`` + 1 pictures (B, 3, H, W) of chains of either kind; those on pixels are not cut to [-1, 1].

    Raises ``TypeError`` for another description than ``PixelAscent`` or ``CodeAscent``, and else what ``chain`` does.
    """
    if isinstance(how, CodeAscent):
        drawn_by = how.G
        return (drawn_by(state.h) for state in draw(net, x0, y, how, seeds))
    if not isinstance(how, PixelAscent):
        raise TypeError(f"how must be PixelAscent(r, ...) or CodeAscent(G, ...); got {how!r}")
    return (state.h for state in climb(net, x0, y, how, seeds))


def reach(net: Network, x0: Tensor, y: Labels, how: Ascent, seeds: Sequence[int]) -> Tensor:
    """The last of ``pictures``, (B, 3, H, W)."""
    return deque(pictures(net, x0, y, how, seeds), maxlen=1).pop()


@torch.no_grad()
def certainty(net: Network, x: Tensor, y: Labels) -> Tensor:
    """p(y|x) by the network, (B,) on the CPU."""
    wanted = torch.as_tensor(y, device=x.device).expand(len(x))
    return net(x).softmax(1).gather(1, wanted[:, None])[:, 0].cpu()
