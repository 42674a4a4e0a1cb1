"""The image denoiser: squared error of ``R(x + sigma z; sigma)``, for noise of all sizes at once."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ppgn_lib.data import Images
from ppgn_lib.image_denoiser import SPREAD, ImageDenoiser
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.config import DenoiserConfig
from ppgn_lib.training.loop import Log, batch_of, fit, one_cycle, shared
from ppgn_lib.training.source import SHIPPED, Source


def loss(net: nn.Module, x: Tensor, sigma: Tensor, noise: Tensor) -> Tensor:
    """Mean of ``|R(x + sigma noise; sigma) - x|^2``, over the error of the best linear answer for white data.

    x (B, 3, 32, 32) clean, sigma (B,), noise ~ N(0, I). Data of spread S would cost it
    ``sigma^2 S^2 / (sigma^2 + S^2)``; without that weight large noise alone would count.
    """
    s = sigma[:, None, None, None]
    cost = s * SPREAD / (s**2 + SPREAD**2).sqrt()
    return ((net(x + s * noise, sigma) - x) / cost).square().mean()


def train_denoiser(
    config: DenoiserConfig, folder: Path, fabric: Fabric, source: Source = SHIPPED
) -> tuple[nn.Module, Log]:
    """Train R; the checkpoint lies in ``folder``. Returns the running average of its weights, and the log."""
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        bare = ImageDenoiser(config.width).to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(bare.parameters(), lr=config.lr)
    schedule = one_cycle(adam, config.lr, config.steps)
    model, optimiser = fabric.setup(bare, adam)
    average = AveragedModel(bare, multi_avg_fn=get_ema_multi_avg_fn(config.ema))
    data = source.open("train")
    low, high = math.log(config.sigma_low), math.log(config.sigma_high)

    def step(t: int) -> dict[str, float]:
        x = augment(batch_of(data, config, t, fabric).x, 0, config.flip)
        sigma = torch.exp(low + (high - low) * torch.rand(len(x)))
        noise = torch.randn(x.shape)
        x, sigma, noise = (part.to(fabric.device) for part in (x, sigma, noise))
        value = loss(model, x.contiguous(memory_format=torch.channels_last), sigma, noise)
        optimiser.zero_grad()
        fabric.backward(value)
        optimiser.step()
        schedule.step()
        average.update_parameters(bare)
        return {"loss": shared(fabric, value)}

    log = fit(
        step,
        {"net": bare, "adam": adam, "schedule": schedule, "average": average},
        config,
        folder / "denoiser.ckpt",
        fabric,
        source.identity,
        extendable=False,  # the one cycle of the learning rate is as long as the run
    )
    return average.module.eval(), log


@torch.no_grad()
def errors(net: nn.Module, data: Images, sigmas: tuple[float, ...], count: int = 1000) -> dict[float, float]:
    """Root mean square of R(x + noise) - x, for each sigma, over the first images."""
    x = data.batch(range(min(count, len(data)))).x
    generator = torch.Generator().manual_seed(0)
    found = {}
    for sigma in sigmas:
        noisy = x + sigma * torch.randn(x.shape, generator=generator)
        back = torch.cat([net(part, sigma) for part in noisy.split(250)])
        found[sigma] = float((back - x).square().mean().sqrt())
    return found
