"""How well chains mix: whether they get around, and how many independent samples they are worth."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


def clusters(real: Tensor, count: int = 20, seed: int = 0) -> Tensor:
    """Centres (count, F) of ``count`` clusters of real images of one class, (N, F); scikit-learn's k-means."""
    from sklearn.cluster import KMeans  # here: it takes a second to load

    if len(real) < count:
        raise ValueError(f"{count} clusters need at least {count} images; got {len(real)}")
    fitted = KMeans(count, n_init=4, random_state=seed).fit(real.double().numpy())
    return torch.from_numpy(fitted.cluster_centers_)


def clusters_visited(features: Tensor, accepted: Tensor, centres: Tensor, draws: int = 10) -> Tensor:
    """How many clusters of real images each chain gets to, among equally many of its accepted states: (B,).

    The expected number of distinct nearest clusters in ``draws`` states that are drawn without replacement from those
    that the judging network accepts (rarefaction, Hurlbert 1971), so that a chain with fewer accepted states is not
    taken for a slower one. NaN for a chain that has fewer than ``draws`` of them.

    Parameters
    ----------
    features
        (T, B, F) of states of the chains, equally far apart.
    accepted
        (T, B) whether the judging network sees the wanted class.
    centres
        (K, F) of ``clusters``.
    draws
        From 1 to T.

    """
    if features.ndim != 3 or accepted.shape != features.shape[:2] or centres.shape[1:] != features.shape[2:]:
        raise ValueError(
            f"needs features (T, B, F), accepted (T, B), centres (K, F); got {tuple(features.shape)}, "
            f"{tuple(accepted.shape)}, {tuple(centres.shape)}"
        )
    if not 1 <= draws <= len(features):
        raise ValueError(f"draws must be from 1 to the {len(features)} states of a chain; got {draws}")
    nearest = torch.cdist(features.double().flatten(0, 1), centres.double()).argmin(1).view(accepted.shape)
    visits = [nearest[:, i][accepted[:, i]].bincount().tolist() for i in range(features.shape[1])]
    return torch.tensor([_distinct(counts, draws) for counts in visits], dtype=torch.float64)


def _distinct(counts: list[int], draws: int) -> float:
    n = sum(counts)
    if n < draws:
        return math.nan
    return sum(1 - math.comb(n - of_one, draws) / math.comb(n, draws) for of_one in counts)


class Mixing(NamedTuple):
    """How many independent samples the chains are worth, if that can be said at all."""

    verdict: str  # "mixing", "stuck" or "not stationary"
    ess: float | None  # effective sample size of all chains together; None unless mixing
    r_hat: float | None  # split R-hat, the largest over the components; None if stuck, or not finite
    variance_ratio: float  # variance of the chains over that of real images, the smallest over the components


def effective_size(features: Tensor, real: Tensor, components: int = 5) -> Mixing:
    """Effective sample size of chains (T, B, F), the smallest over the principal components of real ones (N, F).

    Source: arviz (Vehtari et al. 2021). Given only where it means something: a chain that stands still in a corner
    has the ESS of independent draws from that corner. "stuck": variance below 1 % of real's in some component; "not
    stationary": split R-hat of 1.1 or more, or none, as of chains that stand still each in its own place. Components
    in which real ones do not vary are left out.

    Raises
    ------
    ValueError
        The real ones are all equal.

    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # it announces its next version
        import arviz  # here: it takes seconds to load

    real = real.double()
    centre = real.mean(0)
    _, lengths, directions = torch.linalg.svd(real - centre, full_matrices=False)
    varying = int((lengths > max(real.shape) * torch.finfo(real.dtype).eps * lengths[0]).sum())  # numerical rank
    if not varying:
        raise ValueError("needs real features that differ from each other; got equal ones: take other images")
    axes = directions[: min(components, varying)].T  # (F, components)
    series = ((features.double() - centre) @ axes).permute(2, 1, 0).numpy()  # (components, B, T)
    real_variance = ((real - centre) @ axes).var(0).numpy()
    variance_ratio = float((series.var(axis=(1, 2)) / real_variance).min())
    if variance_ratio < 0.01:
        return Mixing("stuck", None, None, variance_ratio)
    with np.errstate(divide="ignore"):  # no variance within chains: an infinite R-hat
        r_hat = float(np.max([arviz.rhat(one, method="split") for one in series]))  # NaN stays NaN, and is not < 1.1
    if not r_hat < 1.1:
        return Mixing("not stationary", None, r_hat if math.isfinite(r_hat) else None, variance_ratio)
    return Mixing("mixing", float(np.min([arviz.ess(one, method="mean") for one in series])), r_hat, variance_ratio)
