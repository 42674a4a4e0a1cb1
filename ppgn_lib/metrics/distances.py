"""How far a set of samples is from a set of real images, in the features (N, F) of a judging network."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ppgn_lib.metrics.intervals import Estimate, mean_with_interval, with_interval


def frechet(samples: Tensor, real: Tensor) -> float:
    """Squared Frechet distance of the Gaussians fitted to two sets (N, F), (M, F); Heusel et al. (2017).

    ``|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))``. Biased upwards for few images: compare at equal N only.
    """
    a, b = _pair(samples, real)
    s1, s2 = torch.cov(a.T), torch.cov(b.T)
    # The eigenvalues of S1 S2 are real and not negative, but for rounding.
    root = torch.linalg.eigvals(s1 @ s2).real.clamp(min=0).sqrt().sum()
    return float((a.mean(0) - b.mean(0)).square().sum() + s1.trace() + s2.trace() - 2 * root)


def kernel_distance(samples: Tensor, real: Tensor) -> float:
    """Unbiased squared maximum mean discrepancy, kernel ``(a.b / F + 1)^3``: Binkowski et al. (2018). May be < 0."""
    a, b = _pair(samples, real)

    def kernel(u: Tensor, v: Tensor) -> Tensor:
        return (u @ v.T / u.shape[1] + 1) ** 3

    def off_diagonal_mean(k: Tensor) -> Tensor:
        return (k.sum() - k.trace()) / (len(k) * (len(k) - 1))

    return float(off_diagonal_mean(kernel(a, a)) + off_diagonal_mean(kernel(b, b)) - 2 * kernel(a, b).mean())


def with_intervals(samples: Tensor, real: Tensor) -> dict[str, Estimate]:
    """Frechet and kernel distance with intervals over images of both sets."""
    return {
        "frechet": with_interval(frechet, samples, real),
        "kernel_distance": with_interval(kernel_distance, samples, real),
    }


class Neighbours(NamedTuple):
    """Fidelity and diversity by nearest neighbours."""

    precision: Estimate  # share of samples within the k-neighbourhood of some real image (interval over samples)
    recall: Estimate  # share of real images within the k-neighbourhood of some sample (over real images)
    density: Estimate  # real k-neighbourhoods that a sample lies in, by k: 1 on average for real ones (over samples)
    coverage: Estimate  # share of real images with a sample within their own k-neighbourhood (over real images)


def neighbours(samples: Tensor, real: Tensor, k: int = 5) -> Neighbours:
    """Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020).

    The k-neighbourhood of a point is the closed ball to its k-th nearest neighbour within its own set. Means of
    per-image values: within class and over classes, use ``neighbours_by_class``.
    """
    return _estimates(*_flags(samples, real, k))


def neighbours_by_class(samples: Tensor, y: Tensor, real: Tensor, y_real: Tensor, k: int = 5) -> Neighbours:
    """As ``neighbours``, each class by itself and pooled over the classes of ``y``."""
    of_class = [_flags(samples[y == c], real[y_real == c], k) for c in y.unique()]
    return _estimates(*(torch.cat(column) for column in zip(*of_class, strict=True)))


def _estimates(*columns: Tensor) -> Neighbours:
    return Neighbours(*(mean_with_interval(column) for column in columns))


def _flags(samples: Tensor, real: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Per-sample precision, per-real recall, per-sample density, per-real coverage."""
    a, b = _pair(samples, real)
    if min(len(a), len(b)) <= k:
        raise ValueError(f"k = {k} neighbours need more than {k} images in each set; got {len(a)} and {len(b)}")
    radius_a, radius_b = _radius(a, k), _radius(b, k)
    d = _distances(a, b)  # (N, M)
    in_real = d <= radius_b
    precision = in_real.any(1)
    recall = (d <= radius_a[:, None]).any(0)
    density = in_real.double().sum(1) / k
    coverage = d.amin(0) <= radius_b
    return precision.double(), recall.double(), density, coverage.double()


def _radius(x: Tensor, k: int) -> Tensor:
    """Distance to the k-th nearest other point of the set."""
    return _distances(x, x).fill_diagonal_(0).kthvalue(k + 1, dim=1).values


def _distances(a: Tensor, b: Tensor) -> Tensor:
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")  # the fast way loses near neighbours


def _pair(samples: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    if samples.ndim != 2 or real.ndim != 2 or samples.shape[1] != real.shape[1] or min(len(samples), len(real)) < 2:
        raise ValueError(
            f"needs features (N, F) and (M, F) of at least 2 images each; got {tuple(samples.shape)} and "
            f"{tuple(real.shape)}"
        )
    return samples.double(), real.double()
