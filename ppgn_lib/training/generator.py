"""G and D: adversarial training of the inverse of E (Eqs. 18-22)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim.lr_scheduler import StepLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ppgn_lib.networks.features import Features
from ppgn_lib.networks.small import Discriminator, Encoder, Generator
from ppgn_lib.training import card
from ppgn_lib.training.loop import Log, Run, Stateful, batch_of, fit, shared
from ppgn_lib.training.losses import d_loss, feature_loss, gan_loss, image_loss
from ppgn_lib.training.previews import Previews
from ppgn_lib.training.settings import GeneratorSettings


class Turn(NamedTuple):
    """Who takes a step."""

    d: bool
    g: bool


def pause(ratio: float, d_below: float = 0.1, g_above: float = 10.0) -> Turn:
    """The paper's rule on r = loss_D / loss_G: D rests while r < 0.1 (it is too good), G while r > 10."""
    return Turn(d=ratio >= d_below, g=ratio <= g_above)


class Adversaries:
    """G, D and their optimisers, and one training step of each; from the weights of ``start``, where it has them."""

    def __init__(
        self, settings: GeneratorSettings, encoder: Encoder, fabric: Fabric, start: Mapping[str, nn.Module] = {}
    ) -> None:
        self.settings, self.fabric = settings, fabric
        self.encoder = encoder.eval().requires_grad_(False)
        fabric.to_device(self.encoder)  # in place
        code, size = encoder.code, encoder.size
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            bare_g = Generator(code=code, size=size, width=settings.width)
            bare_d = Discriminator(code=code, size=size, width=settings.d_width)
        self.nets: dict[str, nn.Module] = {"g": bare_g, "d": bare_d}
        for name, net in start.items():
            self.nets[name].load_state_dict(net.state_dict())
        for net in self.nets.values():
            net.to(memory_format=torch.channels_last)
        self.adam_g, self.adam_d = (
            torch.optim.Adam(
                net.parameters(), lr=settings.lr, betas=(settings.beta1, 0.999), weight_decay=settings.weight_decay
            )
            for net in self.nets.values()
        )
        self.schedules = {
            "schedule_g": StepLR(self.adam_g, settings.halve_every, gamma=0.5),
            "schedule_d": StepLR(self.adam_d, settings.halve_every, gamma=0.5),
        }
        self.g, self.wrapped_adam_g = fabric.setup(bare_g, self.adam_g)
        self.d, self.wrapped_adam_d = fabric.setup(bare_d, self.adam_d)
        self.average = AveragedModel(bare_g, multi_avg_fn=get_ema_multi_avg_fn(settings.ema))
        self.ratio = torch.ones(())

    def objects(self) -> dict[str, Stateful]:
        """All that a checkpoint has to hold."""
        adams = {"adam_g": self.adam_g, "adam_d": self.adam_d}
        return {**self.nets, **adams, **self.schedules, "average": self.average, "ratio": _Box(self)}

    def step(self, x: Tensor) -> dict[str, float]:
        """One step of D and G, unless the pausing rule rests one of them. x: (B, 3, size, size)."""
        turn = pause(float(self.ratio), self.settings.pause_d_below, self.settings.pause_g_above)
        with torch.no_grad(), self.fabric.autocast():
            real = self.encoder(x)
            code = self._noisy_code(x, real)
        x_hat = self.g(code)
        loss_d = self._step_d(x, x_hat.detach(), real.h, turn.d)
        losses = self._step_g(x, x_hat, real, turn.g)
        for schedule in self.schedules.values():
            schedule.step()
        self.ratio = torch.tensor(loss_d / max(losses["gan"], 1e-12))
        return {**losses, "d": loss_d, "d_rests": float(not turn.d), "g_rests": float(not turn.g)}

    def _noisy_code(self, x: Tensor, real: Features) -> Tensor:
        """The code that G sees: with noise on x, h1 and h in turn, as in Joint PPGN-h; E's own where there is none."""
        settings = self.settings
        if not (settings.x_noise or settings.h1_noise or settings.h_noise):
            return real.h
        h1 = self.encoder.e1(x + settings.x_noise * torch.randn_like(x))
        h = self.encoder.e2(h1 + settings.h1_noise * torch.randn_like(h1))
        return h + settings.h_noise * torch.randn_like(h)

    def _step_d(self, x: Tensor, x_hat: Tensor, h: Tensor, train: bool) -> float:
        with torch.set_grad_enabled(train):
            loss = d_loss(self.d(x, h), self.d(x_hat, h), self.settings.real_label)
        if train:
            self.wrapped_adam_d.zero_grad()
            self.fabric.backward(loss)
            self.wrapped_adam_d.step()
        return shared(self.fabric, loss)

    def _step_g(self, x: Tensor, x_hat: Tensor, real: Features, train: bool) -> dict[str, float]:
        settings = self.settings
        self.nets["d"].requires_grad_(False)
        with self.fabric.autocast():
            seen = self.encoder(x_hat)
        terms = {
            "image": image_loss(x_hat, x),
            "h1": feature_loss(seen.h1, real.h1),
            "h": feature_loss(seen.h, real.h),
            "gan": gan_loss(self.d(x_hat, real.h)),
        }
        weights = {
            "image": settings.image_weight,
            "h1": settings.h1_weight,
            "h": settings.h_weight,
            "gan": settings.gan_weight,
        }
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


