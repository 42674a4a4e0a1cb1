"""Priors: vector fields ``h -> R(h) - h`` that point towards likelier codes (or images).

By Eq. 6 a denoising autoencoder's field is sigma^2 times a score. A field needs no density behind it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ppgn_lib.checks import positive
from ppgn_lib.sampling.chain import Prior


def none(h: Tensor) -> Tensor:
    """No prior: the zero field."""
    return torch.zeros_like(h)


def gaussian(variance: float = 1.0) -> Prior:
    """The score of N(0, variance I): ``-h / variance``. With variance 1, eps1 is the decay of Eqs. 10 and 14."""
    positive(variance=variance)
    return lambda h: -h / variance


def autoencoder(R: Callable[[Tensor], Tensor]) -> Prior:
    """The field R(h) - h of an autoencoder (Eqs. 7 and 11). For the Joint variants R(h) = E(G(h)).

    Raises (at the first evaluation) ``ValueError`` when R(h) has another shape than h.
    """

    def field(h: Tensor) -> Tensor:
        back = R(h)
        if back.shape != h.shape:
            raise ValueError(
                f"R(h) must have the shape of h, {tuple(h.shape)}; got {tuple(back.shape)}: E does not fit G"
            )
        return back - h

    return field
