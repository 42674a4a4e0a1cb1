"""The priors of PPGN-h: squared error of R(h + noise) over codes of photographs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from ppgn_lib.data.batches import Images
from ppgn_lib.networks.code_denoisers import CodeAutoencoder, CodeDenoiser
from ppgn_lib.networks.small import Encoder
from ppgn_lib.training.denoiser import loss, report_errors, train_averaged
from ppgn_lib.training.loop import Run, Trained, batch_indices
from ppgn_lib.training.settings import CodeAutoencoderSettings, CodeDenoiserSettings


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

    def noisy_loss(net: nn.Module, h: Tensor) -> Tensor:
        sigma = torch.exp(low + (high - low) * torch.rand(len(h))).to(h.device)
        return loss(net, h, sigma, torch.randn(h.shape).to(h.device), spread)

    def build() -> nn.Module:
        return CodeDenoiser(code=encoder.code, width=settings.width, depth=settings.depth, spread=spread)

    return train_averaged(run, build, _batch_of(run, codes), noisy_loss, settings.weight_decay)


def train_code_autoencoder(run: Run[CodeAutoencoderSettings]) -> Trained:
    """R of the paper, for one noise; what is returned is the running average of its weights."""
    encoder, codes = _inputs(run)

    def noisy_loss(net: nn.Module, h: Tensor) -> Tensor:
        noise = run.settings.sigma * torch.randn(h.shape).to(h.device)
        return (net(h + noise) - h).square().mean()

    decay = run.settings.weight_decay
    return train_averaged(run, lambda: CodeAutoencoder(code=encoder.code), _batch_of(run, codes), noisy_loss, decay)


def _inputs(run: Run[Any]) -> tuple[Encoder, Tensor]:
    (encoder,) = run.inputs.values()
    if not isinstance(encoder, Encoder):
        raise ValueError(f"the codes are an Encoder's; got {type(encoder).__name__}: train one with `encoder`")
    run.fabric.to_device(encoder.eval().requires_grad_(False))
    return encoder, codes_of(encoder, run.source.open("train"), run.settings.tints, run.settings.images)


def _batch_of(run: Run[Any], codes: Tensor) -> Callable[[int], Tensor]:
    """The codes (B, code) that this process sees in a step."""
    settings, fabric = run.settings, run.fabric

    def batch(t: int) -> Tensor:
        indices, _ = batch_indices(len(codes), settings.batch, t, settings.seed)
        return codes[indices[fabric.global_rank :: fabric.world_size]]

    return batch


def _validation(run: Run[Any]) -> Tensor:
    (encoder,) = (net.cpu() for net in run.inputs.values())
    return codes_of(encoder, run.source.open("validation"), images=1000)


def report_code_denoiser(run: Run[CodeDenoiserSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at several sizes of noise on validation."""
    report_errors(run, trained, trained.net, _validation(run), (0.1, 0.2, 0.5, 1.0, 2.0))


def report_code_autoencoder(run: Run[CodeAutoencoderSettings], trained: Trained) -> None:
    """Weights, as 16-bit floats, and card, with the error at its noise on validation."""
    report_errors(run, trained, lambda h, _: trained.net(h), _validation(run), (run.settings.sigma,))
