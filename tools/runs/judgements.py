"""What the judges say of all stored samples, for the tables of the book. Resumable, set by set; minutes.

    python tools/runs/judgements.py                 all that is not there yet
    python tools/runs/judgements.py ppgn_x joint    these

Every set by one protocol: against a hundred test photographs of each class, beside as many other photographs as the
set has samples; by the evaluator and, some of each class, by EfficientNet. Of some sets it is also measured how often a
small network tells them from photographs.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import stored
import torch
from judged_sets import (
    CLASSES,
    HEAD,
    JOINT,
    REFERENCES,
    RESULTS,
    SETS,
    G,
    Samples,
    drawn,
    judge,
    photographs,
    pictures,
    references,
    seen,
    tensor_of,
)
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import Estimate, protocol
from ppgn_lib.sampling.noise import Noise

STORE = RESULTS / "judgements.safetensors"
PROTOCOL: dict[str, Any] = {
    "references": REFERENCES,  # test photographs of a class
    "foreign": 40,  # samples of a class, at most, that EfficientNet sees
    "epochs": 15,  # of the two-sample test
    "noisy": 1000,  # test photographs whose codes get noise
}
NOISE_PERCENT = (0, 1, 10, 20, 40, 100, 200)  # of the mean activation


BETWEEN = {"ppgn_h_to_dgn_am": ("ppgn_h", "dgn_am_few")}  # sets of which one is compared with the other
ON_CODES = "noise_on_codes"


def main(arguments: list[str] | None = None) -> int:
    """Judge what is missing; what belongs to other networks, samples or code is judged anew."""
    parser = argparse.ArgumentParser(description="What the judges say of all stored samples.")
    parser.add_argument("names", nargs="*", help="sets (default: all)")
    given = parser.parse_args(arguments)
    todo = {name: judged for name, judged in entries().items() if not given.names or name in given.names}
    known(given.names, entries(), "set")
    for name, judged in tqdm(todo.items(), desc="judgements", unit="set"):
        head = belongs_to(name)
        if stored.entry_of(STORE, name, head) is None:
            tensors, found = judged()
            about = {"command": "python tools/runs/judgements.py", "protocol": PROTOCOL}
            stored.add_entry(STORE, name, {f"{name}.{key}": t for key, t in tensors.items()}, {**head, **found}, about)
    return 0


Found = tuple[dict[str, Tensor], dict[str, Any]]


def entries() -> dict[str, Callable[[], Found]]:
    """All that is judged: how, by name."""
    return {
        **{name: lambda name=name: all_of(name) for name in SETS},  # type: ignore[misc]
        **{name: lambda pair=pair: between(*pair) for name, pair in BETWEEN.items()},  # type: ignore[misc]
        ON_CODES: noise_on_codes,
    }


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored judgement has to agree with: samples, networks, code and protocol."""
    parts = [SETS[part] for part in BETWEEN.get(name, (name,)) if part in SETS]
    networks = {G} if name == ON_CODES else set()
    samples = []
    for part in parts:
        if isinstance(part, Samples):
            networks |= {part.drawn_by, part.again_by}
            samples.append(hashlib.sha256(tensor_of(part).contiguous().numpy().tobytes()).hexdigest()[:16])
        elif part.made in (G, JOINT):
            networks.add(part.made)
    return {
        "of": [list(part) for part in parts],
        "samples": samples,
        "protocol": PROTOCOL,
        "made_with": stored.made_with(Path(__file__), "encoder", "evaluator", *sorted(networks - {""})),
    }


@cache
def foreign_judge() -> metrics.Judge:
    """EfficientNet."""
    return metrics.imagenet()


@cache
def foreign_references() -> Tensor:
    """EfficientNet's features of them."""
    return foreign(references().x)


def foreign(x: Tensor) -> Tensor:
    """EfficientNet's features of pictures."""
    return metrics.judgement(foreign_judge(), x, 100).features


