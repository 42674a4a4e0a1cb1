"""Many pictures on one grid, like beside like: t-SNE, then the cheapest assignment to places (Figs. S11 and S12)."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from ppgn_lib.checks import count


def on_a_grid(features: Tensor, side: int, seed: int = 0) -> np.ndarray:
    """Which picture stands where: indices (side * side,), row after row, of features (side * side, F).

    scikit-learn's t-SNE puts them on a plane; scipy's assignment to the places of a grid then has the smallest sum of
    squared distances.

    Raises ``ValueError`` unless there is a picture for each place.
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.manifold import TSNE  # here: it takes a second to load

    if len(features) != count(side, "side") ** 2:
        raise ValueError(f"a grid of side {side} needs {side**2} pictures; got {len(features)}")
    perplexity = min(30.0, (len(features) - 1) / 3)
    points = TSNE(init="pca", perplexity=perplexity, random_state=seed).fit_transform(features.double().numpy())
    points = (points - points.min(0)) / np.maximum(np.ptp(points, axis=0), 1e-12)
    steps = np.linspace(0, 1, side)
    places = np.stack(np.meshgrid(steps, steps, indexing="ij"), -1).reshape(-1, 2)
    cost = ((places[:, None] - points[None]) ** 2).sum(-1)
    _, pictures = linear_sum_assignment(cost)
    return pictures
