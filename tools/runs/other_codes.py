"""Is a code that was learned from labels the better one? G and chains with other codes, three seeds each. Resumable.

    python tools/runs/other_codes.py              all that is not there yet (hours)
    python tools/runs/other_codes.py --seeds 11   one seed only

Codes of the same length: of E, of an E with its first random weights, and principal components of photographs. For
each G is trained with the losses of Noiseless Joint PPGN-h and the budget of ``ablation.py``; h1 of L_h1 is that of
the trained E throughout. Then chains of Noiseless: prior code(G(h)) - h, condition the trained E's classes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ablation
import bulk
import stored
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn
from tqdm import tqdm
from trials import Setting, real_accuracy, tried

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import Features
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import load

STORE = bulk.RESULTS / "other_codes.safetensors"
WORK = Path("runs/other_codes")
SETTINGS: list[Setting] = [(eps1, eps2, 0.0) for eps1 in (0.1, 0.3) for eps2 in (0.03, 0.1, 0.3, 1.0)]
TUNING_CHAINS, CHAINS = 4, 15  # a class
SEEDS_FROM, TUNING_FROM = 240_000, 245_000
FITTED = 20_000  # photographs whose principal components are taken


class OtherCode(Encoder):
    """A trained encoder with another code: h1 and classes are its own, h is of ``code`` (images -> (B, H)).

    The code is shifted and scaled to mean 0 and the trained code's variance over ``photographs``, both summed over
    its coordinates, so that one step size means the same.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, trained: Encoder, code: nn.Module, photographs: Tensor) -> None:
        super().__init__(trained.classes, size=trained.size, code=trained.code)
        self.load_state_dict(trained.state_dict())
        self.other = code
        with torch.no_grad():
            h, own = code(photographs), trained(photographs).h
        self.register_buffer("shift", h.mean(0))
        self.register_buffer("scale", (own.var(0).sum() / h.var(0).sum()).sqrt())

    def forward(self, x: Tensor) -> Features:
        """As an encoder."""
        seen = super().forward(x)
        return seen._replace(h=(self.other(x) - self.shift) * self.scale)


class Code(nn.Module):
    """The code of an encoder as a network of its own."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor) -> Tensor:
        """Images to codes (B, H)."""
        return self.encoder.e2(self.encoder.e1(x))


def untrained(trained: Encoder, seed: int) -> nn.Module:
    """An E of the same form as it is before training."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Code(Encoder(trained.classes, size=trained.size, code=trained.code))


def principal(trained: Encoder, seed: int) -> nn.Module:
    """The largest principal components of photographs; the seed chooses these."""
    train = TintedFashion("train")
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(seed))[:FITTED]
    x = train.batch(order).x.flatten(1)
    pca = PCA(trained.code, random_state=seed).fit(x.numpy())
    linear = nn.Linear(x.shape[1], trained.code)
    weight = torch.from_numpy(pca.components_).float()
    with torch.no_grad():
        linear.weight.copy_(weight)
        linear.bias.copy_(-weight @ torch.from_numpy(pca.mean_).float())
    return nn.Sequential(nn.Flatten(), linear)


CODES: dict[str, Callable[[Encoder, int], nn.Module] | None] = {
    "trained": None,
    "untrained": untrained,
    "principal": principal,
}


def main(arguments: list[str] | None = None) -> int:
    """Train, tune and measure what is missing."""
    parser = argparse.ArgumentParser(description="Noiseless Joint PPGN-h with other codes.")
    parser.add_argument("names", nargs="*", help="codes (default: all)")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(ablation.SEEDS), help="of the trainings")
    given = parser.parse_args(arguments)
    known(given.names, CODES, "code")
    first = ablation.SEEDS[0]
    todo = [(name, seed) for seed in given.seeds for name in given.names or CODES]
    for name, seed in tqdm(todo, desc="other codes", unit="training"):
        if so_far(name, seed) is None:
            tuned = so_far(name, first)
            if seed != first and tuned is None:
                raise SystemExit(f"step sizes are chosen on seed {first}: run that one of {name!r} first")
            E = encoder_with(name, seed)
            key, settings = f"{name}.{seed}", ablation.settings_of("three", seed)
            g = ablation.trained(folder_of(name, seed), settings, E).g
            points = tuned["points"] if tuned else tuning(E, g)
            setting = protocol.choose(points, real_accuracy())["setting"]
            pictures, numbers = measured(E, g, tuple(setting))
            stored.add_entry(
                STORE,
                key,
                {f"{key}.{what}": x for what, x in pictures.items()},
                {**belongs_to(seed), "points": points, "setting": list(setting), "numbers": numbers},
                {"command": "python tools/runs/other_codes.py"},
            )
    return 0


