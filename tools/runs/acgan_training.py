"""One AC-GAN of the book's runs: its form, its training with states taken on the way, its pictures.

``acgan_nets.py`` has the table of all of them and the command line.
"""

from __future__ import annotations

import copy
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import stored
import torch
from lightning_fabric import Fabric
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import ITEMS, SIZE, TintedFashion
from ppgn_lib.networks import precision, zoo
from ppgn_lib.networks.acgan import ClassGenerator
from ppgn_lib.training.acgan import HEAD, Players
from ppgn_lib.training.card import thinned
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.loop import Run, batch_indices, fit
from ppgn_lib.training.settings import AcganSettings
from ppgn_lib.training.source import Source

WORK = Path("runs/acgan")
BATCH, EMA = 64, 0.999


class Form(NamedTuple):
    """How large G and D are, and their pictures."""

    width: int  # channels of G's last hidden stage
    d_width: int  # of D's first
    size: int  # pixels


FORMS = {"large": Form(48, 12, SIZE), "small": Form(24, 6, SIZE), "half": Form(48, 12, SIZE // 2)}


class Net(NamedTuple):
    """One training."""

    name: str
    form: str
    items: tuple[int, ...]  # of ``ITEMS``, in the order of the net's own numbers
    lr: float
    d_lr: float
    seed: int
    states: tuple[int, ...]  # after these steps; the last is the number of all
    rests: bool = True  # D, while it is too good


def shrunk(x: Tensor, size: int) -> Tensor:
    """Images (N, 3, H, H) with ``size`` pixels a side, bilinear, antialiased; as they are if they have so many."""
    if x.shape[-1] == size:
        return x
    return F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)


def enlarged(x: Tensor) -> Tensor:
    """Images (N, 3, H, H) with 32 pixels a side again, bilinear."""
    if x.shape[-1] == SIZE:
        return x
    return F.interpolate(x, size=(SIZE, SIZE), mode="bilinear", align_corners=False)


def settings_of(net: Net) -> AcganSettings:
    """Of a training."""
    width, d_width, _ = FORMS[net.form]
    settings = AcganSettings(
        width=width,
        d_width=d_width,
        batch=BATCH,
        steps=net.states[-1],
        lr=net.lr,
        d_lr=net.d_lr,
        ema=EMA,
        seed=net.seed,
        log_every=25,
        save_every=250,
    )
    return settings if net.rests else settings.changed(pause_d_below=0)


def described(net: Net) -> dict[str, Any]:
    """What a training is, as its card and the stores have it."""
    return {
        "form": net.form,
        "size": FORMS[net.form].size,
        "items": [ITEMS[item] for item in net.items],
        "states": list(net.states),
        "settings": dict(settings_of(net)),
    }


def train(net: Net) -> dict[str, Any]:
    """The card of a net; trained first if it is not there, from its last checkpoint if there is one.

    Its states are half-precision weights of the averaged G and of D, ``g_STEPS.safetensors`` and ``d_STEPS`` in its
    folder. A training whose loss is no longer finite has a card that says so, and no further states. Raises
    ``SystemExit`` for a folder of another training of that name.
    """
    folder = WORK / net.name
    card = folder / "card.json"
    if card.exists():
        had: dict[str, Any] = json.loads(card.read_text("utf-8"))
        if had["net"] != described(net):
            raise SystemExit(f"{folder} has another training: remove it to train anew")
        return had
    folder.mkdir(parents=True, exist_ok=True)
    text = f"Tinted Fashion-MNIST, {', '.join(ITEMS[item] for item in net.items)}, new tints each epoch"
    identity = {"items": ",".join(map(str, net.items)), "size": str(FORMS[net.form].size)}
    run = Run(net.name, settings_of(net), folder, fabric(), Source(TintedFashion, text, identity))
    players = Players(run.settings, len(net.items), FORMS[net.form].size, run.fabric)
    take_step = stepper(net, players)

    def step(t: int) -> dict[str, float]:
        losses = take_step(t)
        if t + 1 in net.states:
            _save_state(players, folder, t + 1)
        return losses

    had = {"net": described(net), "precision": run.fabric.strategy.precision.precision}
    try:
        had["log"] = thinned(fit(run, step, players.objects()))
    except FloatingPointError as error:
        had["diverged"] = str(error)
    stored.write_json(card, had)
    (folder / f"{net.name}.ckpt").unlink(missing_ok=True)
    return had


def fabric() -> Fabric:
    """One process of the CPU, in bfloat16 where that is faster."""
    return Fabric(accelerator="cpu", devices=1, precision="bf16-mixed" if precision.pays() else "32-true")


def stepper(net: Net, players: Players) -> Callable[[int], dict[str, float]]:
    """What step t does: a batch of training photographs of the net's items, shrunk to its size, mirrored or not."""
    data, settings = TintedFashion("train"), players.settings
    index = torch.isin(data.labels()[HEAD], torch.tensor(net.items)).nonzero()[:, 0]
    own = torch.full((len(ITEMS),), -1)
    own[list(net.items)] = torch.arange(len(net.items))

    def step(t: int) -> dict[str, float]:
        chosen, epoch = batch_indices(len(index), settings.batch, t, settings.seed)
        batch = data.batch(index[chosen], seed=1 + epoch)
        x = augment(shrunk(batch.x, FORMS[net.form].size), 0, settings.flip)
        return players.step(x.to(memory_format=torch.channels_last), own[batch.labels[HEAD]])

    return step


def _save_state(players: Players, folder: Path, steps: int) -> None:
    for name, net in (("g", players.average.module), ("d", players.nets["d"])):
        zoo.save(copy.deepcopy(net).half(), folder / f"{name}_{steps}.safetensors")


def generator(net: Net, steps: int) -> ClassGenerator:
    """The averaged G after ``steps``, as it is stored, in single precision, frozen.

    Raises ``ValueError`` if no state was taken there, ``SystemExit`` if the net is not trained yet, and
    ``FloatingPointError`` if its training has diverged before.
    """
    if steps not in net.states:
        raise ValueError(f"states of {net.name} are after {net.states} steps; got {steps}")
    if not (WORK / net.name / "card.json").exists():
        raise SystemExit(f"{net.name} is not trained yet: run acgan_nets.py {net.name} first")
    card, path = train(net), WORK / net.name / f"g_{steps}.safetensors"
    if "diverged" in card and not path.exists():
        raise FloatingPointError(f"{net.name}: {card['diverged']}")
    g: ClassGenerator = zoo.load_file(path).float()
    return g


def seed_of(*what: str | int) -> int:
    """A seed for each thing that is drawn, by its name."""
    return int(hashlib.sha256(repr(what).encode()).hexdigest()[:12], 16)


def noise(count: int, length: int, *what: str | int) -> Tensor:
    """Noise z (count, length) ~ N(0, I) of that name."""
    return torch.randn(count, length, generator=torch.Generator().manual_seed(seed_of(*what)))


@torch.no_grad()
def drawn(g: ClassGenerator, z: Tensor, own: Tensor) -> Tensor:
    """Pictures (N, 3, 32, 32) of noise z (N, Z) and classes (N,) in the net's own numbers; small ones enlarged."""
    return metrics.in_blocks(lambda i: enlarged(g(z[i], own[i])), torch.arange(len(z)))


def pictures(net: Net, steps: int, per_class: int, *more: str | int) -> tuple[Tensor, Tensor]:
    """Pictures (N, 3, 32, 32), class after class, and their items (N,) of ``ITEMS``; ``more`` names other noises.

    At all states of a net from the same noise.
    """
    g = generator(net, steps)
    own = torch.arange(len(net.items)).repeat_interleave(per_class)
    z = torch.cat([noise(per_class, g.noise, "pictures", net.name, item, *more) for item in net.items])
    return drawn(g, z, own), torch.tensor(net.items)[own]


def seconds_a_step(form: str, d_width: int, steps: int = 50) -> float:
    """Of one core, with ten classes and another width of D, the batches made as in a training; nothing is kept."""
    net = Net("timing", form, tuple(range(len(ITEMS))), 2e-4, 2e-4, 1, (steps,))
    settings = settings_of(net).changed(d_width=d_width)
    step = stepper(net, Players(settings, len(ITEMS), FORMS[form].size, fabric()))
    with torch.random.fork_rng():
        for t in range(3):
            step(t)
        begin = time.process_time()
        for t in range(steps):
            step(t)
        return (time.process_time() - begin) / steps
