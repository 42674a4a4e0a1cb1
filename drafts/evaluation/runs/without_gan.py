"""Is the GAN loss worth more than contrast? Reconstructions and samples with and without it, three seeds each (C47).

    python tools/runs/without_gan.py              all that is not there yet (hours if G has to be trained)
    python tools/runs/without_gan.py --seeds 12   one seed only; step sizes and tuning are of the first one

G is that of the rows ``four`` and ``without_gan`` of ``ablation.py``. The rival's reconstructions may be sharpened, as
much as the selector likes on validation photographs. Distances to photographs, own detail and samples by Noiseless are
compared; numbers are stored, and some pictures. Resumable.
"""

from __future__ import annotations

import argparse
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any

import ablation
import bulk
import stored
import torch
import trials
from scipy.optimize import brentq
from torch import Tensor, nn
from tqdm import tqdm
from trials import Setting, drawn, from_best, real_accuracy, tried

from ppgn_lib import Eps, apart, chain, conditions, metrics, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.metrics.spectrum import EDGES, band_power
from ppgn_lib.networks import precision
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "without_gan.safetensors"
WITH, RIVAL = ROWS = ("four", "without_gan")
CHAINS, TUNING_CHAINS = 8, 2  # a class
SEEDS_FROM, TUNING_FROM = 350_000, 340_000
accuracy_of_photographs = cache(real_accuracy)  # it takes a while
SETTINGS: list[Setting] = [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.2, 0.0)]
FINE = EDGES[-2]  # cycles an image; the corners of the spectrum belong to it
BLEND = (6.0, 10.0)  # between these the filter that sharpens rises as a raised cosine
FACTORS = (0.25, 16.0)  # the full one is looked for in between


def main(arguments: list[str] | None = None) -> int:
    """Train, tune and measure what is missing."""
    said = f"A G whose checkpoint is not in {ablation.WORK} is trained first, which takes many minutes each."
    parser = argparse.ArgumentParser(description=f"Reconstructions and samples with and without the GAN loss. {said}")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(ablation.SEEDS), help="of the trainings")
    given = parser.parse_args(arguments)
    for seed in tqdm(given.seeds, desc="reconstructed", unit="seed"):
        if so_far(f"reconstructed.{seed}") is None:
            shown, found = measured(seed)
            add(f"reconstructed.{seed}", found, {f"reconstructed.{seed}.{what}": x for what, x in shown.items()})
    for row in ROWS:
        if so_far(f"tuning.{row}") is None:
            if (first := ablation.SEEDS[0]) not in given.seeds:
                raise SystemExit(f"step sizes are chosen on seed {first}: run that one first")
            points = tuning(generator(row, first))
            add(f"tuning.{row}", {"points": points, "precision": precision.name_of()})
    wanted = [(row, seed) for row in ROWS for seed in given.seeds]
    with tqdm(desc="samples", unit="training", total=len(wanted)) as bar:
        while todo := [(row, seed) for row, seed in wanted if not sampled(row, seed)]:
            bar.n = len(wanted) - len(todo)
            bar.refresh()
            sample(*todo[0])
    return 0


def belongs_to(key: str) -> dict[str, Any]:
    """What an entry has to agree with; keys are "reconstructed.SEED", "tuning.ROW" and "ROW.SEED"."""
    first, second = key.split(".")
    seed = ablation.SEEDS[0] if first == "tuning" else int(second)
    rows = {"reconstructed": ROWS, "tuning": (second,)}.get(first, (first,))
    return {
        "settings": {row: dict(ablation.settings_of(row, seed)) for row in rows},
        "protocol": {
            "chains": [CHAINS, TUNING_CHAINS],
            "steps": protocol.STEPS,
            "settings": [list(setting) for setting in SETTINGS],
            "seeds_from": [SEEDS_FROM, TUNING_FROM],
            "photographs": ablation.PHOTOGRAPHS,
            "blend": list(BLEND),
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "evaluator", "selector"),
    }


def so_far(key: str) -> dict[str, Any] | None:
    """What is stored, if it belongs to the present settings and code."""
    return stored.entry_of(STORE, key, belongs_to(key))


def add(key: str, found: dict[str, Any], tensors: dict[str, Tensor] | None = None) -> None:
    """One entry more in the store."""
    about = {"command": "python tools/runs/without_gan.py"}
    stored.add_entry(STORE, key, tensors or {}, {**belongs_to(key), **found}, about)