def folder_of(name: str, seed: int) -> Path:
    """Where G is trained; for the trained E that is the very training of ``ablation.py``."""
    return ablation.WORK / f"three.{seed}" if CODES[name] is None else WORK / f"{name}.{seed}"


def so_far(name: str, seed: int) -> dict[str, Any] | None:
    """What is stored of a code, if it belongs to the present networks, settings and code."""
    return stored.entry_of(STORE, f"{name}.{seed}", belongs_to(seed))


def belongs_to(seed: int) -> dict[str, Any]:
    """What a stored code has to agree with."""
    return {
        "settings": dict(ablation.settings_of("three", seed)),
        "chains": CHAINS,
        "made_with": stored.made_with(Path(__file__), "encoder", "evaluator", "selector"),
    }


@torch.no_grad()
def encoder_with(name: str, seed: int) -> Encoder:
    """E with a code of this name."""
    E = load("encoder")
    make = CODES[name]
    if make is None:
        return E
    photographs = TintedFashion("train").batch(range(1000)).x
    return OtherCode(E, make(E, seed).eval(), photographs).eval().requires_grad_(False)


def ends(E: Encoder, g: nn.Module, setting: Setting, y: Tensor, seeds_from: int, *, lost: bool = False) -> Tensor:
    """The last pictures of chains for classes ``y`` that start at codes of training photographs of any class.

    Where a chain diverges, ``FloatingPointError``; with ``lost`` it stays at its last code and the others go on.
    """
    train = TintedFashion("train")
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(seeds_from))[: len(y)]
    with torch.no_grad():
        h0 = E(train.batch(order).x).h
    # The condition reads the trained E, whatever the code is.
    experts = variants.noiseless(g, E, conditions.classes(load("encoder"), y, bulk.HEAD))
    last = h0
    for state in chain(h0, *experts, Eps(*setting), steps=protocol.STEPS, lost="nan" if lost else "raise"):
        last = torch.where(state.log_p.isfinite()[:, None], state.h, last)
    with torch.no_grad():
        return metrics.in_blocks(lambda h: g(h).clamp(-1, 1), last)


def tuning(E: Encoder, g: nn.Module) -> list[dict[str, Any]]:
    """What the selector says of each of ``SETTINGS``, on validation photographs."""
    y = protocol.classes_of(TUNING_CHAINS)
    return tried(SETTINGS, y, lambda setting, y: ends(E, g, setting, y, TUNING_FROM))


@torch.no_grad()
def measured(E: Encoder, g: nn.Module, setting: Setting) -> tuple[dict[str, Tensor], dict[str, list[float]]]:
    """Reconstructions and ends of chains: eight and ten of them as bytes, and what the judges say."""
    real, judge = ablation.photographs(), metrics.judge_with(load("evaluator"), bulk.HEAD)
    again = metrics.in_blocks(lambda x: g(E(x).h).clamp(-1, 1), real.x)
    y = protocol.classes_of(CHAINS)
    with torch.enable_grad():
        x = ends(E, g, setting, y, SEEDS_FROM, lost=True)
    certain = load("encoder")(x).logits[bulk.HEAD].argmax(1) == y
    found = {"drawn.condition": list(metrics.mean_with_interval(certain.double()))}  # what was climbed
    for prefix, images, labels in (("reconstructed", again, real.y), ("drawn", x, y)):
        judged = metrics.judgement(judge, images)
        foreign = metrics.judgement(metrics.imagenet(), images, 100).features
        near = metrics.neighbours_by_class(judged.features, labels, real.other, real.other_y)
        for what, number in {
            "accuracy": metrics.accuracy(judged.logits, labels),
            "kid": metrics.kernel_distance_by_class(judged.features, labels, real.other, real.other_y),
            "kid_foreign": metrics.kernel_distance_by_class(foreign, labels, real.other_foreign, real.other_y),
            "coverage": near.coverage,
        }.items():
            found[f"{prefix}.{what}"] = list(number)
    found["reconstructed.error"] = list(metrics.mean_with_interval((again - real.x).square().mean((1, 2, 3)).double()))
    shown = torch.arange(ablation.SHOWN) * (len(again) // ablation.SHOWN)
    return {
        "reconstructed": ablation.as_bytes(again[shown]),
        "drawn": ablation.as_bytes(x[::CHAINS]),
    }, found


if __name__ == "__main__":
    sys.exit(main())
