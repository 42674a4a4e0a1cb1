"""Does pausing D or G make training stable, and does BatchNorm help beside it? Six seeds each (C56). Resumable.

    python tools/runs/pausing.py                 all that is not there yet (an hour or more)
    python tools/runs/pausing.py rule no_rule    these
    python tools/runs/pausing.py --seeds 21 22   these seeds only

Short trainings of G with image, h1 and GAN loss, with the paper's label of 1 and Adam's beta1 of 0.9: with the paper's
rule on who rests, without it, and with it and BatchNorm as in DCGAN. Stored are how restless the image loss is, how
often somebody rested, and how near reconstructions of test photographs come to others, in EfficientNet's features.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import parts
import stored
import torch
from lightning_fabric import Fabric
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import StepLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn
from tqdm import tqdm
from trials import drawn

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.small import Discriminator, Encoder, Generator
from ppgn_lib.networks.zoo import load
from ppgn_lib.training.card import thinned
from ppgn_lib.training.generator import Adversaries
from ppgn_lib.training.loop import Log, Run, Stateful, batch_of, fit
from ppgn_lib.training.settings import GeneratorSettings
from ppgn_lib.training.source import SHIPPED

STORE = bulk.RESULTS / "pausing.safetensors"
WORK = Path("runs/pausing")
SEEDS = (21, 22, 23, 24, 25, 26)
PAPER: dict[str, Any] = {"steps": 1000, "real_label": 1.0, "beta1": 0.9}  # the book's own have remedies of their own
LATE = 20  # means of the image loss, at the end, that may have risen
PHOTOGRAPHS = 50  # of a class that are reconstructed
STATISTICS = 100  # batches of training codes of which BatchNorm's statistics are taken anew
ARMS: dict[str, dict[str, Any]] = {
    "rule": {},
    "no_rule": {"pause_d_below": 0.0, "pause_g_above": 1e300},  # the ratio never gets there: loss_G is cut at 1e-12
    "batch_norm": {"batch_norm": True},
}


class PausingSettings(GeneratorSettings):
    """As for G, with or without BatchNorm."""

    batch_norm: bool = Field(default=False, description="BatchNorm in G and D, as in DCGAN")


def _norms_after(layers: Iterable[nn.Module]) -> list[nn.BatchNorm2d]:
    return [nn.BatchNorm2d(c.out_channels) for c in layers if isinstance(c, nn.Conv2d | nn.ConvTranspose2d)]


class NormedGenerator(Generator):
    """G with BatchNorm after each layer but the last: codes (B, code) -> images (B, 3, size, size)."""

    def __init__(self, *, code: int = 256, size: int = 32, width: int = 32) -> None:
        super().__init__(code=code, size=size, width=width)
        self.flat_norms = nn.ModuleList([nn.BatchNorm1d(fc.out_features) for fc in self._flat()])
        self.norms = nn.ModuleList(_norms_after(list(self.up)[:-1]))

    def _flat(self) -> tuple[nn.Linear, ...]:
        return self.defc7, self.defc6, self.defc5

    def forward(self, h: Tensor) -> Tensor:
        """As ``Generator``."""
        for fc, norm in zip(self._flat(), self.flat_norms, strict=True):
            h = F.leaky_relu(norm(fc(h)), 0.3)
        x = h.view(-1, 4 * self.width, self.side, self.side)
        *hidden, last = self.up
        for layer, norm in zip(hidden, self.norms, strict=True):
            x = F.leaky_relu(norm(layer(x)), 0.3)
        return last(x)


class NormedDiscriminator(Discriminator):
    """D with BatchNorm after each convolution but the first: images and codes -> logits (B,)."""

    def __init__(self, *, code: int = 256, size: int = 32, width: int = 32) -> None:
        super().__init__(code=code, size=size, width=width)
        self.norms = nn.ModuleList([nn.Identity(), *_norms_after(list(self.convs)[1:])])

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        """As ``Discriminator``."""
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = F.leaky_relu(norm(conv(x)), 0.2)
        pair = torch.cat([F.leaky_relu(self.image(x.flatten(1)), 0.2), F.leaky_relu(self.code(h), 0.2)], dim=1)
        return self.out(F.leaky_relu(self.fc(pair), 0.2)).squeeze(1)


class NormedAdversaries(Adversaries):
    """As ``Adversaries``, both with BatchNorm.

    Both stay in training mode, so each pass has the statistics of its own batch: G's images, those in L_img too, D's
    photographs, and D's pictures.
    """

    def __init__(self, settings: GeneratorSettings, encoder: Encoder, fabric: Fabric) -> None:
        super().__init__(settings, encoder, fabric)
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            g = NormedGenerator(code=encoder.code, size=encoder.size, width=settings.width)
            d = NormedDiscriminator(code=encoder.code, size=encoder.size, width=settings.d_width)
        self.nets = {"g": g, "d": d}
        self.adam_g, self.adam_d = (
            torch.optim.Adam(
                net.to(memory_format=torch.channels_last).parameters(),
                lr=settings.lr,
                betas=(settings.beta1, 0.999),
                weight_decay=settings.weight_decay,
            )
            for net in self.nets.values()
        )
        self.schedules = {
            f"schedule_{name}": StepLR(adam, settings.halve_every, gamma=0.5)
            for name, adam in (("g", self.adam_g), ("d", self.adam_d))
        }
        self.g, self.wrapped_adam_g = fabric.setup(g, self.adam_g)
        self.d, self.wrapped_adam_d = fabric.setup(d, self.adam_d)
        self.average = AveragedModel(g, multi_avg_fn=get_ema_multi_avg_fn(settings.ema))


class Rests:
    """In how many steps somebody rested, as something with a state: a training that breaks down leaves no log."""

    def __init__(self) -> None:
        self.rested, self.steps = 0, 0

    def count(self, losses: dict[str, float]) -> dict[str, float]:
        """One step more; returns its losses."""
        self.rested += bool(losses["d_rests"] or losses["g_rests"])
        self.steps += 1
        return losses

    def state_dict(self) -> dict[str, int]:
        """Both numbers."""
        return {"rested": self.rested, "steps": self.steps}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Those of ``state_dict``."""
        self.rested, self.steps = state_dict["rested"], state_dict["steps"]


