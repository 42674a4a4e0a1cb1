"""How much hangs on one pair of E and G? Three pairs, of other seeds, trained and sampled alike. Resumable.

    python tools/runs/pairs.py              all that is not there yet (hours)
    python tools/runs/pairs.py --seeds 21   one pair only

A pair is E, then G by the recipe of the shipped networks with the steps of ``SHORTER``. From that G two go on equally
long: one with the noises and losses of Joint PPGN-h, one as before, for Noiseless and DGN-AM. For the first two the
selector chooses the step sizes on validation photographs; DGN-AM is Noiseless without its prior. The evaluator judges
chains on other seeds. The networks are not stored: numbers, and a picture of each class.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import stored
import torch
from alternatives import States
from lightning_fabric import Fabric
from torch import Tensor, nn
from tqdm import tqdm
from trials import Setting, from_best, real_accuracy, tried

from ppgn_lib import Eps, Noise, chain, conditions, metrics, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts.variants import Experts
from ppgn_lib.metrics import mixing, protocol
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal
from ppgn_lib.training.generator import train_generator
from ppgn_lib.training.loop import Run
from ppgn_lib.training.recipes import RECIPES
from ppgn_lib.training.settings import Settings
from ppgn_lib.training.source import SHIPPED

STORE = bulk.RESULTS / "pairs.safetensors"
WORK = Path("runs/pairs")  # checkpoints
SEEDS = (21, 22, 23)
NOISES = ("x_noise", "h1_noise", "h_noise")
SHORTER: dict[str, dict[str, Any]] = {  # what differs from the recipes; trained one after the other
    "encoder": {"steps": 5000},
    "generator": {"steps": 3000, "halve_every": 700, "ema": 0.99},
    "joint_generator": {"steps": 600, "halve_every": 150, "ema": 0.99},
}
CONTROL = {**dict.fromkeys(NOISES, 0.0), "h_weight": 0.0}  # of the G that goes on as before
NOISE_SHARE = 0.1  # of the mean activation of h1 and h, as the paper has it
TUNING_CHAINS, CHAINS = 8, 20  # a class
SEEDS_FROM, TUNING_FROM = 260_000, 265_000
FIRST, EVERY, CLUSTERS, PHOTOGRAPHS = 60, 10, 20, 200  # states judged for mixing; clusters of so many photographs


class Pair(NamedTuple):
    """What one seed gives."""

    E: Encoder
    plain: nn.Module  # G, gone on with as before
    joint: nn.Module  # G, gone on with as Joint PPGN-h
    noise: dict[str, float]  # of the latter, on h, x and h1


class Sampler(NamedTuple):
    """A variant: its G, and what a chain needs of a pair, for classes and seeds."""

    g: Callable[[Pair], nn.Module]
    experts: Callable[[Pair, Tensor, list[int]], Experts]


SETTINGS: list[Setting] = [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.2, 0.0)]
SAMPLERS = {  # Noiseless comes first: DGN-AM has its eps2
    "noiseless": Sampler(
        lambda pair: pair.plain, lambda pair, y, _: variants.noiseless(pair.plain, pair.E, asked(pair, y))
    ),
    "joint": Sampler(
        lambda pair: pair.joint,
        lambda pair, y, seeds: variants.joint(
            pair.joint, pair.E, asked(pair, y), noise=Noise([seed + 500 for seed in seeds]), **pair.noise
        ),
    ),
    "dgn_am": Sampler(lambda pair: pair.plain, lambda pair, y, _: variants.dgn_am(pair.plain, asked(pair, y))),
}


def main(arguments: list[str] | None = None) -> int:
    """Train, tune and measure what is missing."""
    parser = argparse.ArgumentParser(description="Three pairs of E and G.")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="of the pairs")
    given = parser.parse_args(arguments)
    for seed in tqdm(given.seeds, desc="pairs", unit="pair"):
        if any(so_far(name, seed) is None for name in SAMPLERS):
            pair = trained(seed)
            for name in SAMPLERS:
                if so_far(name, seed) is None:
                    add(name, seed, pair)
    return 0


def add(name: str, seed: int, pair: Pair) -> None:
    """A variant of a pair into the store. If its chains diverge the next best setting is taken."""
    sampler = SAMPLERS[name]
    if name == "dgn_am":
        noiseless = so_far("noiseless", seed)
        assert noiseless is not None
        points, settings = [], [(0.0, *noiseless["setting"][1:])]
    else:
        points = tuning(pair, sampler)
        settings = from_best(points, real_accuracy())
    for setting in settings:
        try:
            shown, numbers = measured(pair, sampler, setting)
            break
        except FloatingPointError:
            continue
    else:
        raise FloatingPointError(f"{name} of seed {seed}: the chains of all settings diverge")
    entry = {**belongs_to(seed), "points": points, "setting": list(setting), "numbers": numbers}
    about = {"command": "python tools/runs/pairs.py"}
    stored.add_entry(STORE, f"{name}.{seed}", {f"{name}.{seed}": shown}, entry, about)


def so_far(name: str, seed: int) -> dict[str, Any] | None:
    """What is stored of a variant of a pair, if it belongs to the present settings and code."""
    return stored.entry_of(STORE, f"{name}.{seed}", belongs_to(seed))


def belongs_to(seed: int) -> dict[str, Any]:
    """What a stored pair has to agree with."""
    return {
        "settings": {name: dict(settings_of(name, seed)) for name in SHORTER},
        "protocol": {"chains": CHAINS, "steps": protocol.STEPS, "first": FIRST, "every": EVERY, "clusters": CLUSTERS},
        "made_with": stored.made_with(Path(__file__), "evaluator", "selector"),
    }


def settings_of(name: str, seed: int, **changed: float) -> Settings:
    """Those of a recipe, shorter."""
    shipped = RECIPES[name].settings
    return type(shipped)(**{**dict(shipped), **SHORTER[name], "seed": seed, **changed})


@torch.no_grad()
def noise_for(E: Encoder) -> dict[str, float]:
    """The noise of Joint PPGN-h on h, x and h1: that on x as shipped, the others a share of what this E has."""
    x = TintedFashion("train").batch(range(1000)).x
    h1 = metrics.in_blocks(E.e1, x)
    shipped = dict(RECIPES["joint_generator"].settings)
    return {
        "h": NOISE_SHARE * float(E.e2(h1).mean()),
        "x": shipped["x_noise"],
        "h1": NOISE_SHARE * float(h1.mean()),
    }


def trained(seed: int) -> Pair:
    """The networks of a pair; goes on from checkpoints."""

    def run(folder: str, name: str, inputs: dict[str, nn.Module], **changed: float) -> Run[Any]:
        path = WORK / str(seed) / folder
        path.mkdir(parents=True, exist_ok=True)
        fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
        return Run(name, settings_of(name, seed, **changed), path, fabric, SHIPPED, inputs)

    E = RECIPES["encoder"].train(run("encoder", "encoder", {})).net.eval().requires_grad_(False)
    first = train_generator(run("generator", "generator", {"encoder": E}))
    inputs = {"encoder": E, "generator": first.g, "discriminator": first.d}
    noise = noise_for(E)
    noisy = {f"{name}_noise": size for name, size in noise.items()}
    plain, joint = (
        train_generator(run(folder, "joint_generator", inputs, **changed)).g.requires_grad_(False)
        for folder, changed in (("plain", CONTROL), ("joint", noisy))
    )
    return Pair(E, plain, joint, noise)


def asked(pair: Pair, y: Tensor) -> conditions.LogProb:
    """The class of the item, as the pair's E sees it."""
    return conditions.classes(pair.E, y, bulk.HEAD)


