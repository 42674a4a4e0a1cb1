"""What each loss and each noise of G's training is worth: small trainings of equal budget, three seeds each. Resumable.

    python tools/runs/ablation.py                      all that is not there yet (hours)
    python tools/runs/ablation.py three without_gan    these
    python tools/runs/ablation.py --seeds 11           one seed only

Each is `python -m ppgn_lib.training generator` with the settings of ``BUDGET`` and of its own row of ``ROWS``. Of each
the evaluator's numbers on reconstructions of test photographs are stored, and eight of these; not the weights. Two of
these commands may run at once, with different rows or seeds.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import bulk
import stored
import torch
from lightning_fabric import Fabric
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.metrics.spectrum import band_power
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import load
from ppgn_lib.training.card import thinned
from ppgn_lib.training.generator import Adversarial, train_generator
from ppgn_lib.training.loop import Run
from ppgn_lib.training.recipes import RECIPES, command
from ppgn_lib.training.settings import GeneratorSettings
from ppgn_lib.training.source import SHIPPED

STORE = bulk.RESULTS / "ablation.safetensors"
WORK = Path("runs/ablation")  # checkpoints of what is under way
SEEDS = (11, 12, 13)
BUDGET: dict[str, Any] = {
    "width": 16,
    "d_width": 16,
    "steps": 3000,
    "batch": 32,
    "log_every": 25,
    "halve_every": 1000,
    "ema": 0.99,  # with 0.999 a fifth of the weights would still be the random ones of the start
}
PHOTOGRAPHS = 100  # test photographs of a class that are reconstructed, and as many others to compare with
SHOWN = 8

_JOINT = dict(RECIPES["joint_generator"].settings)
_L_H = {"h_weight": _JOINT["h_weight"]}
_NOISE = {name: _JOINT[name] for name in ("x_noise", "h1_noise", "h_noise")}
ROWS: dict[str, dict[str, float]] = {  # what differs from Noiseless Joint PPGN-h, which has L_img, L_h1 and L_GAN
    "three": {},
    "four": _L_H,
    "four_with_noise": {**_L_H, **_NOISE},  # Joint PPGN-h
    "without_gan": {**_L_H, "gan_weight": 0.0},
    "without_h1": {"h_weight": GeneratorSettings().h1_weight, "h1_weight": 0.0},  # L_h in its place
    "without_image": {"image_weight": 0.0},
    "gan_alone": {"image_weight": 0.0, "h1_weight": 0.0},
    **{f"noise_on_{name.removesuffix('_noise')}": {**_L_H, name: size} for name, size in _NOISE.items()},
    "noise_ten_times": {**_L_H, **{name: 10 * size for name, size in _NOISE.items()}},
}


def main(arguments: list[str] | None = None) -> int:
    """Train and measure what is missing; what belongs to other networks, code or settings starts anew."""
    parser = argparse.ArgumentParser(description="Trainings of G with some of its losses and noises.")
    parser.add_argument("names", nargs="*", help="rows (default: all)")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="of the trainings")
    given = parser.parse_args(arguments)
    known(given.names, ROWS, "row")
    todo = [(name, seed) for seed in given.seeds for name in given.names or ROWS]
    for name, seed in tqdm(todo, desc="ablation", unit="training"):
        settings = settings_of(name, seed)
        head = belongs_to(settings)
        key = f"{name}.{seed}"
        if stored.entry_of(STORE, key, head) is None:
            g, _, log, _ = trained(WORK / key, settings, load("encoder"))
            pictures, numbers = measured(g)
            add(key, pictures, {**head, "numbers": numbers, "log": columns(thinned(log))})
    return 0


def add(key: str, pictures: Tensor, entry: dict[str, Any]) -> None:
    """One training more in the store."""
    about = {"command": "python tools/runs/ablation.py", "protocol": {"photographs": PHOTOGRAPHS}}
    stored.add_entry(STORE, key, {key: pictures}, entry, about)


def settings_of(name: str, seed: int) -> GeneratorSettings:
    """Those of a row."""
    return GeneratorSettings(**{**dict(RECIPES["generator"].settings), **BUDGET, **ROWS[name], "seed": seed})


def belongs_to(settings: GeneratorSettings) -> dict[str, Any]:
    """What a stored training has to agree with."""
    return {
        "command": command("generator", settings, SHIPPED),
        "settings": dict(settings),
        "made_with": stored.made_with(Path(__file__), "encoder", "evaluator"),
    }


def trained(folder: Path, settings: GeneratorSettings, E: Encoder) -> Adversarial:
    """G for an encoder, and its log; goes on from a checkpoint in the folder if there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    return train_generator(Run("generator", settings, folder, fabric, SHIPPED, {"encoder": E}))


