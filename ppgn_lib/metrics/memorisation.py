"""Does a generator draw its training images again: how near its pictures are to them, beside pictures it never saw."""

from __future__ import annotations

import torch
from torch import Tensor

from ppgn_lib.metrics.intervals import Estimate, mean_with_interval, ratio


def memorisation(
    samples: Tensor, y: Tensor, held_out: Tensor, y_held_out: Tensor, training: Tensor, y_training: Tensor
) -> Estimate:
    """Mean distance to the nearest training image of the class, of samples over that of held-out images.

    0: copies; 1: no nearer to the training images than images that nobody was trained on. Above 1 says nothing about
    copying: pictures of nothing are far from everything. Smooth pictures lie near to many others, so a value below 1
    is no proof of copies either; look at the neighbours.

    Parameters
    ----------
    samples, held_out, training
        Features (N, F), (M, F), (T, F), of one judge, or pixels; Euclidean distances.
    y, y_held_out, y_training
        Their classes (N,), (M,), (T,); only images of the same class are compared.

    Raises
    ------
    ValueError
        Features of different length; a class of samples or held-out images without training images; none at all.

    """
    return ratio(
        mean_with_interval(_nearest(samples, y, training, y_training, "samples")),
        mean_with_interval(_nearest(held_out, y_held_out, training, y_training, "held_out")),
    )


def _nearest(x: Tensor, y: Tensor, training: Tensor, y_training: Tensor, name: str) -> Tensor:
    """Distance of each x (N, F) to the nearest training image of its class: (N,) float64."""
    if x.ndim != 2 or training.ndim != 2 or x.shape[1] != training.shape[1]:
        raise ValueError(
            f"{name} and training must be features (N, F) and (T, F) of one length; got {tuple(x.shape)} and "
            f"{tuple(training.shape)}"
        )
    if not len(x):
        raise ValueError(f"{name} must have at least one image; got none")
    found = torch.empty(len(x), dtype=torch.float64)
    for c in y.unique().tolist():
        of = training[y_training == c]
        if not len(of):
            raise ValueError(f"training must have images of each class of {name}; it has none of class {c}")
        found[y == c] = torch.cdist(x[y == c].double(), of.double()).amin(1)
    return found
