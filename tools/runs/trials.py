"""What the selector says of settings of a sampler: the same for all scripts that train networks of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import alternatives
from alternatives import Setting
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import apart, metrics


def tried(settings: Sequence[Setting], y: Tensor, ends: Callable[[Setting, Tensor], Tensor]) -> list[dict[str, Any]]:
    """Accuracy and kernel distance to validation photographs of each setting, for ``protocol.choose``.

    ``ends`` gives the last pictures (B, 3, H, W), cut to [-1, 1], of chains for classes ``y`` (B,). A setting whose
    chains diverge is marked as such.
    """
    points: list[dict[str, Any]] = []
    with apart.tuning():
        judge, near = alternatives.photographs()
        for setting in tqdm(settings, desc="tuning", unit="setting", leave=False):
            try:
                judged = metrics.judgement(judge, ends(setting, y))
            except FloatingPointError:
                points.append({"setting": setting, "diverged": True})
                continue
            kid = metrics.kernel_distance_by_class(judged.features, y, near.judgement.features, near.y)
            points.append({"setting": setting, "accuracy": metrics.accuracy(judged.logits, y).value, "kid": kid.value})
    return points