def columns(log: list[dict[str, float]]) -> dict[str, list[float]]:
    """Each number of a training's log over its rows, to six digits."""
    found: dict[str, list[float]] = stored.rounded({what: [row[what] for row in log] for what in log[0]})
    return found


def as_bytes(x: Tensor) -> Tensor:
    """Pictures in [-1, 1] as they are stored."""
    return ((x + 1) * 127.5).round().to(torch.uint8)


class Photographs(NamedTuple):
    """Test photographs with their features; ``x``, which are reconstructed, and others to compare with."""

    x: Tensor
    y: Tensor
    own: Tensor  # the evaluator's features of x
    own_foreign: Tensor  # EfficientNet's
    other: Tensor
    other_foreign: Tensor
    other_y: Tensor
    fine_power: metrics.Estimate
    twins_below: Tensor  # the twentieth part of x has another one of the class nearer than this


def to_nearest(x: Tensor, y: Tensor) -> Tensor:
    """Mean square from each picture to the most similar other one of its class, in normalised luminance: (N,)."""
    flat = metrics.normalised_luminance(x).flatten(1)
    found = torch.empty(len(x))
    for c in y.unique():
        apart = torch.cdist(flat[y == c], flat[y == c], compute_mode="donot_use_mm_for_euclid_dist")
        found[y == c] = apart.fill_diagonal_(torch.inf).amin(1).square() / flat.shape[1]
    return found


@cache
def photographs() -> Photographs:
    """A thousand, and a thousand others."""
    judge, foreign = metrics.judge_with(load("evaluator"), bulk.HEAD), metrics.imagenet()
    test = TintedFashion("test")
    other = protocol.real_images(test, judge, PHOTOGRAPHS, bulk.HEAD)
    own = protocol.real_images(test, judge, PHOTOGRAPHS, bulk.HEAD, skip=PHOTOGRAPHS)
    own_foreign, other_foreign = (metrics.judgement(foreign, part.x, 100).features for part in (own, other))
    fine = metrics.mean_with_interval(band_power(own.x)[:, -1])
    return Photographs(
        own.x,
        own.y,
        own.judgement.features,
        own_foreign,
        other.judgement.features,
        other_foreign,
        other.y,
        fine,
        to_nearest(own.x, own.y).quantile(0.05),
    )


@torch.no_grad()
def measured(g: torch.nn.Module) -> tuple[Tensor, dict[str, list[float]]]:
    """Reconstructions as bytes (SHOWN, 3, H, W), and what the judges say of a thousand."""
    E, judge, real = load("encoder"), metrics.judge_with(load("evaluator"), bulk.HEAD), photographs()
    x = metrics.in_blocks(lambda x: g(encode(E, x)).clamp(-1, 1), real.x)
    judged = metrics.judgement(judge, x)
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    near = metrics.neighbours_by_class(judged.features, real.y, real.other, real.other_y)
    near_foreign = metrics.neighbours_by_class(foreign, real.y, real.other_foreign, real.other_y)
    found = {
        "accuracy": metrics.accuracy(judged.logits, real.y),
        "kid": metrics.kernel_distance_by_class(judged.features, real.y, real.other, real.other_y),
        "kid_foreign": metrics.kernel_distance_by_class(foreign, real.y, real.other_foreign, real.other_y),
        "coverage": near.coverage,
        "recall": near.recall,
        "coverage_foreign": near_foreign.coverage,
        "recall_foreign": near_foreign.recall,
        "fine_power": metrics.ratio(metrics.mean_with_interval(band_power(x)[:, -1]), real.fine_power),
        "precision": near.precision,
        "twins": list(metrics.mean_with_interval((to_nearest(x, real.y) < real.twins_below).double())),
        "error": metrics.mean_with_interval((x - real.x).square().mean((1, 2, 3)).double()),
        # Of a picture from its own photograph, over that of two photographs of a class.
        "own_foreign": [
            float((foreign - real.own_foreign).norm(dim=1).mean() / metrics.spread(real.own_foreign, real.y))
        ],
        "spread": [metrics.spread(judged.features, real.y) / metrics.spread(real.own, real.y)],
        "spread_foreign": [metrics.spread(foreign, real.y) / metrics.spread(real.own_foreign, real.y)],
    }
    shown = torch.arange(SHOWN) * (len(x) // SHOWN)
    return as_bytes(x[shown]), {key: list(value) for key, value in found.items()}


if __name__ == "__main__":
    sys.exit(main())
