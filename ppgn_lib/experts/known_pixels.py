"""Known pixels as a condition: inpainting (Eq. 25), and any other linear map of the picture that was measured.

A hole is filled in three lines::

    experts = inpainting(G, E, image, hole, classes(E, y), context=300.0)
    *_, last = chain(h0, *experts, Eps(0.1, 0.2), steps=120)
    filled = clamped(G, image, hole)(last.h)

"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ppgn_lib.checks import not_negative, positive
from ppgn_lib.experts.conditions import product, through, weighted
from ppgn_lib.experts.priors import autoencoder
from ppgn_lib.experts.variants import Experts, Network
from ppgn_lib.networks.features import check_frozen, code_of
from ppgn_lib.sampling.chain import LogProb
from ppgn_lib.sampling.once import once


def nothing(x: Tensor) -> Tensor:
    """No condition at all: log p = 0 for each picture, with a gradient of 0."""
    return 0.0 * x.flatten(1).sum(1)


def clamped(G: Network, image: Tensor, hole: Tensor) -> Callable[[Tensor], Tensor]:
    """``h -> hole * G(h) + (1 - hole) * image``: a generator that draws in the hole only (Eq. 25).

    The gradient of whatever looks at its pictures is 0 outside of the hole.

    Parameters
    ----------
    image
        (1, 3, H, W) for all chains, or one a chain (B, 3, H, W), in [-1, 1]. What it has in the hole is not looked at.
    hole
        1 in the hole, 0 where the picture is known; (H, W), or anything that broadcasts with the images.

    Raises
    ------
    ValueError
        The hole has other values than 0 and 1 or does not fit the image; nothing is known, or everything.

    """
    mask = hole_of(image, hole)
    G = once(G)
    return once(lambda h: torch.where(mask, G(h), image))


def inpainting(
    G: Network, E: Network, image: Tensor, hole: Tensor, *conditions: LogProb, context: float = 0.0
) -> Experts:
    """PPGN for a picture with a hole: Noiseless Joint PPGN-h in which E and the conditions see the clamped picture.

    ``context`` above 0 is PPGN-context: the known pixels pull at G(h) itself, by ``context`` times the mean
    ``-|G(h) - image|^2 / 2`` over them. (On the clamped picture that would be 0.)

    Parameters
    ----------
    G, E
        As for ``variants.noiseless``.
    image, hole
        As for ``clamped``.
    conditions
        ``x -> log p(y|x)``; none: the prior alone fills the hole.
    context
        In units of eps2. The paper's fourth multiplier eps4 is eps2 times this.

    """
    not_negative(context=context)
    check_frozen("G", G)
    check_frozen("E", E)
    G, E = once(G), once(E)
    decoder = clamped(G, image, hole)
    R = autoencoder(lambda h: code_of(E(decoder(h))))
    log_prob = through(decoder, product(*(conditions or (nothing,))))
    if context:
        known = known_pixels(image, hole)
        log_prob = product(log_prob, through(G, weighted(context, known)))
    return Experts(R, log_prob)


def known_pixels(image: Tensor, hole: Tensor) -> LogProb:
    """``x -> -mean |x - image|^2 / 2`` over the n known numbers: log p of them if their noise has the variance n."""
    seen = (~hole_of(image, hole)).to(image.dtype)

    def log_prob(x: Tensor) -> Tensor:
        off = (x - image).square() * seen
        return -0.5 * off.flatten(1).sum(1) / seen.expand_as(x).flatten(1).sum(1)

    return log_prob


def measured(A: Callable[[Tensor], Tensor], y: Tensor, std: float) -> LogProb:
    """``log N(y; A(x), std^2)`` up to a constant: a picture of which a known map was measured.

    ``measured(half_size, small, 0.05)`` is super-resolution, with a map to grey colourisation, with a blur deblurring.

    Parameters
    ----------
    A
        Pictures (B, 3, H, W) -> measurements (B, ...).
    y
        What was measured, (1, ...) for all chains or (B, ...).
    std
        Of the noise of each number of y, in its units.

    """
    positive(std=std)

    def log_prob(x: Tensor) -> Tensor:
        found = A(x)
        if found.shape[1:] != y.shape[1:] or len(y) not in (1, len(x)):
            raise ValueError(f"y must be what A gives, {tuple(found.shape)}, or one for all; got {tuple(y.shape)}")
        return -0.5 * ((found - y) / std).square().flatten(1).sum(1)

    return log_prob


def hole_of(image: Tensor, hole: Tensor) -> Tensor:
    """The hole as a boolean mask that broadcasts with the image; raises as ``clamped`` says."""
    if image.ndim != 4 or image.shape[1] != 3 or not image.is_floating_point():
        raise ValueError(
            f"image must be pictures (B, 3, H, W) in [-1, 1]; got {image.dtype} {tuple(image.shape)}: a grey one with "
            "x.expand(-1, 3, -1, -1), an RGBA one without its fourth channel"
        )
    if not bool(((hole == 0) | (hole == 1)).all()):
        raise ValueError(f"hole must be 1 in the hole and 0 elsewhere; got values from {hole.min()} to {hole.max()}")
    try:
        mask = torch.broadcast_to(hole.bool(), torch.broadcast_shapes(image.shape, hole.shape))
    except RuntimeError:
        raise ValueError(f"hole must fit the image, {tuple(image.shape[2:])}; got {tuple(hole.shape)}") from None
    inside = mask.flatten(1).double().mean(1)
    if bool((inside == 1).any()):
        raise ValueError(
            "the hole covers a whole picture: something has to be known; without known pixels use `noiseless`"
        )
    if bool((inside == 0).any()):
        raise ValueError("a picture has no hole: the mask is 0 everywhere, so there is nothing to fill")
    return mask.to(image.device)
