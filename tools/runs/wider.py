"""Does a larger denoising autoencoder help PPGN-h? Four seeds of the paper's perceptron and of a wider one (C56).

    python tools/runs/wider.py              all that is not there yet (half an hour)
    python tools/runs/wider.py --seeds 21   one seed only; the wider one's step sizes are chosen on the first seed

All hidden layers are twice as wide, codes, noise and training the same. Three chains a class run with each, from the
same random codes: those of the shipped perceptron are the first ones of ``side_by_side.py``, whose step sizes the
others of its kind have too. A chain that runs away keeps its last finite code and counts as what it shows. Resumable.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from functools import cache
from pathlib import Path
from typing import Any

import ablation
import bulk
import side_by_side
import stored
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from tqdm import tqdm
from trials import Setting, drawn, real_accuracy, tried

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.code_denoisers import CodeAutoencoder
from ppgn_lib.networks.small import he_initialise
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.sampling.starts import rectified_normal
from ppgn_lib.training.card import as_stored
from ppgn_lib.training.code_denoiser import codes_of
from ppgn_lib.training.denoiser import errors, train_averaged
from ppgn_lib.training.loop import Run, batch_indices
from ppgn_lib.training.recipes import RECIPES
from ppgn_lib.training.settings import CodeAutoencoderSettings
from ppgn_lib.training.source import SHIPPED

STORE = bulk.RESULTS / "wider.safetensors"
WORK = Path("runs/wider")
SHIPPED_SEED = 6  # of the perceptron that ships
SEEDS = (SHIPPED_SEED, 21, 22, 23)
STEPS = 6000  # of a training, as the shipped one had
CHAINS, TUNING_CHAINS = 3, 2  # a class
SEEDS_FROM, TUNING_FROM = 100_000, 390_000  # the first are those of side_by_side.py
SETTINGS: list[Setting] = [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.2, 0.0)]
HALF = torch.finfo(torch.float16).max  # what stored codes hold at most


class WiderAutoencoder(CodeAutoencoder):
    """R of PPGN-h, each hidden layer twice as wide as in the paper's proportions: codes (B, code) -> (B, code)."""

    def __init__(self, *, code: int = 256) -> None:
        super().__init__(code=code)
        *hidden, _ = (2 * layer.out_features for layer in self.layers if isinstance(layer, nn.Linear))
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in itertools.pairwise([code, *hidden, code])])
        he_initialise(self, slope=0.3)


KINDS: dict[str, type[CodeAutoencoder]] = {"paper": CodeAutoencoder, "wider": WiderAutoencoder}


def main(arguments: list[str] | None = None) -> int:
    """Train, tune and measure what is missing."""
    parser = argparse.ArgumentParser(
        description="PPGN-h with the paper's perceptron and with a wider one. All training photographs are encoded "
        "first, then each perceptron is trained, which takes minutes."
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="of the trainings")
    given = parser.parse_args(arguments)
    if so_far("tuning.wider") is None:
        if SEEDS[0] not in given.seeds:
            raise SystemExit(f"step sizes are chosen on seed {SEEDS[0]}: run that one first")
        add("tuning.wider", {"points": tuning(autoencoder("wider", SEEDS[0])), "precision": precision.name_of()})
    todo = [(kind, seed) for seed in given.seeds for kind in KINDS]
    for kind, seed in tqdm(todo, desc="wider", unit="perceptron"):
        if so_far(f"{kind}.{seed}") is None:
            R, setting = autoencoder(kind, seed), setting_of(kind)
            ends = stored_ends() if is_shipped(kind, seed) else walk(R, setting)
            shown, numbers = measured(R, ends)
            entry = {"setting": list(setting), "numbers": numbers, "R": digest(R)}
            add(f"{kind}.{seed}", entry, {f"{kind}.{seed}.ends": ends, f"{kind}.{seed}.shown": shown})
    return 0


def is_shipped(kind: str, seed: int) -> bool:
    """Whether a perceptron is the one that ships, whose chains are there already."""
    return kind == "paper" and seed == SHIPPED_SEED


def belongs_to(key: str) -> dict[str, Any]:
    """What an entry has to agree with; keys are "tuning.wider" and "KIND.SEED"."""
    first, second = key.split(".")
    seed = SEEDS[0] if first == "tuning" else int(second)
    return {
        "settings": dict(settings_of(seed)),
        "protocol": {
            "chains": [CHAINS, TUNING_CHAINS],
            "steps": protocol.STEPS,
            "settings": [list(setting) for setting in SETTINGS],
            "seeds_from": [SEEDS_FROM, TUNING_FROM],
        },
        "made_with": stored.made_with(
            Path(__file__), "encoder", "generator", "code_autoencoder", "evaluator", "selector"
        ),
    }


def so_far(key: str) -> dict[str, Any] | None:
    """What is stored, if it belongs to the present networks, settings and code."""
    return stored.entry_of(STORE, key, belongs_to(key))


def add(key: str, found: dict[str, Any], tensors: dict[str, Tensor] | None = None) -> None:
    """One entry more in the store."""
    about = {"command": "python tools/runs/wider.py"}
    stored.add_entry(STORE, key, tensors or {}, {**belongs_to(key), **found}, about)


