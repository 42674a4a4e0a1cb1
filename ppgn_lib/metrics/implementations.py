"""Measures of ours and of other packages in one form: two sets of features -> a number. ``laws`` tries them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from importlib.util import find_spec
from typing import TypeVar

import torch
from torch import Tensor, nn

from ppgn_lib import metrics

Found = TypeVar("Found")
Measure = Callable[[Tensor, Tensor], float]  # samples (N, F) and real ones (M, F), float32 -> number


def once(f: Callable[[Tensor, Tensor], Found]) -> Callable[[Tensor, Tensor], Found]:
    """The same function, which is called once for the same two sets."""
    had: dict[tuple[bytes, bytes], Found] = {}

    def remembered(samples: Tensor, real: Tensor) -> Found:
        key = (samples.numpy().tobytes(), real.numpy().tobytes())
        if key not in had:
            had[key] = f(samples.clone(), real.clone())
        return had[key]

    return remembered


def ours() -> dict[str, Measure]:
    """The fields of ``metrics.neighbours``, which is asked once for all of them."""
    neighbours = once(metrics.neighbours)

    def of(name: str, samples: Tensor, real: Tensor) -> float:
        found: metrics.Estimate = getattr(neighbours(samples, real), name)
        return found.value

    return {name: partial(of, name) for name in metrics.Neighbours._fields}


def of_prdc(name: str) -> Measure:
    """Of Naeem et al.'s own package."""
    from prdc import compute_prdc

    def measure(samples: Tensor, real: Tensor) -> float:
        with redirect_stdout(io.StringIO()):  # it prints the numbers of images
            return float(compute_prdc(real.numpy(), samples.numpy(), nearest_k=5)[name])

    return measure


def of_torchmetrics(name: str) -> Measure:
    """Frechet or kernel distance, on features as they are."""
    from torchmetrics.image.fid import FrechetInceptionDistance
    from torchmetrics.image.kid import KernelInceptionDistance

    def measure(samples: Tensor, real: Tensor) -> float:
        as_they_are = nn.Identity()
        as_they_are.num_features = samples.shape[1]  # type: ignore[assignment]
        with warnings.catch_warnings(), torch.random.fork_rng():
            warnings.simplefilter("ignore")  # it keeps all features
            torch.manual_seed(0)
            metric = (
                FrechetInceptionDistance(feature=as_they_are).set_dtype(torch.float64)
                if name == "frechet"
                else KernelInceptionDistance(as_they_are, subsets=1, subset_size=min(len(samples), len(real)))
            )
            metric.update(real, real=True)
            metric.update(samples, real=False)
            found = metric.compute()
        return float(found[0] if isinstance(found, tuple) else found)

    return measure


def shown() -> dict[str, tuple[str, Measure]]:
    """Name -> kind and measure, of those that are installed."""
    kinds = {"precision": "fidelity", "density": "fidelity", "recall": "diversity", "coverage": "diversity"}
    found: dict[str, tuple[str, Measure]] = {
        "frechet": ("distance", metrics.frechet),
        "kernel_distance": ("distance", lambda samples, real: metrics.kernel_distance(samples, real).value),
        **{name: (kinds[name], measure) for name, measure in ours().items()},
        "torchmetrics FID": ("distance", of_torchmetrics("frechet")),
        "torchmetrics KID": ("distance", of_torchmetrics("kernel")),
    }
    if find_spec("prdc"):
        found |= {f"prdc {name}": (kind, of_prdc(name)) for name, kind in kinds.items()}
    return found
