"""What unlabelled photographs add to a hundred labelled ones, by way of an AC-GAN. Resumable.

    python tools/runs/few_labels.py              all that is not there yet (half an hour)
    python tools/runs/few_labels.py adversarial  one way to learn

Networks of one form, the D of an AC-GAN, learn items from the same hundred labelled photographs: alone, or with a G and
all training photographs without their labels, which D has to tell from G's pictures. Beside them a ridge classifier on
principal components of all photographs, and the same D with all labels. Each is tested once, by its last weights, on
the test photographs; stored is what it takes these for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bulk
import numpy as np
import stored
import taught
import torch
from acgan_training import fabric
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeClassifier
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import update_bn
from tqdm import tqdm

from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import SIZE, TintedFashion
from ppgn_lib.metrics import normalised_luminance
from ppgn_lib.networks.acgan import AuxiliaryDiscriminator
from ppgn_lib.networks.features import Features
from ppgn_lib.training.acgan import Players
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.loop import batch_indices, shared
from ppgn_lib.training.losses import d_loss
from ppgn_lib.training.settings import AcganSettings

STORE = bulk.RESULTS / "few_labels.safetensors"
DRAWS = 3  # of the hundred photographs, weights and order; those of ``taught.py``
LABELLED = 50  # of the hundred in a step
COMPONENTS = 64
SETTINGS: dict[str, Any] = {"width": 24, "d_width": 12, "batch": 64, "steps": 2000, "lr": 1e-3, "d_lr": 1e-3}
KINDS = ("alone", "adversarial", "components", "all labels")


class FewLabels(Players):
    """G and D of which D is told the items of a few photographs only, ``labelled``: (N, 3, H, W) and (N,)."""

    labelled: tuple[Tensor, Tensor]

    def _step_d(self, x: Tensor, y: Tensor, made: Tensor, asked: Tensor) -> dict[str, float]:
        """The labels ``y`` of x are not looked at."""
        of_real, of_made, of_few = self.d(x), self.d(made), self.d(self.labelled[0])
        source = d_loss(of_real[0], of_made[0], self.settings.real_label)
        few = F.cross_entropy(of_few[1].float(), self.labelled[1])
        fake = F.cross_entropy(of_made[1].float(), asked)
        self.adam_d.zero_grad()
        self.fabric.backward(source + few + fake)
        self.adam_d.step()
        return {"d": shared(self.fabric, source), "d_class": shared(self.fabric, few)}

    def learn(self, x: Tensor, y: Tensor) -> dict[str, float]:
        """D's answer on items alone, no G."""
        self.d.train()
        loss = F.cross_entropy(self.d(x)[1].float(), y)
        self.adam_d.zero_grad()
        self.fabric.backward(loss)
        self.adam_d.step()
        return {"d_class": shared(self.fabric, loss)}


def main(arguments: list[str] | None = None) -> int:
    """Train and test what is missing."""
    parser = argparse.ArgumentParser(description="A hundred labels, and all photographs without.")
    parser.add_argument("names", nargs="*", help="ways to learn (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, KINDS, "way to learn")
    todo = [(kind, draw) for kind in given.names or KINDS for draw in range(DRAWS)]
    for kind, draw in tqdm(todo, desc="few labels", unit="network"):
        name, head = f"{kind}.{draw}", belongs_to()
        if stored.entry_of(STORE, name, head) is None:
            found = {"seen": by_components(draw) if kind == "components" else taught.seen(trained(kind, draw))}
            stored.add_entry(STORE, name, {}, {**head, **found}, {"command": "python tools/runs/few_labels.py"})
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored network has to agree with."""
    return {
        "protocol": {
            "draws": DRAWS,
            "of_class": taught.FEW,
            "in_a_step": LABELLED,
            "components": COMPONENTS,
            "tested": taught.TESTED,
            "settings": SETTINGS,
        },
        "made_with": stored.made_with(Path(__file__)),
        "beside": stored.made_with(Path(taught.__file__)),
    }


def trained(kind: str, draw: int) -> nn.Module:
    """D by its last weights, with the running means of training photographs. It takes minutes and is not resumed."""
    settings = AcganSettings(**SETTINGS, seed=draw)
    players = FewLabels(settings, bulk.CLASSES, SIZE, fabric())
    step = stepper(kind, players, taught.photographs(draw, taught.FEW))
    with torch.random.fork_rng():
        torch.manual_seed(draw)
        for t in tqdm(range(settings.steps), desc=f"{kind} {draw}", unit="step", leave=False):
            step(t)
    net, train = players.nets["d"], TintedFashion("train")
    if not isinstance(net, AuxiliaryDiscriminator):
        raise TypeError(f"D must be an AuxiliaryDiscriminator; got {type(net).__name__}")
    with torch.no_grad():
        update_bn((train.batch(block).x for block in torch.arange(5000).split(500)), net)
    return Items(net).eval()


class Items(nn.Module):
    """D's answer on items, as that of a classifier: images (B, 3, H, W) -> ``Features``."""

    def __init__(self, d: AuxiliaryDiscriminator) -> None:
        super().__init__()
        self.d = d

    def forward(self, x: Tensor) -> Features:
        """Its last maps are the features."""
        h = self.d.look(x)
        return Features(h, h, {bulk.HEAD: self.d.class_of(h)})


def stepper(kind: str, players: FewLabels, few: Tensor) -> Callable[[int], dict[str, float]]:
    """What step t does; all photographs have new colours in each epoch, mirrored or not, the labelled ones too."""
    data, settings = TintedFashion("train"), players.settings

    def of(index: Tensor, batch: int, t: int) -> tuple[Tensor, Tensor]:
        chosen, epoch = batch_indices(len(index), batch, t, settings.seed)
        found = data.batch(index[chosen], seed=1 + epoch)
        x = augment(found.x, 0, settings.flip).to(memory_format=torch.channels_last)
        return x, found.labels[bulk.HEAD]

    every = torch.arange(len(data))

    def step(t: int) -> dict[str, float]:
        if kind == "all labels":
            return players.learn(*of(every, settings.batch, t))
        players.labelled = of(few, min(LABELLED, len(few)), t)
        return players.learn(*players.labelled) if kind == "alone" else players.step(*of(every, settings.batch, t))

    return step


def by_components(draw: int) -> list[list[int]]:
    """A ridge classifier on principal components of normalised luminance, which need no labels."""
    data, test = TintedFashion("train"), TintedFashion("test")

    def grey(of: TintedFashion, index: Tensor) -> np.ndarray:
        parts = [normalised_luminance(of.batch(block).x).flatten(1) for block in index.split(1000)]
        return torch.cat(parts).numpy()

    axes = PCA(COMPONENTS, random_state=0).fit(grey(data, torch.arange(0, len(data), 10)))
    few, tested = taught.photographs(draw, taught.FEW), torch.arange(taught.TESTED)
    of_few = data.labels()[bulk.HEAD][few].numpy()
    named = RidgeClassifier().fit(axes.transform(grey(data, few)), of_few).predict(axes.transform(grey(test, tested)))
    table = np.zeros((bulk.CLASSES, bulk.CLASSES), dtype=int)
    np.add.at(table, (test.labels()[bulk.HEAD][tested].numpy(), named), 1)
    found: list[list[int]] = table.tolist()
    return found


if __name__ == "__main__":
    sys.exit(main())
