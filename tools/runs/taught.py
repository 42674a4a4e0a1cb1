"""What a thousand samples teach a network, and what photographs do (C51). Resumable.

    python tools/runs/taught.py            all that is not there yet (half an hour)
    python tools/runs/taught.py samples    what it learns from

Samples are ends of Noiseless, labelled with the class asked for: those of ``bulk.py`` and of ``more_chains.py``, which
has to be run first. Each network is trained alike and tested once, by its last weights, on the test photographs. Stored
is what it takes these for.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import bulk
import more_chains
import stored
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from tqdm import tqdm
from trials import drawn

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.data.batches import Batch, Indices, check_indices
from ppgn_lib.data.tinted_fashion import ITEMS, SIZE, TintedFashion
from ppgn_lib.networks.judges import Selector
from ppgn_lib.networks.zoo import load
from ppgn_lib.training.classifier import train_classifier
from ppgn_lib.training.loop import Run
from ppgn_lib.training.settings import ClassifierSettings, SelectorSettings
from ppgn_lib.training.source import Source

STORE = bulk.RESULTS / "taught.safetensors"
DRAWS = 5  # of samples, photographs, weights and order
MANY, FEW = 100, 10  # of a class: samples or photographs; those of the hundred
TESTED = 10_000  # test photographs
SETTINGS: dict[str, Any] = {"width": 16, "steps": 500, "batch": 64, "lr": 2e-3, "flip": True, "shift": 1}
WITH_SAMPLES = ("samples", "both")


class Lesson:
    """Pictures of items, as a data set that ``train_classifier`` takes.

    Parameters
    ----------
    x
        Indices (B,) and the seed of an epoch -> pictures (B, 3, H, W) in [-1, 1].
    y
        (N,) what they are called.

    """

    split, size = None, SIZE

    def __init__(self, x: Callable[[Tensor, int], Tensor], y: Tensor) -> None:
        self.x, self.y, self.classes = x, y, {bulk.HEAD: ITEMS}

    def __len__(self) -> int:
        return len(self.y)

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """(N,), the same in all epochs."""
        return {bulk.HEAD: self.y}

    def batch(self, indices: Indices = None, seed: int = 0) -> Batch:
        """The pictures at these indices. Raises as ``batches.check_indices``."""
        chosen = torch.from_numpy(check_indices(indices, len(self)))
        return Batch(self.x(chosen, seed), {bulk.HEAD: self.y[chosen]})


def main(arguments: list[str] | None = None) -> int:
    """Train and test what is missing."""
    parser = argparse.ArgumentParser(description="Networks that learn from samples or from photographs.")
    parser.add_argument("names", nargs="*", help="what they learn from (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, KINDS, "kind")
    todo = [(kind, draw) for kind in given.names or KINDS for draw in range(1 if kind == "both" else DRAWS)]
    for kind, draw in tqdm(todo, desc="taught", unit="network"):
        name, head = f"{kind}.{draw}", belongs_to(kind)
        if stored.entry_of(STORE, name, head) is None:
            found = {"seen": seen(trained(KINDS[kind](draw), draw))}
            stored.add_entry(STORE, name, {}, {**head, **found}, {"command": "python tools/runs/taught.py"})
    return 0


def belongs_to(kind: str) -> dict[str, Any]:
    """What a stored network has to agree with."""
    samples = hashlib.sha256(codes().numpy().tobytes()).hexdigest()[:16] if kind in WITH_SAMPLES else ""
    return {**described(kind), "samples": samples}


def described(kind: str) -> dict[str, Any]:
    """The same without the samples, which are asked for in vain where they belong to other code."""
    return {
        "protocol": {"draws": DRAWS, "of_class": [MANY, FEW], "tested": TESTED, "settings": SETTINGS},
        "made_with": stored.made_with(Path(__file__), *(["encoder", "generator"] if kind in WITH_SAMPLES else [])),
    }


@cache
def codes() -> Tensor:
    """All samples as codes, (classes, 200, H) float16: the stored ones, and the others."""
    first = stored.read_tensors(bulk.SAMPLES)[0]["random.codes"]
    parts = [part.unflatten(0, (bulk.CLASSES, -1)) for part in (first, more_chains.codes())]
    return torch.cat(parts, 1).contiguous()


def samples(draw: int) -> Lesson:
    """A random hundred of each class; labelled with the class asked for, whatever they show."""
    order = torch.Generator().manual_seed(draw)
    chosen = [of[torch.randperm(len(of), generator=order)[:MANY]] for of in codes()]
    return fixed(drawn(load("generator"), torch.cat(chosen).float()))


def photographs(draw: int, count: int) -> Tensor:
    """Numbers (10 * count,) of training photographs, class after class; no photograph is in two draws."""
    items = TintedFashion("train").labels()[bulk.HEAD]
    order = torch.randperm(len(items), generator=torch.Generator().manual_seed(0))
    of_class = [order[items[order] == c][draw * MANY : draw * MANY + count] for c in range(bulk.CLASSES)]
    return torch.cat(of_class)


def fixed(x: Tensor) -> Lesson:
    """Pictures (N, 3, H, W) that are the same in each epoch, as many of each class, class after class."""
    return Lesson(lambda chosen, _: x[chosen], torch.arange(bulk.CLASSES).repeat_interleave(len(x) // bulk.CLASSES))


def thousand(draw: int) -> Lesson:
    """A thousand photographs in their own colours."""
    return fixed(TintedFashion("train").batch(photographs(draw, MANY)).x)


def plain_hundred(draw: int) -> Lesson:
    """The first ten of each class of the thousand."""
    return fixed(TintedFashion("train").batch(photographs(draw, FEW)).x)


def hundred(draw: int) -> Lesson:
    """The same in colours and light that are new in each epoch, by the recipe of the data."""
    train, index = TintedFashion("train"), photographs(draw, FEW)
    return Lesson(lambda chosen, seed: train.batch(index[chosen], seed).x, train.labels()[bulk.HEAD][index])


def both(draw: int) -> Lesson:
    """The plain hundred and the samples."""
    parts = [of(draw).batch() for of in (plain_hundred, samples)]
    x, y = torch.cat([part.x for part in parts]), torch.cat([part.labels[bulk.HEAD] for part in parts])
    return Lesson(lambda chosen, _: x[chosen], y)


KINDS = {"samples": samples, "thousand": thousand, "hundred": hundred, "plain hundred": plain_hundred, "both": both}


def trained(lesson: Lesson, draw: int) -> nn.Module:
    """A network of the selector's form, by its last weights. It takes a minute and is not resumed on the way."""
    source = Source(lambda split: lesson, "pictures of items", {})
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    with tempfile.TemporaryDirectory() as folder:
        settings = SelectorSettings(**SETTINGS, seed=draw)
        run: Run[ClassifierSettings] = Run("taught", settings, Path(folder), fabric, source)
        return train_classifier(lambda s, data: Selector(data.classes, width=s.width), run).net


@torch.no_grad()
def seen(net: nn.Module) -> list[list[int]]:
    """How many test photographs of each item (rows) the network takes for each item (columns)."""
    test, judge = TintedFashion("test"), metrics.judge_with(net, bulk.HEAD)
    table = torch.zeros(len(ITEMS), len(ITEMS), dtype=torch.long)
    for index in torch.arange(TESTED).split(500):
        batch = test.batch(index)
        pairs = batch.labels[bulk.HEAD], judge(batch.x).logits.argmax(1)
        table.index_put_(pairs, torch.ones(len(index), dtype=torch.long), accumulate=True)
    return table.tolist()


if __name__ == "__main__":
    sys.exit(main())
