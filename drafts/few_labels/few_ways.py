"""The ways to learn of ``few_labels.py``, which says what they are: networks, ridge classifiers, and what each sees."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import acgan_training
import bulk
import taught
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeClassifier
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, update_bn

from ppgn_lib import apart, metrics
from ppgn_lib.data.tinted_fashion import SIZE, TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.training.acgan import Players
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.loop import Run, batch_indices, fit, shared
from ppgn_lib.training.losses import d_loss
from ppgn_lib.training.settings import AcganSettings
from ppgn_lib.training.source import SHIPPED

UNLABELLED = 55_000  # training photographs, all
LABELLED = 25  # of the hundred in a step
SETTINGS: dict[str, Any] = {"width": 24, "d_width": 12, "batch": 64, "steps": 1000, "flip": True}
SHIFT = taught.SETTINGS["shift"]  # pixels, as there
EVERY, CURVE = 250, 1000  # steps between points of the validation curve; photographs of each point
TINTS = 10  # of each of the hundred, for the ridge classifier and for statistics that are of the hundred only
LOOKS = 1000  # pictures that BatchNorm's means and deviations are of
COMPONENTS = 64
SURE, SURE_TINTS, UNSURE = 0.95, 3, 255  # a name counts if D gives it more than this in each of so many tints
DRAWN = 50  # pictures of a class that say what G has learned

RIDGES, ADVERSARIAL = ("own components", "all components"), ("source", "source and asked")
WITHOUT = ("alone", "own components")  # nothing of unlabelled photographs
KINDS = (*WITHOUT, "all components", *ADVERSARIAL, "pseudo-labels", "all labels")

Logits = Callable[[Tensor], Tensor]  # images (B, 3, 32, 32) -> (B, 10)


class FewLabels(Players):
    """G and D of which D is told the items of a few photographs only, ``labelled``: (N, 3, H, W) and (N,).

    ``asked``: whether D has to name the class that G was asked for, too, as the D of an AC-GAN.
    """

    labelled: tuple[Tensor, Tensor]

    def __init__(self, settings: AcganSettings, asked: bool) -> None:
        super().__init__(settings, bulk.CLASSES, SIZE, acgan_training.fabric())
        self.asked = asked
        self.average_d = AveragedModel(self.nets["d"], avg_fn=self.average.avg_fn, use_buffers=True)

    def step(self, x: Tensor, y: Tensor) -> dict[str, float]:
        """As that of the ``Players``; the labels y of x are not looked at."""
        losses = super().step(x, y)
        self.average_d.update_parameters(self.nets["d"])
        return losses

    def _step_d(self, x: Tensor, y: Tensor, made: Tensor, asked: Tensor, train: bool) -> dict[str, float]:
        """While it rests D goes on with the labelled photographs: all ways take as many steps on these."""
        with torch.set_grad_enabled(train):  # without a gradient the two below are but numbers
            of_real, of_made = self.d(x), self.d(made)
            source = d_loss(of_real[0], of_made[0], self.settings.real_label)
            fake = F.cross_entropy(of_made[1].float(), asked)
        few = F.cross_entropy(self.d(self.labelled[0])[1].float(), self.labelled[1])
        self.adam_d.zero_grad()
        self.fabric.backward(few + source + (fake if self.asked else 0))
        self.adam_d.step()
        return {"d": shared(self.fabric, source), "d_class": shared(self.fabric, few)}

    def learn(self, x: Tensor, y: Tensor) -> dict[str, float]:
        """D's answer on items alone, no G."""
        self.d.train()
        loss = F.cross_entropy(self.d(x)[1].float(), y)
        self.adam_d.zero_grad()
        self.fabric.backward(loss)
        self.adam_d.step()
        self.average_d.update_parameters(self.nets["d"])
        return {"d_class": shared(self.fabric, loss)}


class Learned(NamedTuple):
    """What a way has learned, and what is stored of it."""

    logits: Logits
    found: dict[str, Any]
    tensors: dict[str, Tensor]  # "names" of "alone", as ``sure_of`` gives them