def by_evaluator(x: Tensor, y: Tensor, judged: metrics.Judgement) -> dict[str, Estimate]:
    """The measures that need no other judge; ``judged`` is what the evaluator says of x."""
    other = photographs(len(x) // CLASSES, skip=REFERENCES)
    return protocol.compare(x, y, references(), other, judged)._asdict()


def all_of(name: str) -> Found:
    """A set by all measures."""
    (x, y), real = pictures(name), references()
    per_class, which = len(x) // CLASSES, SETS[name]
    judged = metrics.judgement(judge(), x)
    numbers = by_evaluator(x, y, judged)
    few = min(per_class, PROTOCOL["foreign"])
    x_few, y_few = (protocol.first_of(t, few) for t in (x, y))
    ours, theirs = judged.features, foreign(x_few)
    numbers["kid_foreign"] = metrics.kernel_distance_by_class(theirs, y_few, foreign_references(), real.y)
    tensors: dict[str, Tensor] = {}
    if which.told:
        told = metrics.two_sample(x, protocol.first_of(real.x, per_class), seeds=(0,), epochs=PROTOCOL["epochs"])
        numbers["two_sample_accuracy"] = told.accuracy
        evidence = told.evidence[: len(x)].unflatten(0, (CLASSES, -1))
        extreme = torch.cat(
            [at + torch.arange(CLASSES) * per_class for at in (evidence.argmax(1), evidence.argmin(1))]
        )  # of each class the sample that gives itself away most, and the one that does least
        tensors = {"extreme": extreme, "maps": told.maps[extreme].half()}
    grey, grey_real = (metrics.normalised_luminance(t) for t in (x, real.x))
    diverse, of = metrics.classes_more_diverse(grey, y, grey_real, real.y)
    return tensors, {
        "per_class": per_class,
        "numbers": {key: list(value) for key, value in numbers.items()},
        "by_class": {
            "kid": of_classes(ours, y, real.judgement.features, real.y),
            "kid_foreign": of_classes(theirs, y_few, foreign_references(), real.y),
        },
        "more_diverse": [diverse, of],
    }


def of_classes(a: Tensor, y: Tensor, b: Tensor, y_b: Tensor) -> list[float]:
    """Kernel distance of each class by itself."""
    return [metrics.kernel_distance(a[y == c], b[y_b == c]).value for c in range(CLASSES)]


def between(name: str, other: str) -> Found:
    """One set against another, in both feature spaces."""
    (x, y), (x_other, y_other) = pictures(name), pictures(other)
    spaces = {"kid": lambda x: metrics.judgement(judge(), x).features, "kid_foreign": foreign}
    by_class: dict[str, list[float]] = {}
    numbers: dict[str, list[float]] = {}
    for what, features in spaces.items():
        a, b = features(x), features(x_other)
        by_class[what] = of_classes(a, y, b, y_other)
        numbers[what] = list(metrics.kernel_distance_by_class(a, y, b, y_other))
    return {}, {"per_class": len(x) // CLASSES, "numbers": numbers, "by_class": by_class}


def noise_on_codes() -> Found:
    """Reconstructions of test photographs with noise on their codes, in percent of the mean activation."""
    test, n = TintedFashion("test"), PROTOCOL["noisy"]
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))
    some, there = test.batch(order[:n]), foreign(test.batch(order[n : 2 * n]).x)
    h = seen(some.x)
    z = Noise(range(n)).draw(h)
    numbers: dict[str, Estimate] = {}
    right: dict[int, Tensor] = {}
    for percent in NOISE_PERCENT:
        x = drawn(h + percent / 100 * h.mean() * z, G)
        right[percent] = (metrics.judgement(judge(), x).logits.argmax(1) == some.labels[HEAD]).double()
        numbers[f"accuracy_{percent}"] = metrics.mean_with_interval(right[percent])
        numbers[f"accuracy_loss_{percent}"] = metrics.mean_with_interval(right[0] - right[percent])
        numbers[f"kid_foreign_{percent}"] = metrics.kernel_distance(foreign(x), there)
    return {}, {"per_class": n // CLASSES, "numbers": {k: list(v) for k, v in numbers.items()}, "by_class": {}}


if __name__ == "__main__":
    sys.exit(main())