def walk(pair: Pair, sampler: Sampler, setting: Setting, y: Tensor, seeds_from: int) -> States:
    """The states of chains from random codes for classes ``y``, as many of each."""
    seeds = list(protocol.seeds_of(seeds_from, len(y) // bulk.CLASSES, bulk.CLASSES))
    experts = sampler.experts(pair, y, seeds)
    h0 = rectified_normal(seeds, pair.E.code)
    for state in chain(h0, *experts, Eps(*setting), steps=protocol.STEPS, seeds=seeds):
        yield state.h


@torch.no_grad()
def drawn(pair: Pair, sampler: Sampler, h: Tensor) -> Tensor:
    """Pictures of codes, cut to [-1, 1]."""
    g = sampler.g(pair)
    return metrics.in_blocks(lambda h: g(h).clamp(-1, 1), h)


def tuning(pair: Pair, sampler: Sampler) -> list[dict[str, Any]]:
    """What the selector says of each setting, on validation photographs."""

    def ends(setting: Setting, y: Tensor) -> Tensor:
        *_, h = walk(pair, sampler, setting, y, TUNING_FROM)
        return drawn(pair, sampler, h)

    return tried(SETTINGS, protocol.classes_of(TUNING_CHAINS), ends)


@torch.no_grad()
def measured(pair: Pair, sampler: Sampler, setting: Setting) -> tuple[Tensor, dict[str, list[float]]]:
    """The first end of each class as bytes, and what the judges say of all chains."""
    real, judge = ablation.photographs(), metrics.judge_with(load("evaluator"), bulk.HEAD)
    y, features, right = protocol.classes_of(CHAINS), [], []
    x = torch.empty(0)
    with torch.enable_grad():
        for t, h in enumerate(walk(pair, sampler, setting, y, SEEDS_FROM)):
            if t >= FIRST and t % EVERY == 0:
                x = drawn(pair, sampler, h)
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