def learned(kind: str, draw: int, setting: float, called: Tensor | None = None) -> Learned:
    """A way with its learning rate or penalty, on the hundred of a draw. ``called``: names for "pseudo-labels"."""
    return ridge(kind, draw, setting) if kind in RIDGES else trained(kind, draw, setting, called)


def trained(kind: str, draw: int, rate: float, called: Tensor | None) -> Learned:
    """A D, by the running average of its weights. It takes a minute or two and is not resumed on the way."""
    few, steps = taught.photographs(draw, taught.FEW), SETTINGS["steps"]
    settings = AcganSettings(**SETTINGS, lr=rate, d_lr=rate, seed=draw, log_every=steps, save_every=steps)
    players = FewLabels(settings, asked=kind == "source and asked")
    take_step = stepper(kind, players, few, called)
    numbers, tints = may_see(kind, few)
    looks = pictures(numbers[:LOOKS], tints)
    curve: list[tuple[int, float]] = []

    def step(t: int) -> dict[str, float]:
        losses = take_step(t)
        if (t + 1) % EVERY == 0 or t + 1 == steps:
            curve.append((t + 1, right(seen(items_by(finished(players, looks)), "validation", CURVE))))
        return losses

    with tempfile.TemporaryDirectory() as folder:
        run = Run("few_labels", settings, Path(folder), players.fabric, SHIPPED)
        (means,) = fit(run, step, {})
    net = finished(players, looks)
    found = {"curve": curve, "means": means, "precision": run.fabric.strategy.precision.precision}
    if kind in ADVERSARIAL:
        found["of_g"] = judged(players, net, draw)
    if kind != "alone":
        return Learned(items_by(net), found, {})
    names = sure_of(items_by(net), few)
    rightly = (names == TintedFashion("train").labels()[bulk.HEAD]).sum()  # to be reported only
    found["sure"] = {"named": int((names != UNSURE).sum()), "rightly": int(rightly)}
    return Learned(items_by(net), found, {"names": names})


def items_by(d: nn.Module) -> Logits:
    """D's logits of items."""
    return torch.no_grad()(lambda x: d(x)[1])


def stepper(kind: str, players: FewLabels, few: Tensor, called: Tensor | None) -> Callable[[int], dict[str, float]]:
    """What step t does. Labels of others than the few go to "all labels" only; ``called``, (N,), as by ``sure_of``."""
    data, settings = TintedFashion("train"), players.settings
    labels, every = data.labels()[bulk.HEAD], torch.arange(UNLABELLED)
    sure = torch.empty(0) if called is None else (called != UNSURE).nonzero()[:, 0]

    def of(numbers: Tensor, batch: int, t: int) -> tuple[Tensor, Tensor]:
        order, epoch = batch_indices(len(numbers), min(batch, len(numbers)), t, settings.seed)
        x = augment(data.batch(numbers[order], seed=1 + epoch).x, SHIFT, settings.flip)
        return x.to(memory_format=torch.channels_last), numbers[order]

    def step(t: int) -> dict[str, float]:
        if kind == "all labels":
            x, shown = of(every, settings.batch, t)
            return players.learn(x, labels[shown])
        x, shown = of(few, LABELLED, t)
        y = labels[shown]
        if kind in ADVERSARIAL:
            players.labelled = x, y
            return players.step(of(every, settings.batch, t)[0], torch.empty(0))
        if called is not None and len(sure):
            more, shown = of(sure, settings.batch, t)
            x, y = torch.cat([x, more]), torch.cat([y, called[shown].long()])
        return players.learn(x, y)

    return step


def may_see(kind: str, few: Tensor) -> tuple[Tensor, int]:
    """Numbers of the photographs that means, deviations and components may be of, and in how many tints."""
    return (few, TINTS) if kind in WITHOUT else (torch.arange(UNLABELLED), 1)


