"""PPGN-h with its noise before, inside or after the denoising autoencoder: does the place matter (C55)? Resumable.

    python tools/runs/noise_place.py           all that is not there yet (half an hour)
    python tools/runs/noise_place.py inside    one place only

The same starts and the same noise n in all places. The evaluator and EfficientNet judge the code with its noise, after
one update without. Stored are numbers for each start or class, and the first pictures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import drawn

from ppgn_lib import Noise, conditions, metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import value_and_grad
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "noise_place.safetensors"
EPS1, EPS2 = 0.1, 0.2  # as chosen for PPGN-h without noise, in ``side_by_side.py``
SIZE = 0.2  # standard deviation of the noise
STARTS, QUIET_STARTS, SEEDS_FROM = 20, 5, 380_000  # a class; of these the first ones run without noise too
FIRST, EVERY = 60, 10  # states that are compared with the next one for movement
PHOTOGRAPHS, SHOWN = 100, 2  # of a class: test photographs to compare with; pictures that are stored

Network = Callable[[Tensor], Tensor]


def without(R: Network, h: Tensor, gradient: Tensor, _noise: Tensor) -> Tensor:
    """Eq. 11 without noise. All tensors here are (B, H)."""
    return h + EPS1 * (R(h) - h) + EPS2 * gradient


def after(R: Network, h: Tensor, gradient: Tensor, noise: Tensor) -> Tensor:
    """Eq. 11: noise is added to what comes out of the update."""
    return without(R, h, gradient, noise) + noise


def stays(R: Network, h: Tensor, gradient: Tensor, noise: Tensor) -> Tensor:
    """The code becomes h + noise, from which R's step is taken; the gradient is that at h (the arrows of Fig. 3c)."""
    return without(R, h + noise, gradient, noise)


def inside(R: Network, h: Tensor, gradient: Tensor, noise: Tensor) -> Tensor:
    """R alone sees h + noise."""
    return h + EPS1 * (R(h + noise) - h) + EPS2 * gradient


PLACES = {"after": after, "stays": stays, "inside": inside, "without": without}


class Photographs(NamedTuple):
    """Test photographs, class after class."""

    y: Tensor  # (N,)
    foreign: Tensor  # (N, F) EfficientNet's features
    two_classes: float  # mean distance of two of different classes, in the evaluator's features


def main(arguments: list[str] | None = None) -> int:
    """Run and judge what is missing."""
    parser = argparse.ArgumentParser(description="PPGN-h with noise in three places.")
    parser.add_argument("names", nargs="*", help="places (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, PLACES, "place")
    for name in tqdm(given.names or PLACES, desc="noise", unit="place"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            shown, found = measured(name)
            about = {"command": "python tools/runs/noise_place.py"}
            stored.add_entry(STORE, name, {name: ablation.as_bytes(shown)}, {**belongs_to(), **found}, about)
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored place has to agree with."""
    return {
        "protocol": {
            "setting": [EPS1, EPS2, SIZE],
            "starts": [STARTS, QUIET_STARTS, SEEDS_FROM],
            "states": [protocol.STEPS, FIRST, EVERY],
            "photographs": PHOTOGRAPHS,
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "code_autoencoder", "evaluator"),
    }


def walk(place: str, y: Tensor, seeds: Sequence[int], at: Sequence[int]) -> Iterator[Tensor]:
    """Of chains for classes y (B,) the code with its noise, after one update without: (B, H) at each update of ``at``.

    With its noise is h, but h + noise in "stays", where R and the next state see that. A chain that is no longer finite
    goes on as NaN; it touches no other.
    """
    R, G = load("code_autoencoder"), load("generator")
    condition = conditions.through(G, conditions.classes(load("encoder"), y, bulk.HEAD))
    stream, h = Noise(seeds), rectified_normal(seeds, G.code)
    for t in tqdm(range(at[-1] + 1), desc=place, unit="update", leave=False):
        noise, (_, gradient) = SIZE * stream.draw(h), value_and_grad(condition, h)
        if t in at and place == "stays":
            yield without(R, h + noise, value_and_grad(condition, h + noise)[1], noise)
        elif t in at:
            yield without(R, h, gradient, noise)
        h = PLACES[place](R, h, gradient, noise)


def pictures(h: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures of codes (B, H), cut to [-1, 1], and which are finite, (B,); the others become grey.

    A finite code that is far off makes a picture of hard colours, which counts as it is.
    """
    x = drawn(load("generator"), h)
    whole = h.isfinite().all(1) & x.flatten(1).isfinite().all(1)
    return x.masked_fill(~whole[:, None, None, None], 0.0), whole


def movement(features: Tensor, most: float) -> Tensor:
    """Mean distance of a state to the next one, none counted beyond ``most``; features (T, B, F), result (B,)."""
    return (features[1:] - features[:-1]).norm(dim=2).clamp(max=most).mean(0)


@cache
def photographs() -> Photographs:
    """As many of each class as is said above."""
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    real = protocol.real_images(TintedFashion("test"), judge, PHOTOGRAPHS, bulk.HEAD)
    features = real.judgement.features.double()
    apart = torch.cdist(features, features)[real.y[:, None] != real.y].mean()
    return Photographs(real.y, metrics.judgement(metrics.imagenet(), real.x, 100).features, float(apart))


def measured(place: str) -> tuple[Tensor, dict[str, Any]]:
    """The first pictures of each class, and what is stored of all: by start, and the kernel distance by class."""
    starts = QUIET_STARTS if place == "without" else STARTS
    y, seeds = protocol.classes_of(starts), list(protocol.seeds_of(SEEDS_FROM, starts, bulk.CLASSES))
    judge, real, features = metrics.judge_with(load("evaluator"), bulk.HEAD), photographs(), []
    for h in walk(place, y, seeds, range(FIRST, protocol.STEPS + 1, EVERY)):
        x, whole = pictures(h)
        judged = metrics.judgement(judge, x)
        features.append(judged.features.double())
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    distances = [metrics.kernel_distance(foreign[y == c], real.foreign[real.y == c]).value for c in range(bulk.CLASSES)]
    return protocol.first_of(x, SHOWN), {
        "recognised": ((judged.logits.argmax(1) == y) & whole).tolist(),
        "movement": movement(torch.stack(features), real.two_classes).tolist(),
        "kid_foreign": distances,
        "finite": whole.tolist(),
        "two_classes": real.two_classes,
    }


if __name__ == "__main__":
    sys.exit(main())
