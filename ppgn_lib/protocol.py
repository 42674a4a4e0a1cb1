"""How samples are judged, everywhere in the book: states after the burn-in, thinned, nothing filtered.

Accuracy is over all judged states of a chain. Measures that compare sets of images (coverage, diversity, distances)
take one state a chain, since the states of one chain resemble one another, and as many real images of the class.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.data import TintedFashion
from ppgn_lib.metrics import Estimate, Judge, Seen
from ppgn_lib.metrics.distances import frechet
from ppgn_lib.sampling import State

BURN_IN = 50  # states up to this step are not judged
EVERY = 5  # steps between two judged states
ACCURATE = 0.97  # share of real images' accuracy that a setting must reach before its coverage counts


class Verdict(NamedTuple):
    """What a judge saw in the judged states of all chains."""

    logits: Tensor  # (T, B, K)
    features: Tensor  # (B, F) of the last judged state
    codes: Tensor  # (B, *H) of the last judged state


@torch.no_grad()
def judge(
    states: Iterable[State], G: Callable[[Tensor], Tensor], look: Judge, burn_in: int = BURN_IN, every: int = EVERY
) -> Verdict:
    """Show ``look`` the states after steps ``burn_in + every``, ``burn_in + 2 * every``, ...; results on the CPU.

    Pictures are cut to [-1, 1] first: what is judged is what would be saved.

    Raises
    ------
    ValueError
        The chain ended before the burn-in did.

    """
    logits, seen, codes = [], None, torch.empty(0)
    for state in _judged(states, burn_in, every):
        seen = look(G(state.h).clamp(-1, 1))
        logits.append(seen.logits.cpu())
        codes = state.h
    if seen is None:
        raise ValueError(f"no state is left after a burn-in of {burn_in} steps: run at least {burn_in + every}")
    return Verdict(torch.stack(logits), seen.features.cpu(), codes.cpu())


def _judged(states: Iterable[State], burn_in: int, every: int) -> Iterator[State]:
    return itertools.islice(states, burn_in + every, None, every)


class Real(NamedTuple):
    """Real images of each class, and what a judge sees in them."""

    x: Tensor  # (N, 3, 32, 32)
    y: Tensor  # (N,)
    seen: Seen


def real_images(split: str, look: Judge, per_class: int, *, skip: int = 0, seed: int = 0) -> Real:
    """``per_class`` random images of each item of a split, class after class.

    ``skip`` leaves out that many first ones, so that two calls give disjoint sets. Raises ``ValueError`` if the split
    has too few.
    """
    data = TintedFashion(split)
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))
    item = torch.from_numpy(data.item)[order]
    of_class = [order[item == c][skip : skip + per_class] for c in range(10)]
    if min(map(len, of_class)) < per_class:
        raise ValueError(f"{split} has no {skip + per_class} images of each item")
    batch = data.batch(torch.cat(of_class))
    return Real(batch.x, batch.item, metrics.see(look, batch.x))


class Report(NamedTuple):
    """What stands in the book's tables, for one state of each chain."""

    coverage: Estimate
    coverage_ratio: Estimate  # over the coverage of other real images of the same number
    recall: Estimate
    precision: Estimate
    density: Estimate
    diversity_ratio: Estimate  # 1 - MS-SSIM over real's, of accepted samples
    luminance_diversity_ratio: Estimate  # the same of colour-normalised luminance
    frechet: Estimate  # squared distance within class, mean over classes
    frechet_real: Estimate  # the same of the other real images: what no sampler can be expected to beat


def compare(x: Tensor, y: Tensor, real: Real, other: Real, look: Judge) -> Report:
    """Samples x (N, 3, 32, 32) of classes y against real images, beside what other real images would get.

    Diversity is of samples that the judge accepts, so that pictures of something else do not count as variety.

    Raises
    ------
    ValueError
        ``other`` has another number of images than the samples: coverage and Frechet distance depend on it.

    """
    if len(other.x) != len(x):
        raise ValueError(f"needs as many other real images as samples; got {len(other.x)} and {len(x)}")
    x = x.cpu().clamp(-1, 1)
    y = y.cpu()
    seen = metrics.see(look, x)
    near = metrics.neighbours_by_class(seen.features, y, real.seen.features, real.y)
    limit = metrics.neighbours_by_class(other.seen.features, other.y, real.seen.features, real.y)
    accepted = seen.logits.argmax(1) == y
    classes = real.y.unique().tolist()
    plain, luminance = (
        metrics.ratio(
            metrics.diversity(of(x[accepted]), y[accepted], classes=classes), metrics.diversity(of(real.x), real.y)
        )
        for of in (lambda t: t, metrics.normalised_luminance)
    )
    return Report(
        coverage=near.coverage,
        coverage_ratio=metrics.ratio(near.coverage, limit.coverage),
        recall=near.recall,
        precision=near.precision,
        density=near.density,
        diversity_ratio=plain,
        luminance_diversity_ratio=luminance,
        frechet=_frechet_within(seen.features, y, real),
        frechet_real=_frechet_within(other.seen.features, other.y, real),
    )


def _frechet_within(features: Tensor, y: Tensor, real: Real) -> Estimate:
    """Mean over classes of the distance within a class; interval over images.

    With fewer images than features the distance is mostly bias: read it beside that of other real images.
    """
    of_class = [
        metrics.with_interval(frechet, features[y == c], real.seen.features[real.y == c], resamples=30)
        for c in y.unique()
    ]
    value = sum(e.value for e in of_class) / len(of_class)
    half = math.hypot(*(e.high - e.value for e in of_class)) / len(of_class)
    return Estimate(value, value - half, value + half, sum(e.n for e in of_class))


def choose(points: Iterable[dict[str, Any]], real_accuracy: float) -> dict[str, Any]:
    """The setting with the largest coverage among the accurate ones; the most accurate one where there are none.

    Accurate is what reaches the share ``ACCURATE`` of the accuracy that the same judge gives to real images. Raises
    ``ValueError`` when all have diverged or there are none.
    """
    whole = [point for point in points if "accuracy" in point]
    if not whole:
        raise ValueError("nothing to choose from: no setting of the sweep ended without diverging")
    good = [point for point in whole if point["accuracy"] >= ACCURATE * real_accuracy]
    return max(good, key=lambda p: p["coverage"]) if good else max(whole, key=lambda p: p["accuracy"])


def seeds_of(first: int, per_class: int, classes: int = 10) -> Sequence[int]:
    """Seeds of chains, class after class. Chain i of a class has the same seed however many there are."""
    if per_class > 1000:
        raise ValueError(f"at most 1000 chains a class have seeds of their own; got {per_class}")
    return [first + 1000 * c + i for c in range(classes) for i in range(per_class)]
