"""What R(x) - x is as a vector field: the score that it stands for (Eq. 6), and how far from a gradient it is.

R is trained to undo N(0, sigma^2): of all functions ``R(x) = E[clean | x]`` does it best, and by Tweedie's formula
``(R(x) - x) / sigma^2`` is the score of the density *after* the noise, the smoothed one.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def score(R: Callable[[Tensor], Tensor], sigma: float) -> Callable[[Tensor], Tensor]:
    """Eq. 6: ``x -> (R(x) - x) / sigma^2``, the score that R stands for."""
    return lambda x: (R(x) - x) / sigma**2


def asymmetry(field: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """``|J - J^T| / |J + J^T|`` of the field's Jacobian at each x (B, D), Frobenius norms: (B,).

    0 for the gradient of anything; a field with more has no density behind it.
    """
    with torch.no_grad():
        jacobian = torch.func.vmap(torch.func.jacrev(lambda one: field(one[None])[0]))(x)  # (B, D, D)
    transposed = jacobian.transpose(1, 2)
    return torch.linalg.matrix_norm(jacobian - transposed) / torch.linalg.matrix_norm(jacobian + transposed)


def relative_error(field: Tensor, truth: Tensor) -> Tensor:
    """``sqrt(E|field - truth|^2 / E|truth|^2)`` over points (N, D): a number."""
    return ((field - truth).square().sum() / truth.square().sum()).sqrt()
