"""The priors of PPGN-h: squared error of R(h + noise) over codes of photographs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from ppgn_lib.data.batches import Images
from ppgn_lib.networks.code_denoisers import CodeAutoencoder, CodeDenoiser
from ppgn_lib.networks.small import Encoder
from ppgn_lib.training import card
from ppgn_lib.training.loop import Run, Stateful, Trained, batch_indices, fit, one_cycle, shared
from ppgn_lib.training.settings import CodeAutoencoderSettings, CodeDenoiserSettings

Loss = Callable[[nn.Module, Tensor], Tensor]


@torch.no_grad()
def codes_of(encoder: nn.Module, data: Images, tints: int = 1, images: int = 0) -> Tensor:
    """Codes (tints * N, code) of the first N images, of all if N is 0, each in so many tints."""
    count = min(images or len(data), len(data))
    blocks = [(tint, part) for tint in range(1, tints + 1) for part in torch.arange(count).split(500)]
    bar = tqdm(blocks, desc="codes", unit="block", leave=False, dynamic_ncols=True)
    device = next(encoder.parameters()).device
    return torch.cat([encoder(data.batch(part, seed=tint).x.to(device)).h.cpu() for tint, part in bar])


def train_code_denoiser(run: Run[CodeDenoiserSettings]) -> Trained:
    """R for noise of all sizes; what is returned is the running average of its weights."""
    settings = run.settings
    encoder, codes = _inputs(run)
    spread = float(codes.std())
    low, high = math.log(settings.sigma_low), math.log(settings.sigma_high)

    def loss(net: nn.Module, h: Tensor) -> Tensor:
        sigma = torch.exp(low + (high - low) * torch.rand(len(h))).to(h.device)
        return weighted_error(net, h, sigma, torch.randn(h.shape).to(h.device), spread)

    def build() -> nn.Module:
        return CodeDenoiser(code=encoder.code, width=settings.width, depth=settings.depth, spread=spread)

    return _train(run, build, codes, loss)


def train_code_autoencoder(run: Run[CodeAutoencoderSettings]) -> Trained:
    """R of the paper, for one noise; what is returned is the running average of its weights."""
    encoder, codes = _inputs(run)

    def loss(net: nn.Module, h: Tensor) -> Tensor:
        noise = run.settings.sigma * torch.randn(h.shape).to(h.device)
        return (net(h + noise) - h).square().mean()

    return _train(run, lambda: CodeAutoencoder(code=encoder.code), codes, loss)


def weighted_error(net: nn.Module, h: Tensor, sigma: Tensor, noise: Tensor, spread: float) -> Tensor:
    """Mean of ``|R(h + sigma noise; sigma) - h|^2``, over the error of the best linear answer for white codes.

    h (B, code) clean, sigma (B,), noise ~ N(0, I). Without that weight large noise alone would count.
    """
    s = sigma[:, None]
    cost = s * spread / (s**2 + spread**2).sqrt()
    return ((net(h + s * noise, sigma) - h) / cost).square().mean()


def _inputs(run: Run[Any]) -> tuple[Encoder, Tensor]:
    (encoder,) = run.inputs.values()
    if not isinstance(encoder, Encoder):
        raise ValueError(f"the codes are an Encoder's; got {type(encoder).__name__}: train one with `encoder`")
    run.fabric.to_device(encoder.eval().requires_grad_(False))
    return encoder, codes_of(encoder, run.source.open("train"), run.settings.tints, run.settings.images)


def _train(run: Run[Any], build: Callable[[], nn.Module], codes: Tensor, loss: Loss) -> Trained:
    settings, fabric = run.settings, run.fabric
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        bare = build()
    adam = torch.optim.AdamW(bare.parameters(), lr=settings.lr, weight_decay=settings.weight_decay)
    schedule = one_cycle(adam, settings.lr, settings.steps)
    model, optimiser = fabric.setup(bare, adam)
    average = AveragedModel(bare, multi_avg_fn=get_ema_multi_avg_fn(settings.ema))

    def step(t: int) -> dict[str, float]:
        indices, _ = batch_indices(len(codes), settings.batch, t, settings.seed)
        value = loss(model, codes[indices[fabric.global_rank :: fabric.world_size]].to(fabric.device))
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
def errors(R: Callable[[Tensor, float], Tensor], codes: Tensor, sigmas: tuple[float, ...]) -> dict[float, float]:
    """Root mean square of R(h + noise) - h, for each sigma."""
    generator = torch.Generator().manual_seed(0)
    found = {}
    for sigma in sigmas:
        noisy = codes + sigma * torch.randn(codes.shape, generator=generator)
        found[sigma] = float((R(noisy, sigma) - codes).square().mean().sqrt())
    return found


def _report(run: Run[Any], trained: Trained, R: Callable[[Tensor, float], Tensor], sigmas: tuple[float, ...]) -> None:
    (encoder,) = (net.cpu() for net in run.inputs.values())
    net = trained.net
    card.as_stored(net)
    found = errors(R, codes_of(encoder, run.source.open("validation"), images=1000), sigmas)
    figures = {f"validation root mean square error at sigma {sigma}": value for sigma, value in found.items()}
    card.write(run, run.name, net.half(), trained.log, figures)


def report_code_denoiser(run: Run[CodeDenoiserSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at several sizes of noise on validation."""
    _report(run, trained, trained.net, (0.1, 0.2, 0.5, 1.0, 2.0))


def report_code_autoencoder(run: Run[CodeAutoencoderSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at its noise on validation."""
    _report(run, trained, lambda h, _: trained.net(h), (run.settings.sigma,))