class Outcome(NamedTuple):
    """What a training leaves."""

    g: nn.Module | None  # the running average of its weights; None if a loss was not finite
    log: Log
    rests: Rests


def main(arguments: list[str] | None = None) -> int:
    """Train and measure what is missing."""
    parser = argparse.ArgumentParser(
        description="Trainings with the rule on pausing, without it, and with it and BatchNorm: minutes each."
    )
    parser.add_argument("names", nargs="*", help=f"kinds (default: all, {', '.join(ARMS)})")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="of the trainings")
    given = parser.parse_args(arguments)
    known(given.names, ARMS, "kind")
    todo = [(name, seed) for seed in given.seeds for name in given.names or ARMS]
    for name, seed in tqdm(todo, desc="pausing", unit="training"):
        key, settings = f"{name}.{seed}", settings_of(name, seed)
        if stored.entry_of(STORE, key, belongs_to(settings)) is None:
            pictures, found = measured(trained(WORK / key, settings, load("encoder")))
            entry = {**belongs_to(settings), "precision": precision.name_of(), **found}
            stored.add_entry(STORE, key, {key: pictures}, entry, {"command": "python tools/runs/pausing.py"})
    return 0


def settings_of(name: str, seed: int) -> PausingSettings:
    """Those of a kind: the losses and widths of the ablation's row with image, h1 and GAN loss."""
    return PausingSettings(**{**dict(ablation.settings_of("three", seed)), **PAPER, **ARMS[name]})


def belongs_to(settings: PausingSettings) -> dict[str, Any]:
    """What a stored training has to agree with."""
    return {
        "settings": dict(settings),
        "protocol": {"late": LATE, "photographs": PHOTOGRAPHS, "statistics": STATISTICS},
        "made_with": stored.made_with(Path(__file__), "encoder"),
    }


def trained(folder: Path, settings: PausingSettings, E: Encoder) -> Outcome:
    """A training; goes on from a checkpoint in the folder if there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    fabric = parts.fabric()
    run = Run("generator", settings, folder, fabric, SHIPPED, {"encoder": E})
    pair = (NormedAdversaries if settings.batch_norm else Adversaries)(settings, E, fabric)
    data, rests = run.source.open("train"), Rests()
    objects: dict[str, Stateful] = {**pair.objects(), "rests": rests}

    def step(t: int) -> dict[str, float]:
        x = batch_of(data, settings, t, fabric).x
        return rests.count(pair.step(x.to(memory_format=torch.channels_last)))

    try:
        log = fit(run, step, objects)
    except FloatingPointError:
        return Outcome(None, [], rests)
    g: nn.Module = pair.average.module
    if settings.batch_norm:
        with_statistics(g, (encode(E, batch_of(data, settings, t, fabric).x) for t in range(STATISTICS)))
    return Outcome(g.eval().requires_grad_(False), log, rests)


def with_statistics(g: nn.Module, codes: Iterable[Tensor]) -> None:
    """BatchNorm's statistics of G anew, in place, as means over batches of codes (B, H).

    An average of weights has none of its own: those it was given are of the weights of the last training steps.
    """
    g.train()  # so that each batch counts
    update_bn(codes, g)


def unrest(log: Log) -> float:
    """The largest rise of the image loss: natural logarithm of a mean over the smallest one before it, at most 1.

    Of the last ``LATE`` means of the log; below 0 where each is a new minimum. Without a log, of a training that broke
    down, it is 1.
    """
    means = [row["image"] for row in log]
    if not means:
        return 1.0
    late = range(max(1, len(means) - LATE), len(means))
    return min(1.0, max(math.log(means[i] / min(means[:i])) for i in late))


@torch.no_grad()
def measured(outcome: Outcome) -> tuple[Tensor, dict[str, Any]]:
    """Some reconstructions of test photographs as bytes (SHOWN, 3, H, W), and numbers.

    Those of a training that broke down are grey.
    """
    real, g = ablation.photographs(), outcome.g
    x, y = (protocol.first_of(t, PHOTOGRAPHS) for t in (real.x, real.y))
    E = load("encoder")
    x_hat = torch.zeros_like(x) if g is None else drawn(g, metrics.in_blocks(lambda x: encode(E, x), x))
    features = metrics.judgement(metrics.imagenet(), x_hat, 100).features
    shown = torch.arange(ablation.SHOWN) * (len(x) // ablation.SHOWN)
    numbers = {
        "unrest": [unrest(outcome.log)],
        "rests": [outcome.rests.rested / max(1, outcome.rests.steps)],
        "kid_foreign": list(metrics.kernel_distance_by_class(features, y, real.other_foreign, real.other_y)),
        "error": list(metrics.mean_with_interval((x_hat - x).square().mean((1, 2, 3)).double())),
    }
    log = thinned(outcome.log)
    return ablation.as_bytes(x_hat[shown]), {"numbers": numbers, "broke_down": g is None, "log": log}


if __name__ == "__main__":
    sys.exit(main())
