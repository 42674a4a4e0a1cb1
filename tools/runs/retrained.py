"""Does the order of the variants hang on one training of G? Three trainings of each G, sampled alike. Resumable.

    python tools/runs/retrained.py                  all that is not there yet (hours)
    python tools/runs/retrained.py noiseless        one variant only

The G of Joint PPGN-h, and that of Noiseless and DGN-AM, are those of the rows ``four_with_noise`` and ``three`` of
``ablation.py``: one budget, three seeds, the shipped E. All have the same step sizes: those that the selector takes, on
validation photographs, for Noiseless and Joint of the first seed together; DGN-AM is without the prior. The evaluator
judges chains on other seeds. Numbers are stored, and a picture of each class. If chains of one sampler diverge, all go
on to the next best step sizes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import stored
import torch
from alternatives import States
from torch import Tensor, nn
from tqdm import tqdm
from trials import Setting, drawn, from_best, real_accuracy, tried

from ppgn_lib import Eps, Noise, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts.variants import Experts
from ppgn_lib.metrics import mixing, protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal
from ppgn_lib.training.recipes import RECIPES

STORE = bulk.RESULTS / "retrained.safetensors"
TUNING_CHAINS, CHAINS = 8, 20  # a class
SEEDS_FROM, TUNING_FROM = 260_000, 265_000
FIRST, EVERY, CLUSTERS, PHOTOGRAPHS = 60, 10, 20, 200  # states judged for mixing; clusters of so many photographs
SETTINGS: list[Setting] = [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.2, 0.0)]


class Sampler(NamedTuple):
    """A variant: the row of the ablation that its G is of, and what a chain needs, for a condition and seeds."""

    row: str
    experts: Callable[[nn.Module, conditions.LogProb, list[int]], Experts]


def _joint(g: nn.Module, condition: conditions.LogProb, seeds: list[int]) -> Experts:
    """Joint PPGN-h with the noise inside its pass that G was trained with."""
    trained = dict(RECIPES["joint_generator"].settings)
    noise = {name: trained[f"{name}_noise"] for name in ("h", "x", "h1")}
    return variants.joint(g, load("encoder"), condition, noise=Noise([seed + 500 for seed in seeds]), **noise)


SAMPLERS = {
    "noiseless": Sampler("three", lambda g, condition, _: variants.noiseless(g, load("encoder"), condition)),
    "joint": Sampler("four_with_noise", _joint),
    "dgn_am": Sampler("three", lambda g, condition, _: variants.dgn_am(g, condition)),
}
TUNED = ("noiseless", "joint")


def main(arguments: list[str] | None = None) -> int:
    """Train, tune and measure what is missing."""
    parser = argparse.ArgumentParser(description="Three trainings of the G of a variant, sampled alike.")
    parser.add_argument("names", nargs="*", help="variants (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, SAMPLERS, "variant")
    for name in TUNED:
        if so_far(f"tuning.{name}") is None:
            add(f"tuning.{name}", {"points": tuning(generator(name, ablation.SEEDS[0]), SAMPLERS[name])})
    wanted = [f"{name}.{seed}" for name in given.names or SAMPLERS for seed in ablation.SEEDS]
    with tqdm(desc="retrained", unit="training", total=len(wanted)) as bar:
        while todo := unfinished(wanted, setting := common()):
            bar.n = len(wanted) - len(todo)
            bar.refresh()
            sample(todo[0], setting)
    return 0


def generator(name: str, seed: int) -> nn.Module:
    """The G of a variant, trained with a seed; goes on from a checkpoint of ``ablation.py`` if there is one."""
    row = SAMPLERS[name].row
    settings = ablation.settings_of(row, seed)
    return ablation.trained(ablation.WORK / f"{row}.{seed}", settings, load("encoder")).g.requires_grad_(False)


def sample(key: str, setting: Setting) -> None:
    """A variant with a training of its G into the store, or that its chains diverge."""
    name, seed = key.split(".")
    found: dict[str, Any] = {"setting": list(setting), "diverged": (so_far(key) or {}).get("diverged", [])}
    try:
        y = protocol.classes_of(CHAINS)
        shown, found["numbers"] = measured(generator(name, int(seed)), SAMPLERS[name], setting, y, seeds_of(int(seed)))
    except FloatingPointError:
        shown = torch.empty(0)
        found["diverged"].append(list(setting))
    add(key, found, {key: shown})


def seeds_of(seed: int) -> int:
    """The first seed of the chains for a training: each has starts of its own, the same for all variants."""
    return SEEDS_FROM + 10 * CHAINS * ablation.SEEDS.index(seed)


def common() -> Setting:
    """The step sizes of all: the best ones, for the variants that were tuned together, at which no chain diverged."""
    tunings = [so_far(f"tuning.{name}") for name in TUNED]
    points = []
    for of_one in zip(*(tuned["points"] for tuned in tunings if tuned), strict=True):
        if any("diverged" in point for point in of_one):
            continue
        means = {what: sum(point[what] for point in of_one) / len(of_one) for what in ("accuracy", "kid")}
        points.append({"setting": of_one[0]["setting"], **means})
    diverged = [setting for key in samples() for setting in (so_far(key) or {}).get("diverged", [])]
    for setting in from_best(points, accuracy_of_photographs()):
        if list(setting) not in diverged:
            return setting
    raise FloatingPointError("at all settings the chains of one variant or another diverge")


@cache
def accuracy_of_photographs() -> float:
    """What the selector reaches on validation photographs; it takes a while."""
    return real_accuracy()


def samples() -> list[str]:
    """The keys of all samples."""
    return [f"{name}.{seed}" for name in SAMPLERS for seed in ablation.SEEDS]


def unfinished(keys: list[str], setting: Setting) -> list[str]:
    """Those of the variants and trainings that were not sampled at these step sizes."""
    there = {key: so_far(key) or {} for key in keys}
    return [key for key, found in there.items() if "numbers" not in found or found["setting"] != list(setting)]


def add(key: str, found: dict[str, Any], tensors: dict[str, Tensor] | None = None) -> None:
    """One entry more in the store."""
    about = {"command": "python tools/runs/retrained.py"}
    stored.add_entry(STORE, key, tensors or {}, {**belongs_to(key), **found}, about)


def so_far(key: str) -> dict[str, Any] | None:
    """What is stored, if it belongs to the present settings and code."""
    return stored.entry_of(STORE, key, belongs_to(key))


def belongs_to(key: str) -> dict[str, Any]:
    """What an entry has to agree with; keys are "tuning.VARIANT" or "VARIANT.SEED"."""
    first, second = key.split(".")
    name, seed = (second, ablation.SEEDS[0]) if first == "tuning" else (first, int(second))
    return {
        "settings": dict(ablation.settings_of(SAMPLERS[name].row, seed)),
        "protocol": {"chains": CHAINS, "steps": protocol.STEPS, "first": FIRST, "every": EVERY, "clusters": CLUSTERS},
        "made_with": stored.made_with(Path(__file__), "encoder", "evaluator", "selector"),
    }


def walk(g: nn.Module, sampler: Sampler, setting: Setting, y: Tensor, seeds_from: int) -> States:
    """The states of chains from random codes for classes ``y``, as many of each."""
    seeds = list(protocol.seeds_of(seeds_from, len(y) // bulk.CLASSES, bulk.CLASSES))
    E = load("encoder")
    eps = Eps(*setting) if sampler is not SAMPLERS["dgn_am"] else Eps(0.0, *setting[1:])  # no prior
    experts = sampler.experts(g, conditions.classes(E, y, bulk.HEAD), seeds)
    for state in chain(rectified_normal(seeds, E.code), *experts, eps, steps=protocol.STEPS, seeds=seeds):
        yield state.h


def tuning(g: nn.Module, sampler: Sampler) -> list[dict[str, Any]]:
    """What the selector says of each setting, on validation photographs."""

    def ends(setting: Setting, y: Tensor) -> Tensor:
        *_, h = walk(g, sampler, setting, y, TUNING_FROM)
        return drawn(g, h)

    return tried(SETTINGS, protocol.classes_of(TUNING_CHAINS), ends)


@torch.no_grad()
def measured(
    g: nn.Module, sampler: Sampler, setting: Setting, y: Tensor, seeds_from: int
) -> tuple[Tensor, dict[str, list[float]]]:
    """The first end of each class as bytes, and what the judges say of all chains."""
    real, judge = ablation.photographs(), metrics.judge_with(load("evaluator"), bulk.HEAD)
    features, right = [], []
    x = torch.empty(0)
    with torch.enable_grad():
        for t, h in enumerate(walk(g, sampler, setting, y, seeds_from)):
            if t >= FIRST and t % EVERY == 0:
                x = drawn(g, h)
                judged = metrics.judgement(judge, x)
                features.append(judged.features)
                right.append(judged.logits.argmax(1) == y)
    near = metrics.neighbours_by_class(judged.features, y, real.other, real.other_y)
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    grey, grey_real = (metrics.normalised_luminance(t) for t in (x, real.x))
    found = {
        "accuracy": metrics.accuracy(judged.logits, y),
        "kid": metrics.kernel_distance_by_class(judged.features, y, real.other, real.other_y),
        "kid_foreign": metrics.kernel_distance_by_class(foreign, y, real.other_foreign, real.other_y),
        "coverage": near.coverage,
        "luminance_diversity_ratio": metrics.ratio(metrics.diversity(grey, y), metrics.diversity(grey_real, real.y)),
        "unclear_share": metrics.mean_with_interval(
            (judged.logits.softmax(1).amax(1) < protocol.UNCLEAR).double(),
        ),
        **clusters_visited(torch.stack(features), torch.stack(right), y),
    }
    return ablation.as_bytes(x[::CHAINS]), {key: list(value) for key, value in found.items()}


def clusters_visited(features: Tensor, accepted: Tensor, y: Tensor) -> dict[str, metrics.Estimate]:
    """Clusters of its class's photographs that a chain gets to in ten states; 1 is the least.

    features (T, B, F), accepted (T, B), y (B,). ``clusters`` is of any states, mean over chains; ``clusters_accepted``
    of accepted ones, mean over the chains that have ten of these (0 of 0 chains if fewer than two do), and
    ``clusters_kept`` the share of these chains.
    """
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    near = protocol.real_images(TintedFashion("test"), judge, PHOTOGRAPHS, bulk.HEAD)
    centres = [mixing.clusters(near.judgement.features[near.y == c], CLUSTERS) for c in y.unique()]

    def visited(which: Tensor) -> Tensor:
        return torch.cat(
            [
                metrics.clusters_visited(features[:, y == c], which[:, y == c], of_class)
                for c, of_class in zip(y.unique(), centres, strict=True)
            ]
        )

    number = visited(accepted)
    counted = number[~number.isnan()]
    return {
        "clusters": metrics.mean_with_interval(visited(torch.ones_like(accepted))),
        "clusters_accepted": metrics.mean_with_interval(counted)
        if len(counted) > 1
        else metrics.Estimate(0.0, 0.0, CLUSTERS, 0),
        "clusters_kept": metrics.mean_with_interval((~number.isnan()).double()),
    }


if __name__ == "__main__":
    sys.exit(main())
