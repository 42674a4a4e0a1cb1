"""How samples are judged, everywhere in the book: the state after ``STEPS`` updates, one a chain, nothing filtered.

Every measure takes that same last state. What compares sets of images takes as many real images of the class.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ppgn_lib import checks, metrics
from ppgn_lib.data.batches import Images
from ppgn_lib.data.files import DamagedFileError
from ppgn_lib.metrics import Estimate, Judge, Judgement
from ppgn_lib.metrics.distances import frechet
from ppgn_lib.sampling.chain import State

STEPS = 250  # updates of every chain that is judged
UNCLEAR = 0.5  # a judge that gives no class more than this sees nothing clear
ACCURATE = 0.97  # share of real images' accuracy that a setting must reach before its distance counts


class ChainJudgement(NamedTuple):
    """What a judge says of T states of B chains."""

    logits: Tensor  # (T, B, K)
    features: Tensor  # (T, B, F)
    codes: Tensor  # (T, B, *H)


@torch.no_grad()
def judge_chains(
    states: Iterable[State], G: Callable[[Tensor], Tensor], judge: Judge, at: Collection[int] = (STEPS,)
) -> ChainJudgement:
    """Show the judge the states after these numbers of updates, the last one by default; results on the CPU.

    Pictures are cut to [-1, 1] first: what is judged is what would be saved.

    Raises
    ------
    ValueError
        The chain ended before the last of these steps.

    """
    seen, step = [], -1
    for step, state in enumerate(states):
        if step in at:
            judged = judge(G(state.h).clamp(-1, 1))
            seen.append((judged.logits.cpu(), judged.features.cpu(), state.h.cpu()))
    if len(seen) < len(set(at)) or not seen:
        raise ValueError(f"states after {sorted(set(at))} updates are to be judged; the chain ended after {step}")
    return ChainJudgement(*map(torch.stack, zip(*seen, strict=True)))


class Real(NamedTuple):
    """Real images of each class, and what a judge says of them."""

    x: Tensor  # (N, 3, H, W)
    y: Tensor  # (N,)
    judgement: Judgement


def real_images(
    data: Images, judge: Judge, per_class: int, head: str = "item", *, skip: int = 0, seed: int = 0
) -> Real:
    """``per_class`` random images of each class of a head of the data, class after class.

    ``skip`` leaves out that many first ones, so that two calls give disjoint sets. Raises ``ValueError`` if the data
    have too few, or no such head.
    """
    checks.known([head], data.classes, "head of the data")
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))
    labels = data.labels()[head][order]
    found = [order[labels == c][skip : skip + per_class] for c in range(len(data.classes[head]))]
    for of_class, name in zip(found, data.classes[head], strict=True):
        if len(of_class) < per_class:
            raise ValueError(
                f"{data.split or 'the data'} must have {skip + per_class} images of each class of {head!r}; it has "
                f"fewer of {name!r}: ask for fewer"
            )
    batch = data.batch(torch.cat(found))
    return Real(batch.x, batch.labels[head], metrics.judgement(judge, batch.x))


class Report(NamedTuple):
    """What stands in the book's tables, for the last state of each chain.

    Real images are no limit of recall and diversity: noise has a recall of 1, and pictures of nothing differ more than
    photographs do. Read them beside the distances, which only samples like photographs make small.
    """

    accuracy: Estimate
    unclear_share: Estimate  # of pictures in which the judge gives no class more than UNCLEAR
    coverage: Estimate
    coverage_ratio: Estimate  # over the coverage of other real images of the same number
    kid: Estimate  # kernel distance within class, mean over classes
    kid_real: Estimate  # the same of the other real images: 0 within its interval
    recall: Estimate
    precision: Estimate
    density: Estimate
    diversity_ratio: Estimate  # 1 - MS-SSIM over real's, of accepted samples and accepted real images
    luminance_diversity_ratio: Estimate  # the same of colour-normalised luminance
    frechet: Estimate  # squared distance within class, mean over classes
    frechet_real: Estimate  # the same of the other real images, mostly the bias of few images


def compare(x: Tensor, y: Tensor, real: Real, other: Real, judge: Judge | Judgement) -> Report:
    """Samples x (N, 3, H, W) of classes y against real images, beside what other real images would get.

    In place of the judge one may give what it has said of ``x``, cut to [-1, 1].

    Diversity is of images that the judge accepts, on both sides, so that pictures of something else do not count as
    variety. Where none is accepted, or all are the same picture, it is 0, as coverage may be: a collapsed sampler has a
    row too.

    Raises
    ------
    ValueError
        ``other`` has another number of images than the samples: coverage and Frechet distance depend on it.

    """
    if len(other.x) != len(x):
        raise ValueError(f"needs as many other real images as samples; got {len(other.x)} and {len(x)}")
    x = x.cpu().clamp(-1, 1)
    y = y.cpu()
    judged = judge if isinstance(judge, Judgement) else metrics.judgement(judge, x)
    near = metrics.neighbours_by_class(judged.features, y, real.judgement.features, real.y)
    limit = metrics.neighbours_by_class(other.judgement.features, other.y, real.judgement.features, real.y)
    classes = real.y.unique().tolist()
    seen = [_accepted(x, y, judged), _accepted(real.x, real.y, real.judgement)]
    plain, luminance = (
        metrics.ratio(*(metrics.diversity(of(t), labels, classes=classes) for t, labels in seen))
        for of in (lambda t: t, metrics.normalised_luminance)
    )
    return Report(
        accuracy=metrics.accuracy(judged.logits, y),
        unclear_share=metrics.mean_with_interval((judged.logits.softmax(1).amax(1) < UNCLEAR).double()),
        coverage=near.coverage,
        coverage_ratio=metrics.ratio(near.coverage, limit.coverage),
        kid=metrics.kernel_distance_by_class(judged.features, y, real.judgement.features, real.y),
        kid_real=metrics.kernel_distance_by_class(other.judgement.features, other.y, real.judgement.features, real.y),
        recall=near.recall,
        precision=near.precision,
        density=near.density,
        diversity_ratio=plain,
        luminance_diversity_ratio=luminance,
        frechet=_frechet_within(judged.features, y, real),
        frechet_real=_frechet_within(other.judgement.features, other.y, real),
    )


def _accepted(x: Tensor, y: Tensor, judged: Judgement) -> tuple[Tensor, Tensor]:
    """The images that the judge takes for what they are meant to be, and their classes."""
    keep = judged.logits.argmax(1) == y
    return x[keep], y[keep]


def _frechet_within(features: Tensor, y: Tensor, real: Real) -> Estimate:
    """Mean over classes of the distance within a class; interval over images.

    With fewer images than features the distance is mostly bias: read it beside that of other real images.
    """
    of_class = [
        metrics.with_interval(frechet, features[y == c], real.judgement.features[real.y == c], resamples=30)
        for c in y.unique()
    ]
    return metrics.mean_of(of_class)


def choose(points: Iterable[dict[str, Any]], real_accuracy: float) -> dict[str, Any]:
    """The setting with the smallest kernel distance among the accurate ones; the most accurate one if there are none.

    Of equally accurate ones the one with the smaller kernel distance.

    Accurate is what reaches the share ``ACCURATE`` of the accuracy that the same judge gives to real images. Raises
    ``ValueError`` when all have diverged or there are none.
    """
    whole = [point for point in points if "accuracy" in point]
    if not whole:
        raise ValueError("nothing to choose from: no setting of the sweep ended without diverging")
    good = [point for point in whole if point["accuracy"] >= ACCURATE * real_accuracy]
    return min(good, key=lambda p: p["kid"]) if good else min(whole, key=lambda p: (-p["accuracy"], p["kid"]))


def seeds_of(first: int, per_class: int, classes: int) -> Sequence[int]:
    """Seeds of chains, class after class. Chain i of a class has the same seed however many there are."""
    if per_class > 1000:
        raise ValueError(f"at most 1000 chains a class have seeds of their own; got {per_class}")
    return [first + 1000 * c + i for c in range(classes) for i in range(per_class)]


def classes_of(per_class: int, classes: int = 10) -> Tensor:
    """The classes of as many samples of each, class after class: (per_class * classes,)."""
    return torch.arange(classes).repeat_interleave(per_class)


def first_of(x: Tensor, per_class: int, classes: int = 10) -> Tensor:
    """The first ``per_class`` of each class, of x (N, ...) that has as many of each, class after class."""
    return x.unflatten(0, (classes, -1))[:, :per_class].flatten(0, 1)


class StoredChains(NamedTuple):
    """The ends of stored chains, class after class, and what a judge saw on the way."""

    codes: Tensor  # (B, *H) float32, last codes
    items: Tensor  # (T, B) int64, the class that the judge saw in each judged state
    certainties: Tensor  # (T, B) float32, and how sure it was


def open_samples(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors of a file of stored chains, by name, and what it says of itself: command, protocol, made_with.

    Raises
    ------
    ppgn_lib.data.files.DamagedFileError
        The file is cut off, no safetensors file, or says nothing of itself.

    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise DamagedFileError(f"{path} is not a whole safetensors file: {error}") from error
    if "about" not in metadata:
        raise DamagedFileError(f"{path} must say in its metadata, under 'about', how it was made; it does not")
    return tensors, json.loads(metadata["about"])


def first_chains(stored: Mapping[str, Tensor], name: str, per_class: int, classes: int) -> StoredChains:
    """The first chains of each class of a stored set: its tensors are NAME.codes, NAME.item and NAME.certainty.

    Raises
    ------
    KeyError
        There is no such set; the message names the nearest one.
    ValueError
        Fewer chains of a class are stored, or their number is no multiple of ``classes``.

    """
    if f"{name}.codes" not in stored:
        sets = [key.removesuffix(".codes") for key in stored if key.endswith(".codes")]
        near = difflib.get_close_matches(name, sets, n=1, cutoff=0.0)
        raise KeyError(
            f"no stored set {name!r}" + (f"; did you mean {near[0]!r}? All: {', '.join(sets)}" if near else "")
        )
    total, rest = divmod(len(stored[f"{name}.codes"]), classes)
    if rest or not 1 <= per_class <= total:
        raise ValueError(
            f"per_class must be from 1 to the number of chains of a class; of {name!r} are stored "
            f"{len(stored[f'{name}.codes'])}, of {classes} classes; got {per_class}"
        )
    index = torch.cat([torch.arange(per_class) + c * total for c in range(classes)])
    return StoredChains(
        stored[f"{name}.codes"][index].float(),
        stored[f"{name}.item"][:, index].long(),
        stored[f"{name}.certainty"][:, index].float(),
    )
