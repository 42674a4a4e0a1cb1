"""What the selector says of settings of a sampler: the same for all scripts that choose one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import bulk
import torch
from torch import Tensor, nn
from tqdm import tqdm

from ppgn_lib import apart, metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load

REAL = 200  # validation photographs of a class that pictures are compared with

Setting = tuple[float, ...]
Found = TypeVar("Found")
One = TypeVar("One")  # a setting of any kind


def photographs() -> tuple[metrics.Judge, protocol.Real]:
    """The selector, and these photographs."""
    judge = metrics.judge_with(load("selector"), bulk.HEAD)
    return judge, protocol.real_images(TintedFashion("validation"), judge, REAL, bulk.HEAD)


def real_accuracy(items: Sequence[int] = range(bulk.CLASSES)) -> float:
    """What the selector reaches on them, on those of some items if these are given."""
    with apart.tuning():
        _, near = photographs()
        asked = torch.isin(near.y, torch.tensor(items))
        return metrics.accuracy(near.judgement.logits[asked], near.y[asked]).value


def each(settings: Sequence[One], found: Callable[[One], Found], said: str) -> Iterator[tuple[One, Found | None]]:
    """Each setting, and what is found at it; None where chains diverge. ``said`` stands before the progress bar."""
    for setting in tqdm(settings, desc=said, unit="setting", leave=False):
        try:
            yield setting, found(setting)
        except FloatingPointError:
            yield setting, None


def tried(
    settings: Sequence[Setting], y: Tensor, ends: Callable[[Setting, Tensor], Tensor], said: str = "tuning"
) -> list[dict[str, Any]]:
    """Accuracy and kernel distance to validation photographs of each setting, for ``protocol.choose``.

    ``ends`` gives the last pictures (B, 3, H, W), cut to [-1, 1], of chains for classes ``y`` (B,). A setting whose
    chains diverge is marked as such. ``said`` stands before the progress bar.
    """
    points: list[dict[str, Any]] = []
    with apart.tuning():
        judge, near = photographs()
        for setting, judged in each(settings, lambda s: metrics.judgement(judge, ends(s, y)), said):
            if judged is None:
                points.append({"setting": setting, "diverged": True})
                continue
            kid = metrics.kernel_distance_by_class(judged.features, y, near.judgement.features, near.y)
            points.append({"setting": setting, "accuracy": metrics.accuracy(judged.logits, y).value, "kid": kid.value})
    return points


def distances(
    settings: Sequence[One], x: Tensor, ends: Callable[[One], Tensor], said: str = "tuning"
) -> list[tuple[One, float | None]]:
    """Of each setting how far pictures are from the photographs x that they were to be; None where chains diverge.

    Mean distance in the selector's features. ``ends`` gives the pictures (B, 3, H, W) of a setting.
    """
    with apart.tuning():
        judge = metrics.judge_with(load("selector"), bulk.HEAD)
        wanted = metrics.judgement(judge, x).features

        def distance(setting: One) -> float:
            return float((metrics.judgement(judge, ends(setting)).features - wanted).norm(dim=1).mean())

        return list(each(settings, distance, said))


def nearest_of(tried: list[tuple[Found, float | None]]) -> Found:
    """The one with the smallest distance, of those that did not diverge."""
    whole = {what: distance for what, distance in tried if distance is not None}
    if not whole:
        raise FloatingPointError(f"all of {len(tried)} settings diverge")
    return min(whole, key=lambda what: whole[what])


def first_whole(settings: Sequence[Setting], measured: Callable[[Setting], Found]) -> tuple[Setting, Found]:
    """The first of the settings at which no chain diverges, and what is ``measured`` at it."""
    for setting in settings:
        try:
            return setting, measured(setting)
        except FloatingPointError:
            continue
    raise FloatingPointError(f"chains of all settings diverge, {list(settings)}")


def first_of_each(items: Tensor, count: int) -> Tensor:
    """The numbers of the first images of each class, class after class; of all images the items (N,) are given."""
    return torch.cat([(items == c).nonzero()[:count, 0] for c in range(bulk.CLASSES)])


@torch.no_grad()
def drawn(g: nn.Module, h: Tensor) -> Tensor:
    """Pictures of codes (B, H), cut to [-1, 1]."""
    return metrics.in_blocks(lambda h: g(h).clamp(-1, 1), h)


def from_best(points: list[dict[str, Any]], real: float) -> list[Setting]:
    """Settings of what was ``tried``: the one that is chosen, the one that would be without that one, and so on.

    ``real``: the selector's accuracy on photographs.
    """
    left, ordered = [point for point in points if "accuracy" in point], []
    while left:
        best = protocol.choose(left, real)
        ordered.append(tuple(best["setting"]))
        left = [point for point in left if point is not best]
    return ordered
