"""E and the two networks that judge: classifiers with a head for each kind of label that the data have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.data.batches import Images
from ppgn_lib.networks.features import logits_of
from ppgn_lib.training import card
from ppgn_lib.training.loop import Run, Trained, batch_of, fit, one_cycle, shared
from ppgn_lib.training.settings import ClassifierSettings


def train_classifier(build: Callable[[Any, Images], nn.Module], run: Run[ClassifierSettings]) -> Trained:
    """Train the network that ``build`` makes from settings and data; it returns ``Features`` with the data's heads."""
    settings, fabric = run.settings, run.fabric
    data = run.source.open("train")
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        bare = build(settings, data).to(memory_format=torch.channels_last)
    adam = torch.optim.AdamW(bare.parameters(), lr=settings.lr, weight_decay=settings.weight_decay)
    schedule = one_cycle(adam, settings.lr, settings.steps)
    model, optimiser = fabric.setup(bare, adam)

    def step(t: int) -> dict[str, float]:
        batch = batch_of(data, settings, t, fabric)
        x = augment(batch.x, settings.shift, settings.flip).to(fabric.device, memory_format=torch.channels_last)
        model.train()
        out = model(x)
        losses = {
            head: F.cross_entropy(logits_of(out, head), labels.to(fabric.device))
            for head, labels in batch.labels.items()
        }
        optimiser.zero_grad()
        fabric.backward(torch.stack(list(losses.values())).sum())
        optimiser.step()
        schedule.step()
        return {head: shared(fabric, loss) for head, loss in losses.items()}

    # The one cycle of the learning rate is as long as the run.
    log = fit(run, step, {"net": bare, "adam": adam, "schedule": schedule}, extendable=False)
    return Trained(bare.eval(), log)


def augment(x: Tensor, shift: int, flip: bool) -> Tensor:
    """Each image moved by up to ``shift`` pixels (its border continued) and, if ``flip``, mirrored half of the time."""
    n, _, height, width = x.shape
    padded = F.pad(x, (shift,) * 4, mode="replicate")
    rows = torch.arange(height) + torch.randint(0, 2 * shift + 1, (n, 1))  # (n, height)
    columns = torch.arange(width) + torch.randint(0, 2 * shift + 1, (n, 1))
    if flip:
        mirrored = torch.rand(n, 1) < 0.5
        columns = torch.where(mirrored, columns.flip(1), columns)
    image = torch.arange(n)[:, None, None]
    return padded.permute(0, 2, 3, 1)[image, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


@torch.no_grad()
def accuracies(net: nn.Module, data: Images) -> dict[str, float]:
    """For each head of the data the share of images whose class the network names rightly."""
    right = dict.fromkeys(data.classes, 0)
    for indices in torch.arange(len(data)).split(500):
        batch = data.batch(indices)
        out = net(batch.x)
        for head, labels in batch.labels.items():
            right[head] += int((logits_of(out, head).argmax(1) == labels).sum())
    return {head: count / len(data) for head, count in right.items()}


def report_classifier(run: Run[ClassifierSettings], trained: Trained) -> None:
    """Weights and card, with the accuracies on validation and test."""
    net = trained.net.cpu().float()
    figures = {
        f"{split} {head} accuracy": value
        for split in ("validation", "test")
        for head, value in accuracies(net, run.source.open(split)).items()
    }
    card.write(run, run.name, net, trained.log, figures)