def generator(row: str, seed: int) -> nn.Module:
    """G of a row and a seed, frozen; trained, or gone on with from its checkpoint, if it is not whole."""
    folder, settings = ablation.WORK / f"{row}.{seed}", ablation.settings_of(row, seed)
    return ablation.trained(folder, settings, load("encoder")).g.requires_grad_(False)


def reconstructed(g: nn.Module, x: Tensor) -> Tensor:
    """G(E(x)) of photographs (N, 3, H, W), cut to [-1, 1]."""
    return drawn(g, metrics.in_blocks(lambda x: encode(load("encoder"), x), x))


def radius(size: int) -> Tensor:
    """The radial frequency of each number of ``fft2``, in cycles an image: (size, size)."""
    f = torch.fft.fftfreq(size, 1 / size, dtype=torch.float64)
    return (f[:, None].square() + f.square()).sqrt()


def filtered(x: Tensor, gain: Tensor) -> Tensor:
    """Pictures (N, C, H, H), each frequency times its gain (H, H); float64."""
    return torch.fft.ifft2(torch.fft.fft2(x.double()) * gain).real


def own_detail(x_hat: Tensor, x: Tensor, other: Tensor) -> float:
    """How much of the detail of x is in x_hat, less how much of it any picture of its class and tint would have.

    All are (N, 3, H, W). Products of what they have from ``FINE`` on, summed over pixels, channels and pictures, over
    that of x with itself: without detail it is 0, and as much below 1 for a copy as ``other`` is like x.
    """
    fine = (radius(x.shape[-1]) >= FINE).double()
    return float((filtered(x_hat, fine) * (x - other)).sum() / (filtered(x, fine) * x).sum())


def next_of_class() -> Tensor:
    """Of each of the photographs that are reconstructed the next one of its class, tinted like it: (N, 3, H, W)."""
    test, each = TintedFashion("test"), ablation.PHOTOGRAPHS
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))  # as protocol.real_images has it
    items = test.labels()[bulk.HEAD][order]
    own = torch.stack([order[items == c][each : 2 * each] for c in range(bulk.CLASSES)])
    return test.batch(own.roll(-1, 1).flatten(), tints_of=test.start + own.flatten()).x


def sharpened(x: Tensor, factor: float) -> Tensor:
    """Pictures (N, C, H, H) with their detail times a factor: from 1 at 6 cycles to all of it at 10; cut to [-1, 1]."""
    low, high = BLEND
    share = ((radius(x.shape[-1]) - low) / (high - low)).clamp(0, 1)
    gain = 1 + (factor - 1) * (1 - torch.cos(math.pi * share)) / 2
    return filtered(x, gain).clamp(-1, 1).to(x.dtype)


def fine_power(x: Tensor) -> float:
    """Mean power of pictures from ``FINE`` on."""
    return float(band_power(x)[:, -1].mean())


def factor_to(x: Tensor, power: float) -> float:
    """The factor at which ``sharpened`` pictures have this fine power, after the cut.

    Raises ``ValueError`` if it does not lie within ``FACTORS``.
    """

    def missing(factor: float) -> float:
        return fine_power(sharpened(x, factor)) - power

    if not missing(FACTORS[0]) <= 0 <= missing(FACTORS[1]):
        raise ValueError(
            f"the fine power must be one that factors of {FACTORS} reach from {fine_power(x):.3g}; got {power:.3g}: "
            "look at the trainings, one may have broken down"
        )
    return float(brentq(missing, *FACTORS, xtol=1e-4))


def factors(g: nn.Module, rival: nn.Module) -> list[dict[str, float]]:
    """How near the rival's sharpened reconstructions of validation photographs come, by the selector.

    Factors: 1, the root of the full one, and the full one, which gives the fine power with the GAN loss.
    """
    with apart.tuning():
        judge, near = trials.photographs()
        data = TintedFashion("validation")
        own = protocol.real_images(data, judge, ablation.PHOTOGRAPHS, bulk.HEAD, skip=trials.REAL)
        x = reconstructed(rival, own.x)
        full = factor_to(x, fine_power(reconstructed(g, own.x)))
        points = []
        for factor in (1.0, math.sqrt(full), full):
            features = metrics.judgement(judge, sharpened(x, factor)).features
            kid = metrics.kernel_distance_by_class(features, own.y, near.judgement.features, near.y)
            points.append({"factor": factor, "kid": kid.value})
    return points