def settings_of(seed: int) -> CodeAutoencoderSettings:
    """Those of the shipped perceptron, with another seed."""
    recipe = RECIPES["code_autoencoder"].settings
    return CodeAutoencoderSettings(**{**dict(recipe), "steps": STEPS, "seed": seed})


@cache
def codes() -> Tensor:
    """Codes (N, H) of all training photographs, in as many tints as the recipe has; it takes minutes."""
    settings = settings_of(SHIPPED_SEED)
    return codes_of(load("encoder"), SHIPPED.open("train"), settings.tints, settings.images)


def autoencoder(kind: str, seed: int) -> nn.Module:
    """R of a kind and a seed, frozen; trained, or gone on with from its checkpoint, if it is not whole."""
    if is_shipped(kind, seed):
        return load("code_autoencoder")
    settings, folder = settings_of(seed), WORK / f"{kind}.{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    # Not bfloat16: its rounding would be a seventh of the noise that R is to remove, and the shipped one had none.
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    run = Run("code_autoencoder", settings, folder, fabric, SHIPPED, {"encoder": load("encoder")})
    of_photographs, code = codes(), load("encoder").code

    def batch(t: int) -> Tensor:
        return of_photographs[batch_indices(len(of_photographs), settings.batch, t, settings.seed)[0]]

    def noisy_loss(net: nn.Module, h: Tensor) -> Tensor:  # as train_code_autoencoder has it
        return (net(h + settings.sigma * torch.randn(h.shape)) - h).square().mean()

    R = train_averaged(run, lambda: KINDS[kind](code=code), batch, noisy_loss, settings.weight_decay).net
    as_stored(R)
    return R.requires_grad_(False)


def walk(R: Any, setting: Setting, first: int = SEEDS_FROM, chains: int = CHAINS, *, fast: bool = False) -> Tensor:
    """The last codes (B, H) of PPGN-h, as many chains of each class; in half precision, as they are stored.

    ``fast``: networks in bfloat16 where the hardware computes in it; for tuning only.
    """
    E, G = load("encoder"), load("generator")
    seeds, y = list(protocol.seeds_of(first, chains, bulk.CLASSES)), protocol.classes_of(chains)
    h = rectified_normal([seed + 500 for seed in seeds], G.code)
    R, G, E = (precision.fast(net) if fast else net for net in (R, G, E))
    experts = variants.ppgn_h(R, G, conditions.classes(E, y, bulk.HEAD))
    for state in chain(h, *experts, Eps(*setting), steps=protocol.STEPS, lost="nan"):
        h = torch.where(state.log_p.isfinite()[:, None], state.h, h)
    return h.clamp(-HALF, HALF).half()


def pictures(ends: Tensor) -> Tensor:
    """What stored codes show, (B, 3, H, W), cut to [-1, 1]."""
    return drawn(load("generator"), ends.float().clamp(-HALF, HALF))


def tuning(R: nn.Module) -> list[dict[str, Any]]:
    """What the selector says of each setting, on validation photographs."""
    y = protocol.classes_of(TUNING_CHAINS)
    return tried(
        SETTINGS, y, lambda setting, _: pictures(walk(R, setting, TUNING_FROM, TUNING_CHAINS, fast=True)), "tuning"
    )


def of_side_by_side() -> tuple[Tensor, Setting]:
    """The ends of the shipped perceptron's chains, and their step sizes. Raises ``SystemExit`` if there are none."""
    path = side_by_side.table().store
    tensors, about = stored.read_tensors(path)
    if "ppgn_h.ends" not in tensors:
        raise SystemExit(f"{path.name} has no chains of PPGN-h: run tools/runs/side_by_side.py first")
    return tensors["ppgn_h.ends"], tuple(about["found"]["ppgn_h"]["chosen"])


def stored_ends() -> Tensor:
    """The first of the shipped perceptron's chains of each class, (B, H)."""
    return protocol.first_of(of_side_by_side()[0], CHAINS)


def setting_of(kind: str) -> Setting:
    """The step sizes of a kind, each chosen by the selector on its first seed."""
    if kind == "paper":
        return of_side_by_side()[1]
    return tuple(protocol.choose((so_far("tuning.wider") or {})["points"], real_accuracy())["setting"])


@torch.no_grad()
def measured(R: nn.Module, ends: Tensor) -> tuple[Tensor, dict[str, list[float]]]:
    """The first picture of each class as bytes, and what the judges say of all; of R what it leaves of its noise."""
    x, y, real = pictures(ends), protocol.classes_of(CHAINS), ablation.photographs()
    judged = metrics.judgement(metrics.judge_with(load("evaluator"), bulk.HEAD), x)
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    sigma = settings_of(SHIPPED_SEED).sigma
    clean = codes_of(load("encoder"), TintedFashion("validation"), images=1000)
    found = {
        "accuracy": metrics.accuracy(judged.logits, y),
        "kid": metrics.kernel_distance_by_class(judged.features, y, real.other, real.other_y),
        "kid_foreign": metrics.kernel_distance_by_class(foreign, y, real.other_foreign, real.other_y),
        "noise_left": [errors(lambda h, _: R(h), clean, (sigma,))[sigma] / sigma],
    }
    return ablation.as_bytes(x[::CHAINS]), {key: list(value) for key, value in found.items()}


if __name__ == "__main__":
    sys.exit(main())