def pictures(numbers: Tensor, tints: int, of: Callable[[Tensor], Tensor] = lambda x: x) -> Tensor:
    """``of`` training photographs, all in each of so many tints, moved and mirrored: (tints * N, ...)."""
    train = TintedFashion("train")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        blocks = [(tint, block) for tint in range(tints) for block in numbers.split(500)]
        return torch.cat([of(augment(train.batch(block, tint).x, SHIFT, True)) for tint, block in blocks])


def finished(players: FewLabels, looks: Tensor) -> nn.Module:
    """The running average of D, with means and deviations of ``looks``, (N, 3, H, W), in its BatchNorm."""
    net: nn.Module = copy.deepcopy(players.average_d.module)
    with torch.no_grad():
        update_bn(looks.split(500), net)
    return net.eval()


def sure_of(logits: Logits, few: Tensor) -> Tensor:
    """What training photographs are called, (N,) uint8, if surely and alike in all tints; else, and of few, UNSURE."""
    train = TintedFashion("train")
    names = torch.full((len(train),), UNSURE, dtype=torch.uint8)
    numbers = torch.arange(UNLABELLED)
    numbers = numbers[~torch.isin(numbers, few)]
    for tint in range(SURE_TINTS):
        if not len(numbers):
            break
        p, item = torch.cat([logits(train.batch(i, tint).x).softmax(1) for i in numbers.split(500)]).max(1)
        same = (p > SURE) & ((item == names[numbers]) | (tint == 0))
        names[numbers] = torch.where(same, item, UNSURE).to(names)
        numbers = numbers[same]
    return names


@torch.no_grad()
def judged(players: FewLabels, d: nn.Module, draw: int) -> dict[str, float]:
    """The share of pictures by the averaged G that the selector, and D itself, take for the class asked for."""
    y = protocol.classes_of(DRAWN)
    z = acgan_training.noise(len(y), players.settings.noise, "few labels", draw)
    x = players.average.module.eval()(z, y)
    with apart.tuning():
        by_selector = metrics.judgement(metrics.judge_with(load("selector"), bulk.HEAD), x).logits
    return {"selector": metrics.accuracy(by_selector, y).value, "d": metrics.accuracy(d(x)[1], y).value}


def ridge(kind: str, draw: int, penalty: float) -> Learned:
    """A ridge classifier of the hundred in ten tints, on principal components of normalised luminance."""
    few = taught.photographs(draw, taught.FEW)
    axes = axes_of_all() if kind == "all components" else axes_of(*may_see(kind, few))
    y = TintedFashion("train").labels()[bulk.HEAD][few].repeat(TINTS)
    model = RidgeClassifier(alpha=penalty).fit(axes.transform(pictures(few, TINTS, grey).numpy()), y.numpy())
    return Learned(lambda x: torch.from_numpy(model.decision_function(axes.transform(grey(x).numpy()))), {}, {})


@cache
def axes_of_all() -> PCA:
    """Components of all training photographs; half a minute."""
    return axes_of(*may_see("all components", torch.empty(0)))


def axes_of(numbers: Tensor, tints: int) -> PCA:
    """Principal components of training photographs."""
    return PCA(COMPONENTS, svd_solver="covariance_eigh").fit(pictures(numbers, tints, grey).numpy())


def grey(x: Tensor) -> Tensor:
    """Images (B, 3, H, W) -> normalised luminance, (B, H * W)."""
    return metrics.normalised_luminance(x).flatten(1)


def seen(logits: Logits, split: str, count: int) -> list[list[int]]:
    """How many photographs of each item (rows), of the first of a split, are taken for each item (columns)."""
    data, table = TintedFashion(split), torch.zeros(bulk.CLASSES, bulk.CLASSES, dtype=torch.long)
    for numbers in torch.arange(count).split(500):
        batch = data.batch(numbers)
        pairs = batch.labels[bulk.HEAD], logits(batch.x).argmax(1)
        table.index_put_(pairs, torch.ones(len(numbers), dtype=torch.long), accumulate=True)
    found: list[list[int]] = table.tolist()
    return found


def right(table: list[list[int]]) -> float:
    """The share on the diagonal."""
    return sum(row[i] for i, row in enumerate(table)) / sum(map(sum, table))