class Adversarial(NamedTuple):
    """What a training of G leaves."""

    g: nn.Module  # the running average of its weights
    d: nn.Module
    log: Log
    previews: Previews


def train_generator(run: Run[GeneratorSettings]) -> Adversarial:
    """Train G (returned: the running average of its weights) and D against the encoder among the run's inputs.

    Where a generator and a discriminator are among them as well, training goes on from these.

    Raises ``ValueError`` if the encoder is no ``Encoder``, or takes images of another size than the data have, or the
    other two have not the layers that the settings ask for.
    """
    encoder, start = _inputs(run)
    data, validation = run.source.open("train"), run.source.open("validation")
    if not isinstance(encoder, Encoder):
        raise ValueError(f"G inverts an Encoder; got {type(encoder).__name__}: train one with `encoder`")
    if encoder.size != data.size:
        raise ValueError(
            f"E and the data must have images of one size; E has {encoder.size} pixels, the data {data.size}: "
            "take the same --size for both"
        )
    fabric = run.fabric
    pair = Adversaries(run.settings, encoder, fabric, start)
    shown = validation.batch(range(min(10, len(validation)))).x
    previews = Previews(shown, partial(_reconstructed, pair, shown))

    def step(t: int) -> dict[str, float]:
        x = batch_of(data, run.settings, t, fabric).x
        losses = pair.step(x.to(fabric.device, memory_format=torch.channels_last))
        previews.take(t + 1)
        return losses

    log = fit(run, step, {**pair.objects(), "previews": previews})
    return Adversarial(pair.average.module.eval(), pair.nets["d"].eval(), log, previews)


def _reconstructed(pair: Adversaries, x: Tensor) -> Tensor:
    """Images (N, 3, size, size) after E and the running average of G, wherever these are."""
    g, encoder = pair.average.module, pair.encoder
    x_hat: Tensor = g(encoder(x.to(next(encoder.parameters()).device)).h)
    return x_hat


def _inputs(run: Run[GeneratorSettings]) -> tuple[nn.Module, dict[str, nn.Module]]:
    """The encoder among the inputs of a run, and G and D if they are there as well."""
    start: dict[str, nn.Module] = {}
    encoder = nn.Module()
    for net in run.inputs.values():
        if isinstance(net, Generator | Discriminator):
            name, width = ("g", run.settings.width) if isinstance(net, Generator) else ("d", run.settings.d_width)
            if net.settings["width"] != width:
                raise ValueError(
                    f"to train {name.upper()} on, take the width that it has, {net.settings['width']}; got {width}"
                )
            start[name] = net
        else:
            encoder = net
    return encoder, start


def report_generator(run: Run[GeneratorSettings], trained: Adversarial) -> None:
    """Weights and cards of G and D, with the reconstruction error on validation; 16-bit floats halve the files.

    Beside them ``generator_previews.png``, the reconstructions over training.
    """
    encoder, data = _inputs(run)[0].cpu(), run.source.open("validation")
    x = data.batch(range(min(1000, len(data)))).x
    card.as_stored(trained.g)
    with torch.no_grad():
        error = float((trained.g(encoder(x).h) - x).square().mean())
    report_adversaries(run, trained, {"validation mean square error of G(E(x)) in [-1, 1]": error})


def report_adversaries(run: Run[Any], trained: Adversarial, figures: Mapping[str, float]) -> None:
    """Weights and cards of any G and D, ``figures`` on that of G; beside them the previews."""
    g, d, log, previews = trained
    for net in (g, d):
        card.as_stored(net)
    after = previews.write(run.folder / f"{run.name}_previews.png", run.settings.steps)
    card.write(run, run.name, g.half(), log, figures, {"previews_after": after})
    opponent = "discriminator" if run.name == "generator" else f"{run.name}_discriminator"
    card.write(run, opponent, d.half(), log, {})