def measured(seed: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Some reconstructions as bytes, and numbers of all: with the GAN loss, without it, and that sharpened."""
    g, rival = (generator(row, seed) for row in ROWS)
    points = factors(g, rival)
    factor = min(points, key=lambda point: point["kid"])["factor"]
    real, other, foreign = ablation.photographs(), next_of_class(), metrics.imagenet()
    ways = {WITH: reconstructed(g, real.x), RIVAL: reconstructed(rival, real.x)}
    ways["sharpened"] = sharpened(ways[RIVAL], factor)
    numbers: dict[str, list[float]] = {}
    for way, x in ways.items():
        far = metrics.judgement(foreign, x, 100).features
        kid = metrics.kernel_distance_by_class(far, real.y, real.other_foreign, real.other_y)
        numbers |= {f"{way}.kid_foreign": list(kid), f"{way}.own_detail": [own_detail(x, real.x, other)]}
        numbers[f"{way}.fine_power"] = [fine_power(x) / real.fine_power.value]
    shown = torch.arange(ablation.SHOWN) * (len(real.x) // ablation.SHOWN)
    return {way: ablation.as_bytes(x[shown]) for way, x in ways.items()}, {
        "factors": points,
        "factor": factor,
        "numbers": numbers,
        "g": {row: digest(net) for row, net in zip(ROWS, (g, rival), strict=True)},
    }


def ends(g: Any, E: Any, setting: Setting, y: Tensor, seeds: list[int]) -> Tensor:
    """The last codes (B, H) of Noiseless for classes ``y``; g and E may be ``precision.fast`` ones."""
    experts = variants.noiseless(g, E, conditions.classes(E, y, bulk.HEAD))
    h = rectified_normal(seeds, load("encoder").code)
    for state in chain(h, *experts, Eps(*setting), steps=protocol.STEPS):
        h = state.h
    return h


def tuning(g: nn.Module) -> list[dict[str, Any]]:
    """What the selector says of each setting, on validation photographs."""
    seeds, y = list(protocol.seeds_of(TUNING_FROM, TUNING_CHAINS, bulk.CLASSES)), protocol.classes_of(TUNING_CHAINS)
    fast_g, fast_E = precision.fast(g), precision.fast(load("encoder"))
    return tried(SETTINGS, y, lambda setting, y: drawn(g, ends(fast_g, fast_E, setting, y, seeds)))


def setting_of(row: str) -> Setting:
    """The best step sizes of a row at which no chain of any of its trainings diverged."""
    entries = [so_far(f"{row}.{seed}") or {} for seed in ablation.SEEDS]
    diverged = [setting for entry in entries for setting in entry.get("diverged", [])]
    for setting in from_best((so_far(f"tuning.{row}") or {})["points"], accuracy_of_photographs()):
        if list(setting) not in diverged:
            return setting
    raise FloatingPointError(f"chains with the G of {row!r} diverge at all settings")


def sampled(row: str, seed: int) -> bool:
    """Whether the chains of a training are there, at the row's step sizes."""
    entry = so_far(f"{row}.{seed}") or {}
    return "numbers" in entry and entry["setting"] == list(setting_of(row))


def seeds_of(seed: int) -> list[int]:
    """The seeds of the chains for a training, other ones for each, the same with and without the GAN loss."""
    first = SEEDS_FROM + CHAINS * ablation.SEEDS.index(seed)
    return list(protocol.seeds_of(first, CHAINS, bulk.CLASSES))


def sample(row: str, seed: int) -> None:
    """The chains of a training into the store, or that they diverge."""
    setting, g, y = setting_of(row), generator(row, seed), protocol.classes_of(CHAINS)
    before = (so_far(f"{row}.{seed}") or {}).get("diverged", [])
    found, shown = {"setting": list(setting), "diverged": before}, {}
    try:
        x = drawn(g, ends(g, load("encoder"), setting, y, seeds_of(seed)))
    except FloatingPointError:
        found["diverged"].append(list(setting))
    else:
        real = ablation.photographs()
        judged = metrics.judgement(metrics.judge_with(load("evaluator"), bulk.HEAD), x)
        foreign = metrics.judgement(metrics.imagenet(), x, 100).features
        numbers = {
            "accuracy": metrics.accuracy(judged.logits, y),
            "kid": metrics.kernel_distance_by_class(judged.features, y, real.other, real.other_y),
            "kid_foreign": metrics.kernel_distance_by_class(foreign, y, real.other_foreign, real.other_y),
        }
        found |= {"numbers": {key: list(value) for key, value in numbers.items()}, "g": digest(g)}
        shown = {f"{row}.{seed}": ablation.as_bytes(x[::CHAINS])}
    add(f"{row}.{seed}", found, shown)


if __name__ == "__main__":
    sys.exit(main())
