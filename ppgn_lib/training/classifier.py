"""E and the two networks that judge: classifiers of item, colour and background, or of a folder's classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.data import Images
from ppgn_lib.evaluators import Evaluator, Selector
from ppgn_lib.networks import Encoder
from ppgn_lib.training.config import ClassifierConfig
from ppgn_lib.training.loop import Log, batch_of, fit, one_cycle, shared
from ppgn_lib.training.source import SHIPPED, Source

# width and heads -> network
CLASSIFIERS: dict[str, Callable[[int, Mapping[str, int]], nn.Module]] = {
    "encoder": lambda width, heads: Encoder(heads),  # E has one width
    "selector": Selector,
    "evaluator": Evaluator,
}


def train_classifier(
    config: ClassifierConfig, folder: Path, fabric: Fabric, source: Source = SHIPPED
) -> tuple[nn.Module, Log]:
    """Train the network that ``config`` names; the checkpoint lies in ``folder``. Returns it and the log."""
    if config.network not in CLASSIFIERS:
        raise ValueError(f"network must be one of {', '.join(CLASSIFIERS)}; got {config.network!r}")
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        sizes = source.head_sizes
        net = CLASSIFIERS[config.network](config.width, sizes)
    bare = net.to(memory_format=torch.channels_last)
    adam = torch.optim.AdamW(bare.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    schedule = one_cycle(adam, config.lr, config.steps)
    model, optimiser = fabric.setup(bare, adam)
    data = source.open("train")

    def step(t: int) -> dict[str, float]:
        batch = batch_of(data, config, t, fabric)
        x = augment(batch.x, config.shift, config.flip).to(fabric.device, memory_format=torch.channels_last)
        model.train()
        out = model(x)
        losses = {
            name: F.cross_entropy(getattr(out, name), getattr(batch, name).to(fabric.device)) for name in source.heads
        }
        optimiser.zero_grad()
        fabric.backward(torch.stack(list(losses.values())).sum())
        optimiser.step()
        schedule.step()
        return {name: shared(fabric, loss) for name, loss in losses.items()}

    log = fit(
        step,
        {"net": bare, "adam": adam, "schedule": schedule},
        config,
        folder / f"{config.network}.ckpt",
        fabric,
        source.identity,
        extendable=False,  # the one cycle of the learning rate is as long as the run
    )
    return bare.eval(), log


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
def accuracies(net: nn.Module, data: Images, heads: Iterable[str]) -> dict[str, float]:
    """Share of images whose item, colour and background, or which of ``heads`` there are, the network names rightly."""
    right = dict.fromkeys(heads, 0)
    for indices in torch.arange(len(data)).split(500):
        batch = data.batch(indices)
        out = net(batch.x)
        for name in right:
            right[name] += int((getattr(out, name).argmax(1) == getattr(batch, name)).sum())
    return {name: count / len(data) for name, count in right.items()}
