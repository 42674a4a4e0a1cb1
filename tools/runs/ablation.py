"""What each loss and each noise of G's training is worth: small trainings of equal budget, three seeds each. Resumable.

    python tools/runs/ablation.py                      all that is not there yet (hours)
    python tools/runs/ablation.py three without_gan    these
    python tools/runs/ablation.py --seeds 1            one seed only

Each is `python -m ppgn_lib.training generator` with the settings of ``BUDGET`` and of its own row of ``ROWS``. Of each
the evaluator's numbers on reconstructions of test photographs are stored, and eight of these; not the weights.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

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
BUDGET: dict[str, Any] = {"width": 16, "d_width": 16, "steps": 1500, "halve_every": 500}
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
    "without_h1": {**_L_H, "h1_weight": 0.0},
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
        tensors, about = stored.read_tensors(STORE)
        found = about.get("found", {})
        key = f"{name}.{seed}"
        if {part: found.get(key, {}).get(part) for part in head} != head:
            g, _, log, _ = trained(key, settings)
            pictures, numbers = measured(g)
            found[key] = {**head, "numbers": numbers, "log": thinned(log, 15)}
            stored.write_tensors(
                STORE, {**tensors, key: pictures}, {"command": "python tools/runs/ablation.py", "found": found}
            )
    return 0


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


def trained(key: str, settings: GeneratorSettings) -> Adversarial:
    """G and its log; goes on from a checkpoint if there is one."""
    folder = WORK / key
    folder.mkdir(parents=True, exist_ok=True)
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    run = Run("generator", settings, folder, fabric, SHIPPED, {"encoder": load("encoder")})
    return train_generator(run)


@torch.no_grad()
def measured(g: torch.nn.Module) -> tuple[Tensor, dict[str, list[float]]]:
    """Reconstructions as bytes (SHOWN, 3, H, W), and what the judges say of a thousand."""
    E, judge = load("encoder"), metrics.judge_with(load("evaluator"), bulk.HEAD)
    test = TintedFashion("test")
    real = protocol.real_images(test, judge, PHOTOGRAPHS, bulk.HEAD)
    other = protocol.real_images(test, judge, PHOTOGRAPHS, bulk.HEAD, skip=PHOTOGRAPHS)
    x = metrics.in_blocks(lambda x: g(encode(E, x)).clamp(-1, 1), other.x)
    judged = metrics.judgement(judge, x)
    near = metrics.neighbours_by_class(judged.features, other.y, real.judgement.features, real.y)
    foreign = metrics.imagenet()
    there, there_real = (metrics.judgement(foreign, images, 100).features for images in (x, real.x))
    found = {
        "accuracy": metrics.accuracy(judged.logits, other.y),
        "kid": metrics.kernel_distance_by_class(judged.features, other.y, real.judgement.features, real.y),
        "kid_foreign": metrics.kernel_distance_by_class(there, other.y, there_real, real.y),
        "coverage": near.coverage,
        "recall": near.recall,
        "fine_power": metrics.ratio(
            metrics.mean_with_interval(band_power(x)[:, -1]), metrics.mean_with_interval(band_power(other.x)[:, -1])
        ),
        "error": metrics.mean_with_interval((x - other.x).square().mean((1, 2, 3)).double()),
    }
    shown = torch.arange(SHOWN) * (len(x) // SHOWN)
    return ((x[shown] + 1) * 127.5).round().to(torch.uint8), {key: list(value) for key, value in found.items()}


if __name__ == "__main__":
    sys.exit(main())
