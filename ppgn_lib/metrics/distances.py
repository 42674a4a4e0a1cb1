"""How far a set of samples is from a set of real images, in the features (N, F) of a judging network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ppgn_lib.checks import count
from ppgn_lib.metrics.intervals import Estimate, mean_of, wilson, with_interval


def frechet(samples: Tensor, real: Tensor) -> float:
    """Squared Frechet distance of the Gaussians fitted to two sets (N, F), (M, F); Heusel et al. (2017).

    ``|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))``. Biased upwards for few images: compare at equal N only.
    """
    a, b = _pair(samples, real)
    mean_a, mean_b = a.mean(0), b.mean(0)
    a, b = (a - mean_a) / (len(a) - 1) ** 0.5, (b - mean_b) / (len(b) - 1) ** 0.5  # S1 = a'a, S2 = b'b
    # The trace of the root, without inverting or rooting a covariance. Singular values of a b' are those of the
    # triangles of their QR decompositions, which with many images are far smaller.
    small = [torch.linalg.qr(t, mode="r").R if len(t) > t.shape[1] else t for t in (a, b)]
    root = torch.linalg.svdvals(small[0] @ small[1].T).sum()
    return float((mean_a - mean_b).square().sum() + a.square().sum() + b.square().sum() - 2 * root)


def kernel_distance(samples: Tensor, real: Tensor) -> Estimate:
    """Unbiased squared maximum mean discrepancy, kernel ``(a.b / F + 1)^3``: Binkowski et al. (2018), their KID.

    Near 0, and as often below, for two sets of the same kind of images, however few. Interval: 1.96 standard errors by
    the jackknife over images of both sets. For sets of one kind its variance is twice the true one (Efron & Stein
    1981), and the interval holds the 0 in 99 of 100 cases.
    """
    a, b = _pair(samples, real)

    def kernel(u: Tensor, v: Tensor) -> Tensor:
        return (u @ v.T / u.shape[1] + 1) ** 3

    between = kernel(a, b)
    (own_a, left_a), (own_b, left_b) = (_mean_of_pairs(kernel(x, x)) for x in (a, b))
    value = float(own_a + own_b - 2 * between.mean())
    # What the value would be without one image of either set, less what all of these have in common.
    without_a = left_a - 2 * (between.sum() - between.sum(1)) / (len(a) - 1) / len(b)
    without_b = left_b - 2 * (between.sum() - between.sum(0)) / (len(b) - 1) / len(a)
    variance = sum(float((t - t.mean()).square().sum()) * (len(t) - 1) / len(t) for t in (without_a, without_b))
    half = 1.96 * variance**0.5
    return Estimate(value, value - half, value + half, min(len(a), len(b)))


def _mean_of_pairs(k: Tensor) -> tuple[Tensor, Tensor]:
    """Mean of a kernel matrix (N, N) without its diagonal, and of what is left of it without each row and column."""
    n, total, rows = len(k), k.sum() - k.trace(), k.sum(1) - k.diagonal()
    return total / (n * (n - 1)), (total - 2 * rows) / ((n - 1) * max(n - 2, 1))


def kernel_distance_by_class(samples: Tensor, y: Tensor, real: Tensor, y_real: Tensor) -> Estimate:
    """Mean over the classes of ``y`` of the kernel distance within a class."""
    return mean_of([kernel_distance(samples[y == c], real[y_real == c]) for c in y.unique()])


def with_intervals(samples: Tensor, real: Tensor) -> dict[str, Estimate]:
    """Frechet and kernel distance with intervals over images of both sets."""
    return {
        "frechet": with_interval(frechet, samples, real),
        "kernel_distance": kernel_distance(samples, real),
    }


class Neighbours(NamedTuple):
    """Fidelity and diversity by nearest neighbours."""

    precision: Estimate  # share of samples within the k-neighbourhood of some real image
    recall: Estimate  # share of real images within the k-neighbourhood of some sample
    density: Estimate  # real k-neighbourhoods that a sample lies in, by k: 1 on average for real ones
    coverage: Estimate  # share of real images with a sample within their own k-neighbourhood


def neighbours(samples: Tensor, real: Tensor, k: int = 5) -> Neighbours:
    """Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020).

    The k-neighbourhood of a point is the closed ball to its k-th nearest neighbour within its own set. Intervals: 1.96
    bootstrap standard errors over samples and real images, both drawn anew, the neighbourhoods as they are; where a
    value is 0, which it is in every draw, Wilson's for a share.
    """
    return _estimates([_inside(samples, real, k)], k)


def neighbours_by_class(samples: Tensor, y: Tensor, real: Tensor, y_real: Tensor, k: int = 5) -> Neighbours:
    """As ``neighbours``, each class by itself and pooled over the classes of ``y``."""
    return _estimates([_inside(samples[y == c], real[y_real == c], k) for c in y.unique()], k)


class _Inside(NamedTuple):
    """Who lies in whose neighbourhood, (N, M) booleans for N samples and M real images."""

    sample_in_real: Tensor
    real_in_sample: Tensor


def _inside(samples: Tensor, real: Tensor, k: int) -> _Inside:
    a, b = _pair(samples, real)
    k = count(k, "k, the number of neighbours,")
    if min(len(a), len(b)) <= k:
        raise ValueError(f"k = {k} neighbours need more than {k} images in each set; got {len(a)} and {len(b)}")
    d = _distances(a, b)
    return _Inside(d <= _radius(b, k), d <= _radius(a, k)[:, None])


def _estimates(classes: list[_Inside], k: int, resamples: int = 200) -> Neighbours:
    rng = np.random.default_rng(0)

    def values(tables: list[_Inside]) -> list[float]:
        samples, real = (sum(t.sample_in_real.shape[axis] for t in tables) for axis in (0, 1))
        return [
            sum(int(t.sample_in_real.any(1).sum()) for t in tables) / samples,
            sum(int(t.real_in_sample.any(0).sum()) for t in tables) / real,
            sum(int(t.sample_in_real.sum()) for t in tables) / (k * samples),
            sum(int(t.sample_in_real.any(0).sum()) for t in tables) / real,
        ]

    def drawn_anew(t: _Inside) -> _Inside:
        rows, columns = (torch.from_numpy(rng.integers(n, size=n)) for n in t.sample_in_real.shape)
        return _Inside(*(table[rows][:, columns] for table in t))

    halves = 1.96 * np.std([values([drawn_anew(t) for t in classes]) for _ in range(resamples)], axis=0, ddof=1)
    n = min(sum(t.sample_in_real.shape[axis] for t in classes) for axis in (0, 1))
    found = zip(values(classes), halves.tolist(), strict=True)
    return Neighbours(*(Estimate(v, v - h, v + h, n) if v else wilson(0, n) for v, h in found))


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
