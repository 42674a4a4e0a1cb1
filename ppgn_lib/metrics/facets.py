"""Facets: how many kinds of thing some pictures show, by clusters of what a classifier makes of them.

A classifier's own features would be the first choice, but they go by whatever it was taught. In the evaluator's, whose
heads name item, colour and background, the two colours weigh more than the item: of the five nearest photographs 89 of
100 share the colour and 49 the item. So each head is taken by itself, by its probabilities.
"""

from __future__ import annotations

import numpy as np
import torch
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score
from torch import Tensor

THRESHOLDS = np.linspace(0.02, 0.98, 49)  # that are tried


def kinds(p: Tensor, threshold: float) -> Tensor:
    """Clusters of pictures by a classifier's probabilities p (N, K): a number for each (N,), 0 is the largest cluster.

    Average linkage of the Hellinger distance, which is 0 for equal probabilities and 1 for those that have no class
    in common; two clusters are joined while they are nearer than ``threshold`` on average (scikit-learn).

    Raises
    ------
    ValueError
        p is not (N, K), a row does not sum to 1, or the threshold is not between 0 and 1.

    """
    if p.ndim != 2 or p.shape[1] < 1 or not torch.allclose(p.sum(1), torch.ones_like(p[:, 0]), atol=1e-3):
        raise ValueError(f"needs probabilities (N, K), each row with the sum 1; got {tuple(p.shape)}")
    if not 0 < threshold < 1:
        raise ValueError(f"the threshold is a Hellinger distance between 0 and 1; got {threshold}")
    if len(p) < 2:
        return torch.zeros(len(p), dtype=torch.long)
    points = (p.double().sqrt() / 2**0.5).cpu().numpy()
    joined = AgglomerativeClustering(None, linkage="average", distance_threshold=threshold)
    found = torch.from_numpy(joined.fit_predict(points))
    by_size = found.bincount().argsort(descending=True, stable=True)
    return by_size.argsort()[found]


def threshold_for(p: Tensor, y: Tensor) -> float:
    """The threshold whose clusters of labelled pictures, p (N, K) and y (N,), agree best with their labels.

    Agreement is the adjusted Rand index. Where several thresholds do equally well, the middle one of them.
    """
    agree = np.array([adjusted_rand_score(y.cpu().numpy(), kinds(p, threshold).numpy()) for threshold in THRESHOLDS])
    best = THRESHOLDS[agree == agree.max()]
    return float(best[len(best) // 2])


def facets(p: Tensor, threshold: float, least: int = 2) -> list[Tensor]:
    """The clusters of at least so many pictures: the numbers of the pictures of each, the most typical one first.

    Typical is a picture whose distance to the others of its cluster is smallest on average. The largest facet first.
    """
    of = kinds(p, threshold)
    found = []
    for cluster in range(int(of.max()) + 1 if len(of) else 0):
        members = (of == cluster).nonzero()[:, 0]
        points = p[members].double().sqrt()
        found.append(members[torch.cdist(points, points).mean(1).argsort(stable=True)])
    return [members for members in found if len(members) >= least]
