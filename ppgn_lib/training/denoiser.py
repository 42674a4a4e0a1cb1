"""The image denoiser: squared error of ``R(x + sigma z; sigma)``, for noise of all sizes at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ppgn_lib.data.batches import Images
from ppgn_lib.networks.denoisers import SPREAD, ImageAutoencoder, ImageDenoiser
from ppgn_lib.training import card
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.loop import Run, Stateful, Trained, batch_of, fit, one_cycle, shared
from ppgn_lib.training.settings import DenoiserSettings, ImageAutoencoderSettings


def loss(net: nn.Module, x: Tensor, sigma: Tensor, noise: Tensor) -> Tensor:
    """Mean of ``|R(x + sigma noise; sigma) - x|^2``, over the error of the best linear answer for white data.

    x (B, 3, H, W) clean, sigma (B,), noise ~ N(0, I). Data of spread S would cost it
    ``sigma^2 S^2 / (sigma^2 + S^2)``; without that weight large noise alone would count.
    """
    s = sigma[:, None, None, None]
    cost = s * SPREAD / (s**2 + SPREAD**2).sqrt()
    return ((net(x + s * noise, sigma) - x) / cost).square().mean()


def train_denoiser(run: Run[DenoiserSettings]) -> Trained:
    """R for noise of all sizes; what is returned is the running average of its weights."""
    low, high = math.log(run.settings.sigma_low), math.log(run.settings.sigma_high)

    def noisy_loss(net: nn.Module, x: Tensor) -> Tensor:
        sigma = torch.exp(low + (high - low) * torch.rand(len(x)))
        noise = torch.randn(x.shape)
        return loss(net, x, sigma.to(x.device), noise.to(x.device))

    return _train(run, lambda: ImageDenoiser(run.settings.width), noisy_loss)


def train_image_autoencoder(run: Run[ImageAutoencoderSettings]) -> Trained:
    """R of the paper, for one noise; what is returned is the running average of its weights."""

    def noisy_loss(net: nn.Module, x: Tensor) -> Tensor:
        noise = run.settings.sigma * torch.randn(x.shape)
        return (net(x + noise.to(x.device)) - x).square().mean()

    return _train(run, lambda: ImageAutoencoder(run.settings.width), noisy_loss, run.settings.weight_decay)


def _train(
    run: Run[Any], build: Callable[[], nn.Module], noisy_loss: Callable[[nn.Module, Tensor], Tensor], decay: float = 0.0
) -> Trained:
    settings, fabric = run.settings, run.fabric
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        bare = build().to(memory_format=torch.channels_last)
    adam = torch.optim.AdamW(bare.parameters(), lr=settings.lr, weight_decay=decay)
    schedule = one_cycle(adam, settings.lr, settings.steps)
    model, optimiser = fabric.setup(bare, adam)
    average = AveragedModel(bare, multi_avg_fn=get_ema_multi_avg_fn(settings.ema))
    data = run.source.open("train")

    def step(t: int) -> dict[str, float]:
        x = augment(batch_of(data, settings, t, fabric).x, 0, settings.flip)
        value = noisy_loss(model, x.to(fabric.device, memory_format=torch.channels_last))
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
def errors(
    net: Callable[[Tensor, float], Tensor], data: Images, sigmas: tuple[float, ...], count: int = 1000
) -> dict[float, float]:
    """Root mean square of R(x + noise) - x, for each sigma, over the first images."""
    x = data.batch(range(min(count, len(data)))).x
    generator = torch.Generator().manual_seed(0)
    found = {}
    for sigma in sigmas:
        noisy = x + sigma * torch.randn(x.shape, generator=generator)
        back = torch.cat([net(part, sigma) for part in noisy.split(250)])
        found[sigma] = float((back - x).square().mean().sqrt())
    return found


def report_denoiser(run: Run[DenoiserSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at several sizes of noise on validation."""
    _report(run, trained, trained.net, (0.1, 0.2, 0.5, 1.0))


def report_image_autoencoder(run: Run[ImageAutoencoderSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at its noise on validation."""
    _report(run, trained, lambda x, _: trained.net(x), (run.settings.sigma,))


def _report(run: Run[Any], trained: Trained, R: Callable[[Tensor, float], Tensor], sigmas: tuple[float, ...]) -> None:
    net = trained.net
    card.as_stored(net)
    found = errors(R, run.source.open("validation"), sigmas)
    figures = {f"validation root mean square error at sigma {sigma}": value for sigma, value in found.items()}
    card.write(run, run.name, net.half(), trained.log, figures)
