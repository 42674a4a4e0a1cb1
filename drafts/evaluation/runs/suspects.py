"""Why does the round trip take noise away? Two of the paper's three suspects, three seeds each (C58). Resumable.

    python tools/runs/suspects.py                    all that is not there yet (hours if G has to be trained)
    python tools/runs/suspects.py three lower        these
    python tools/runs/suspects.py --seeds 11         one seed only

One training lacks the GAN loss, one has a lower code: h1, averaged in its four quarters. Of each is measured how much
of noise on a code is left after E(G(.)), and how much of as long a step to another photograph. Noise, step and what is
left of them count only in coordinates that are positive in the photograph's code, in units of their deviations.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import ablation
import bulk
import stored
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm
from trials import first_of_each

from ppgn_lib import Noise, metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.features import Features
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import digest, load

STORE = bulk.RESULTS / "suspects.safetensors"
WORK = Path("runs/suspects")
ROWS = {"three": "three", "four": "four", "without_gan": "without_gan", "lower": "three"}  # rows of ablation.py
LOWER = "lower"  # the one with another code; the others have the shipped E's
PHOTOGRAPHS, DRAWS, DEVIATIONS_OF = 100, 4, 5000  # of a class; draws of noise; training photographs
SIZES = {"": 0.5, "tenth.": 0.1}  # of the noise, in deviations; the second is shown only
VARIANCE = 0.95  # share of it that the principal directions hold which are counted
LEAST = 1e-6  # the logarithm of a share that is 0 would be infinite


class LowerCode(Encoder):
    """A trained encoder whose code is h1 averaged in its four quarters, scaled: images -> (B, 4 * channels of h1).

    One factor for all coordinates makes the sum of their variances over ``photographs`` that of the trained code. It
    is not shifted: 0 stays the smallest value there is.

    Raises
    ------
    ValueError
        The trained code has another length.

    """

    scale: Tensor

    def __init__(self, trained: Encoder, photographs: Tensor) -> None:
        super().__init__(trained.classes, size=trained.size, code=trained.code)
        self.load_state_dict(trained.state_dict())
        with torch.no_grad():
            seen = trained(photographs)
            lower = quarters(seen.h1)
            if lower.shape != seen.h.shape:
                raise ValueError(f"both codes must be of one length; got {lower.shape[1]} and {trained.code}")
            self.register_buffer("scale", (seen.h.var(0).sum() / lower.var(0).sum()).sqrt())

    def forward(self, x: Tensor) -> Features:
        """As an encoder."""
        seen = super().forward(x)
        return seen._replace(h=self.scale * quarters(seen.h1))


def quarters(h1: Tensor) -> Tensor:
    """Maps (B, C, H, W), mean over each quarter of their area: (B, 4 C)."""
    return F.adaptive_avg_pool2d(h1, 2).flatten(1)


def main(arguments: list[str] | None = None) -> int:
    """Train and measure what is missing."""
    said = f"A G whose checkpoint is not in {ablation.WORK} or {WORK} is trained first, which takes many minutes each."
    parser = argparse.ArgumentParser(description=f"How much of noise on a code the round trip leaves. {said}")
    parser.add_argument("names", nargs="*", help=f"trainings (default: all, {', '.join(ROWS)})")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(ablation.SEEDS), help="of the trainings")
    given = parser.parse_args(arguments)
    known(given.names, ROWS, "training")
    todo = [(name, seed) for seed in given.seeds for name in given.names or ROWS]
    for name, seed in tqdm(todo, desc="suspects", unit="training"):
        key, head = f"{name}.{seed}", belongs_to(name, seed)
        if stored.entry_of(STORE, key, head) is None:
            g, E = generator(name, seed), encoder_of(name)
            entry = {**head, "numbers": measured(E, g), "g": digest(g)}
            shown = {key: reconstructed(E, g)}
            stored.add_entry(STORE, key, shown, entry, {"command": "python tools/runs/suspects.py"})
    return 0


def belongs_to(name: str, seed: int) -> dict[str, Any]:
    """What a stored training has to agree with."""
    return {
        "settings": dict(ablation.settings_of(ROWS[name], seed)),
        "protocol": {
            "photographs": PHOTOGRAPHS,
            "draws": DRAWS,
            "noise": list(SIZES.values()),
            "deviations_of": DEVIATIONS_OF,
            "code": "h1 in quarters" if name == LOWER else "h",
        },
        "made_with": stored.made_with(Path(__file__), "encoder"),
    }


@cache
def encoder_of(name: str) -> Encoder:
    """E with the code of a training, frozen."""
    E: Encoder = load("encoder")
    if name == LOWER:
        E = LowerCode(E, TintedFashion("train").batch(range(1000)).x)
    return E.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def generator(name: str, seed: int) -> nn.Module:
    """G of a training, frozen; trained, or gone on with from its checkpoint, if it is not whole."""
    folder = (WORK if name == LOWER else ablation.WORK) / f"{name}.{seed}"
    settings = ablation.settings_of(ROWS[name], seed)
    return ablation.trained(folder, settings, encoder_of(name)).g.requires_grad_(False)


def codes_of(E: Encoder, x: Tensor) -> Tensor:
    """Codes (N, H) of pictures."""
    return metrics.in_blocks(lambda x: E(x).h, x)


@cache
def photographs() -> Tensor:
    """Test photographs, as many of each class, class after class: (N, 3, H, W)."""
    test = TintedFashion("test")
    return test.batch(first_of_each(test.labels()[bulk.HEAD], PHOTOGRAPHS)).x


@torch.no_grad()
def reconstructed(E: Encoder, g: nn.Module) -> Tensor:
    """G(E(x)) of some photographs, as bytes (SHOWN, 3, H, W)."""
    shown = torch.arange(ablation.SHOWN) * (len(photographs()) // ablation.SHOWN)
    return ablation.as_bytes(g(codes_of(E, photographs()[shown])).clamp(-1, 1))


def left(
    round_trip: Callable[[Tensor], Tensor], h: Tensor, other: Tensor, deviations: Tensor, size: float, draws: int
) -> dict[str, Tensor]:
    """How much of "noise", and of as long a "step" to another photograph's code, ``round_trip`` leaves.

    Logarithms of what is left after the pass, over what there was before it: (draws, photographs), without those
    photographs whose step has no length.

    Parameters
    ----------
    h, other
        Codes (N, H) of photographs, and of the ones to which the steps go.
    deviations
        (H,), the unit of each coordinate; one of 0 is left out.
    size
        Standard deviation of the noise, in these units.
    draws
        Of noise, a stream for each photograph. A step is as long as the noise of its draw was before the cut at 0.

    """
    there, positive = round_trip(h), (h > 0) & (deviations > 0)
    unit = deviations.clamp(min=torch.finfo(h.dtype).tiny)

    def length(change: Tensor) -> Tensor:
        return torch.where(positive, change / unit, 0.0).norm(dim=1)

    step = torch.where(positive, other - h, 0.0)
    kept = (length(step) > 0) & positive.any(1)
    streams, logs = Noise(range(len(h))), dict[str, list[Tensor]](noise=[], step=[])
    for _ in range(draws):
        noise = size * torch.where(positive, streams.draw(h) * deviations, 0.0)
        as_long = step * (length(noise) / length(step).clamp(min=LEAST))[:, None]
        for what, change in {"noise": noise, "step": as_long}.items():
            moved = (h + change).clamp(min=0)
            share = length(round_trip(moved) - there) / length(moved - h)
            logs[what].append(share[kept].clamp(min=LEAST).log())
    return {what: torch.stack(of_draws) for what, of_draws in logs.items()}


def directions(codes: Tensor) -> int:
    """How many principal directions hold ``VARIANCE`` of the variance of codes (N, H)."""
    values = torch.linalg.svdvals((codes - codes.mean(0)).double()).square()
    return int((values.cumsum(0) < VARIANCE * values.sum()).sum()) + 1


@torch.no_grad()
def measured(E: Encoder, g: nn.Module) -> dict[str, list[float]]:
    """Mean logarithms over photographs and draws, and what is known of the code."""
    h = codes_of(E, photographs())
    other = h.unflatten(0, (-1, PHOTOGRAPHS)).roll(-1, 1).flatten(0, 1)  # of the next one of the class
    some = codes_of(E, TintedFashion("train").batch(range(DEVIATIONS_OF)).x)
    deviations = some.std(0)
    standardised = some[:, deviations > 0] / deviations[deviations > 0]

    def round_trip(h: Tensor) -> Tensor:
        return metrics.in_blocks(lambda h: E(g(h)).h, h)

    found = {"directions": directions(standardised), "positive": float((h > 0).double().mean())}
    for prefix, size in SIZES.items():
        logs = left(round_trip, h, other, deviations, size, DRAWS)
        found |= {f"{prefix}log_{what}_left": float(log.mean()) for what, log in logs.items()}
        found[f"{prefix}log_noise_over_step"] = float((logs["noise"] - logs["step"]).mean())
    return {key: [value] for key, value in found.items()}


if __name__ == "__main__":
    sys.exit(main())
