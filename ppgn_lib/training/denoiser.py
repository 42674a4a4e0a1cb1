"""The image denoiser: squared error of ``R(x + sigma z; sigma)``, for noise of all sizes at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ppgn_lib.networks.denoisers import SPREAD, ImageAutoencoder, ImageDenoiser
from ppgn_lib.training import card
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.loop import Run, Stateful, Trained, batch_of, fit, one_cycle, shared
from ppgn_lib.training.settings import DenoiserSettings, ImageAutoencoderSettings

Denoiser = Callable[[Tensor, float], Tensor]  # R(x; sigma)


def loss(net: nn.Module, x: Tensor, sigma: Tensor, noise: Tensor, spread: float = SPREAD) -> Tensor:
    """Mean of ``|R(x + sigma noise; sigma) - x|^2``, over the error of the best linear answer for white data.

    x ``(B, *D)`` clean images or codes, sigma (B,), noise ~ N(0, I). Data of spread S would cost it
    ``sigma^2 S^2 / (sigma^2 + S^2)``; without that weight large noise alone would count.
    """
    s = sigma.view(-1, *[1] * (x.ndim - 1))
    cost = s * spread / (s**2 + spread**2).sqrt()
    return ((net(x + s * noise, sigma) - x) / cost).square().mean()


def train_denoiser(run: Run[DenoiserSettings]) -> Trained:
    """R for noise of all sizes; what is returned is the running average of its weights."""
    low, high = math.log(run.settings.sigma_low), math.log(run.settings.sigma_high)

    def noisy_loss(net: nn.Module, x: Tensor) -> Tensor:
        sigma = torch.exp(low + (high - low) * torch.rand(len(x)))
        noise = torch.randn(x.shape)
        return loss(net, x, sigma.to(x.device), noise.to(x.device))

    return train_averaged(run, lambda: ImageDenoiser(run.settings.width), _images(run), noisy_loss)


def train_image_autoencoder(run: Run[ImageAutoencoderSettings]) -> Trained:
    """R of the paper, for one noise; what is returned is the running average of its weights."""

    def noisy_loss(net: nn.Module, x: Tensor) -> Tensor:
        noise = run.settings.sigma * torch.randn(x.shape)
        return (net(x + noise.to(x.device)) - x).square().mean()

    decay = run.settings.weight_decay
    return train_averaged(run, lambda: ImageAutoencoder(run.settings.width), _images(run), noisy_loss, decay)


def _images(run: Run[Any]) -> Callable[[int], Tensor]:
    """The images (B, 3, H, W) that this process sees in a step."""
    settings, data = run.settings, run.source.open("train")
    return lambda t: augment(batch_of(data, settings, t, run.fabric).x, 0, settings.flip).contiguous(
        memory_format=torch.channels_last
    )


def train_averaged(
    run: Run[Any],
    build: Callable[[], nn.Module],
    batch: Callable[[int], Tensor],
    loss: Callable[[nn.Module, Tensor], Tensor],
    decay: float = 0.0,
) -> Trained:
    """Train a denoiser of images or codes; what is returned is the running average of its weights.

    Parameters
    ----------
    build
        The network, new.
    batch
        The clean images or codes that this process sees in a step, by its number.
    loss
        Of the network on those.
    decay
        Of the weights, by AdamW.

    """
    settings, fabric = run.settings, run.fabric
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        bare = build().to(memory_format=torch.channels_last)
    adam = torch.optim.AdamW(bare.parameters(), lr=settings.lr, weight_decay=decay)
    schedule = one_cycle(adam, settings.lr, settings.steps)
    model, optimiser = fabric.setup(bare, adam)
    average = AveragedModel(bare, multi_avg_fn=get_ema_multi_avg_fn(settings.ema))

    def step(t: int) -> dict[str, float]:
        value = loss(model, batch(t).to(fabric.device))
        optimiser.zero_grad()
        fabric.backward(value)
        optimiser.step()
        schedule.step()
        average.update_parameters(bare)
        return {"loss": shared(fabric, value)}

    objects: dict[str, Stateful] = {"net": bare, "adam": adam, "schedule": schedule, "average": average}
    # The one cycle of the learning rate is as long as the run.
    return Trained(average.module.eval(), fit(run, step, objects, extendable=False))


@torch.no_grad()
def errors(R: Denoiser, x: Tensor, sigmas: tuple[float, ...]) -> dict[float, float]:
    """Root mean square of R(x + noise; sigma) - x for clean images or codes x, for each sigma."""
    generator = torch.Generator().manual_seed(0)
    found = {}
    for sigma in sigmas:
        noisy = x + sigma * torch.randn(x.shape, generator=generator)
        back = torch.cat([R(part, sigma) for part in noisy.split(250)])
        found[sigma] = float((back - x).square().mean().sqrt())
    return found


def report_denoiser(run: Run[DenoiserSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at several sizes of noise on validation."""
    report_errors(run, trained, trained.net, _first_validation(run), (0.1, 0.2, 0.5, 1.0))


def report_image_autoencoder(run: Run[ImageAutoencoderSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at its noise on validation."""
    report_errors(run, trained, lambda x, _: trained.net(x), _first_validation(run), (run.settings.sigma,))


def _first_validation(run: Run[Any], count: int = 1000) -> Tensor:
    data = run.source.open("validation")
    return data.batch(range(min(count, len(data)))).x


def report_errors(run: Run[Any], trained: Trained, R: Denoiser, x: Tensor, sigmas: tuple[float, ...]) -> None:
    """Weights, as 16-bit floats, and card, with the error on clean x at each noise; R: the network as of (x, sigma)."""
    net = trained.net
    card.as_stored(net)
    figures = {f"validation root mean square error at sigma {s}": e for s, e in errors(R, x, sigmas).items()}
    card.write(run, run.name, net.half(), trained.log, figures)
