"""G and D: adversarial training of the inverse of E (Eqs. 18-22)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ppgn_lib.losses import d_loss, feature_loss, gan_loss, image_loss
from ppgn_lib.networks import Discriminator, Encoder, Features, Generator
from ppgn_lib.training.config import GeneratorConfig
from ppgn_lib.training.loop import Log, Stateful, batch_of, fit, shared
from ppgn_lib.training.source import SHIPPED, Source


class Turn(NamedTuple):
    """Who takes a step."""

    d: bool
    g: bool


def pause(ratio: float, d_below: float = 0.1, g_above: float = 10.0) -> Turn:
    """The paper's rule on r = loss_D / loss_G: D rests while r < 0.1 (it is too good), G while r > 10."""
    return Turn(d=ratio >= d_below, g=ratio <= g_above)


class Adversaries:
    """G, D and their optimisers, and one training step of each."""

    def __init__(self, config: GeneratorConfig, encoder: Encoder, fabric: Fabric) -> None:
        self.config, self.fabric = config, fabric
        self.encoder = fabric.to_device(encoder.eval().requires_grad_(False))
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            bare_g, bare_d = Generator(config.width), Discriminator(config.d_width)
        self.nets: dict[str, nn.Module] = {"g": bare_g, "d": bare_d}
        for net in self.nets.values():
            net.to(memory_format=torch.channels_last)
        self.adam_g, self.adam_d = (
            torch.optim.Adam(
                net.parameters(), lr=config.lr, betas=(config.beta1, 0.999), weight_decay=config.weight_decay
            )
            for net in self.nets.values()
        )
        self.g, self.wrapped_adam_g = fabric.setup(bare_g, self.adam_g)
        self.d, self.wrapped_adam_d = fabric.setup(bare_d, self.adam_d)
        self.average = AveragedModel(bare_g, multi_avg_fn=get_ema_multi_avg_fn(config.ema))
        self.ratio = torch.ones(())

    def objects(self) -> dict[str, Stateful]:
        """All that a checkpoint has to hold."""
        return {**self.nets, "adam_g": self.adam_g, "adam_d": self.adam_d, "average": self.average, "ratio": _Box(self)}

    def step(self, x: Tensor, t: int) -> dict[str, float]:
        """One step of D and G, unless the pausing rule rests one of them. x: (B, 3, 32, 32)."""
        lr = self.config.lr * 0.5 ** (t // self.config.halve_every)
        for optimiser in (self.adam_g, self.adam_d):
            for group in optimiser.param_groups:
                group["lr"] = lr
        turn = pause(float(self.ratio), self.config.pause_d_below, self.config.pause_g_above)
        with torch.no_grad(), self.fabric.autocast():
            real = self.encoder(x)
        x_hat = self.g(real.h)
        loss_d = self._step_d(x, x_hat.detach(), real.h, turn.d)
        losses = self._step_g(x, x_hat, real, turn.g)
        self.ratio = torch.tensor(loss_d / max(losses["gan"], 1e-12))
        return {**losses, "d": loss_d, "d_rests": float(not turn.d), "g_rests": float(not turn.g)}

    def _step_d(self, x: Tensor, x_hat: Tensor, h: Tensor, train: bool) -> float:
        with torch.set_grad_enabled(train):
            loss = d_loss(self.d(x, h), self.d(x_hat, h), self.config.real_label)
        if train:
            self.wrapped_adam_d.zero_grad()
            self.fabric.backward(loss)
            self.wrapped_adam_d.step()
        return shared(self.fabric, loss)

    def _step_g(self, x: Tensor, x_hat: Tensor, real: Features, train: bool) -> dict[str, float]:
        config = self.config
        self.nets["d"].requires_grad_(False)
        with self.fabric.autocast():
            seen = self.encoder(x_hat)
        terms = {
            "image": image_loss(x_hat, x),
            "h1": feature_loss(seen.h1, real.h1),
            "h": feature_loss(seen.h, real.h),
            "gan": gan_loss(self.d(x_hat, real.h)),
        }
        weights = {"image": config.image_weight, "h1": config.h1_weight, "h": config.h_weight, "gan": config.gan_weight}
        loss = torch.stack([weights[name] * term for name, term in terms.items()]).sum()
        if train:
            self.wrapped_adam_g.zero_grad()
            self.fabric.backward(loss)
            self.wrapped_adam_g.step()
            self.average.update_parameters(self.nets["g"])
        self.nets["d"].requires_grad_(True)
        return {name: shared(self.fabric, term) for name, term in terms.items()}


class _Box:
    """The loss ratio of the last step, as something with a state: the pausing rule has to survive a resume."""

    def __init__(self, owner: Adversaries) -> None:
        self.owner = owner

    def state_dict(self) -> dict[str, Tensor]:
        return {"ratio": self.owner.ratio}

    def load_state_dict(self, state_dict: dict[str, Tensor]) -> None:
        self.owner.ratio = state_dict["ratio"]


class Previews:
    """Reconstructions of the same ten validation images over training: one can see when which detail came."""

    def __init__(self, pair: Adversaries, count: int = 10, source: Source = SHIPPED) -> None:
        self.pair = pair
        data = source.open("validation")
        self.x = data.batch(range(min(count, len(data)))).x
        self.steps: list[int] = []
        self.pictures: list[Tensor] = []  # uint8 (10, 3, 32, 32) each

    @torch.no_grad()
    def look(self, done: int) -> None:
        """Keep G(E(x)) after step 250, 500, 1000, 2000, ..."""
        doublings, rest = divmod(done, 250)
        if rest or doublings & (doublings - 1):
            return
        x = self.x.to(self.pair.fabric.device)
        x_hat = self.pair.average.module(self.pair.encoder(x).h)
        self.steps.append(done)
        self.pictures.append((x_hat.clamp(-1, 1) * 127.5 + 127.5).round().to(torch.uint8).cpu())

    def state_dict(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"steps": list(self.steps), "pictures": list(self.pictures)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """From the checkpoint."""
        self.steps, self.pictures = list(state_dict["steps"]), list(state_dict["pictures"])


class Trained(NamedTuple):
    """What a training of G leaves."""

    g: nn.Module  # the running average of its weights
    d: nn.Module
    log: Log
    previews: Previews


def digest(net: nn.Module) -> str:
    """A hash of a network's weights: a checkpoint of G belongs to one E."""
    hasher = hashlib.sha256()
    for name, tensor in net.state_dict().items():
        hasher.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
    return hasher.hexdigest()[:16]


def train_generator(
    config: GeneratorConfig, encoder: Encoder, folder: Path, fabric: Fabric, source: Source = SHIPPED
) -> Trained:
    """Train G (returned: the running average of its weights) and D; the checkpoint lies in ``folder``."""
    pair = Adversaries(config, encoder, fabric)
    data = source.open("train")

    def step(t: int) -> dict[str, float]:
        x = batch_of(data, config, t, fabric).x
        return pair.step(x.to(fabric.device, memory_format=torch.channels_last), t)

    previews = Previews(pair, source=source)

    def step_and_look(t: int) -> dict[str, float]:
        losses = step(t)
        previews.look(t + 1)
        return losses

    log = fit(
        step_and_look,
        {**pair.objects(), "previews": previews},
        config,
        folder / "generator.ckpt",
        fabric,
        {"encoder": digest(encoder), **source.identity},
    )
    return Trained(pair.average.module.eval(), pair.nets["d"].eval(), log, previews)
