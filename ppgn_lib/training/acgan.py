"""AC-GAN: D has to say what is real, and of which class; G has to pass for real, and for its class (its Eqs. 2, 3)."""

from __future__ import annotations

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from ppgn_lib.networks.acgan import AuxiliaryDiscriminator, ClassGenerator
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.generator import Adversarial, pause, report_adversaries
from ppgn_lib.training.loop import Run, Stateful, batch_of, fit, shared
from ppgn_lib.training.losses import d_loss, gan_loss
from ppgn_lib.training.previews import Previews
from ppgn_lib.training.settings import AcganSettings

HEAD = "item"  # whose classes G is told, where the data have it


class Players:
    """G, D, their optimisers, and one training step of both."""

    def __init__(self, settings: AcganSettings, classes: int, size: int, fabric: Fabric) -> None:
        self.settings, self.classes, self.fabric = settings, classes, fabric
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            bare_g = ClassGenerator(classes, noise=settings.noise, size=size, width=settings.width)
            bare_d = AuxiliaryDiscriminator(classes, size=size, width=settings.d_width, dropout=settings.dropout)
        self.nets: dict[str, nn.Module] = {"g": bare_g, "d": bare_d}
        for net in self.nets.values():
            net.to(memory_format=torch.channels_last)
        rates = {"g": settings.lr, "d": settings.d_lr}
        self.adams = {
            name: torch.optim.Adam(net.parameters(), lr=rates[name], betas=(settings.beta1, 0.999))
            for name, net in self.nets.items()
        }
        self.g, self.adam_g = fabric.setup(bare_g, self.adams["g"])
        self.d, self.adam_d = fabric.setup(bare_d, self.adams["d"])

        def averaged(old: Tensor, new: Tensor, n: Tensor | int) -> Tensor:
            if not new.is_floating_point():
                return new  # BatchNorm's count of batches
            return old + (new - old) * (1 - share_of_old(int(n), settings.ema))

        # With the running means of BatchNorm, which belong to the weights of the moment, averaged as these are.
        self.average = AveragedModel(bare_g, avg_fn=averaged, use_buffers=True)
        self.ratio = Ratio()

    def objects(self) -> dict[str, Stateful]:
        """All that a checkpoint has to hold."""
        adams = {f"adam_{name}": adam for name, adam in self.adams.items()}
        return {**self.nets, **adams, "average": self.average, "ratio": self.ratio}

    def step(self, x: Tensor, y: Tensor) -> dict[str, float]:
        """D on real images x (B, 3, size, size) of classes y (B,) and on as many of G's, unless it rests; then G."""
        self.g.train()
        self.d.train()
        asked = torch.randint(self.classes, (len(x),), device=x.device)
        made = self.g(torch.randn(len(x), self.settings.noise, device=x.device), asked)
        train_d = pause(float(self.ratio.last), self.settings.pause_d_below).d
        losses = {**self._step_d(x, y, made.detach(), asked, train_d), **self._step_g(made, asked)}
        self.average.update_parameters(self.nets["g"])
        self.ratio.last.fill_(losses["d"] / max(losses["g"], 1e-12))
        return {**losses, "d_rests": float(not train_d)}

    def _step_d(self, x: Tensor, y: Tensor, made: Tensor, asked: Tensor, train: bool) -> dict[str, float]:
        with torch.set_grad_enabled(train):
            of_real, of_made = self.d(x), self.d(made)
            source = d_loss(of_real[0], of_made[0], self.settings.real_label)
            real, fake = F.cross_entropy(of_real[1].float(), y), F.cross_entropy(of_made[1].float(), asked)
        if train:
            self.adam_d.zero_grad()
            self.fabric.backward(source + real + fake)
            self.adam_d.step()
        return {"d": shared(self.fabric, source), "d_class": shared(self.fabric, real)}

    def _step_g(self, made: Tensor, asked: Tensor) -> dict[str, float]:
        self.nets["d"].requires_grad_(False)
        source, classes = self.d(made)
        losses = {"g": gan_loss(source), "g_class": F.cross_entropy(classes.float(), asked)}
        self.adam_g.zero_grad()
        self.fabric.backward(losses["g"] + losses["g_class"])
        self.adam_g.step()
        self.nets["d"].requires_grad_(True)
        return {name: shared(self.fabric, loss) for name, loss in losses.items()}


class Ratio(nn.Module):
    """loss_D / loss_G of the last step, in a checkpoint: the pausing rule has to survive a resume."""

    last: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("last", torch.ones(()))


def share_of_old(t: int, most: float) -> float:
    """Share of the old in the running average at step t: min(most, (1 + t) / (10 + t)).

    It grows, so that a short training has a fair average too.
    """
    return min(most, (1 + t) / (10 + t))


def train_acgan(run: Run[AcganSettings]) -> Adversarial:
    """Train G (returned: the running average of its weights) and D on the images of the source and their items.

    Where the data have no items, on their first classification.
    """
    settings, fabric = run.settings, run.fabric
    data = run.source.open("train")
    head = HEAD if HEAD in data.classes else next(iter(data.classes))
    classes = len(data.classes[head])
    players = Players(settings, classes, data.size, fabric)
    z = torch.randn(10, settings.noise, generator=torch.Generator().manual_seed(settings.seed))
    y = torch.arange(10) % classes

    def drawn() -> Tensor:
        """Ten pictures of the same noise, by the running average, wherever it is."""
        average: nn.Module = players.average.module.eval()
        device = next(average.parameters()).device
        x: Tensor = average(z.to(device), y.to(device))
        return x

    there = data.labels()[head]
    previews = Previews(data.batch([int((there == c).nonzero()[0]) for c in y.tolist()]).x, drawn)

    def step(t: int) -> dict[str, float]:
        batch = batch_of(data, settings, t, fabric)
        x = augment(batch.x, 0, settings.flip).to(fabric.device, memory_format=torch.channels_last)
        losses = players.step(x, batch.labels[head].to(fabric.device))
        previews.take(t + 1)
        return losses

    log = fit(run, step, {**players.objects(), "previews": previews})
    return Adversarial(players.average.module.eval(), players.nets["d"].eval(), log, previews)


def report_acgan(run: Run[AcganSettings], trained: Adversarial) -> None:
    """Weights and cards of G and D; beside them ``acgan_previews.png``, ten pictures over training."""
    report_adversaries(run, trained, {})
