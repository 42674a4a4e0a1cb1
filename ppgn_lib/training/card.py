"""Weights and their card: what the network is, how it was made, what it can do, how to make it again."""

from __future__ import annotations

import dataclasses
import io
import json
import shlex
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import save
from torch import nn

from ppgn_lib.files import replacing
from ppgn_lib.images import mosaic
from ppgn_lib.networks import Encoder
from ppgn_lib.training.classifier import accuracies
from ppgn_lib.training.config import read_config
from ppgn_lib.training.denoiser import errors
from ppgn_lib.training.generator import Trained, digest
from ppgn_lib.training.loop import Log
from ppgn_lib.training.source import SHIPPED, Source


def write_classifier(
    folder: Path, name: str, net: nn.Module, config: Any, log: Log, precision: str, source: Source = SHIPPED
) -> None:
    """Weights and card of E, selector or evaluator, with its accuracies on validation and test."""
    figures = {
        f"{split} {head} accuracy": value
        for split in ("validation", "test")
        for head, value in accuracies(net.cpu().float(), source.open(split), source.heads).items()
    }
    _write(folder, name, net, config, log, figures, precision, source)


def write_generator(
    folder: Path, trained: Trained, encoder: Encoder, config: Any, precision: str, source: Source = SHIPPED
) -> None:
    """Weights and cards of G and D, with the reconstruction error on validation; 16-bit floats halve the files.

    Beside them ``generator_previews.png``: the images above, below them their reconstructions over training.
    """
    g, d, log, previews = trained
    data = source.open("validation")
    x = data.batch(range(min(1000, len(data)))).x
    for net in (g, d):
        _as_stored(net)
    with torch.no_grad():
        x_hat = g(encoder.cpu()(x).h)
        figures = {"validation mean square error of G(E(x)) in [-1, 1]": float((x_hat - x).square().mean())}
        last = g(encoder(previews.x).h)
    # Of the last step the stored weights' pictures, whether or not the training looked there too.
    looks = [
        (n, p.float() / 127.5 - 1) for n, p in zip(previews.steps, previews.pictures, strict=True) if n < config.steps
    ]
    rows = torch.cat([previews.x, *(pictures for _, pictures in looks), last])
    with replacing(folder / "generator_previews.png") as path:
        picture = (mosaic(rows, len(previews.x)) * 255).round().to(torch.uint8)
        # Here and below bytes are made first and then written by Python, whose errors say why a disk refused them.
        png = io.BytesIO()
        Image.fromarray(picture.repeat_interleave(2, 0).repeat_interleave(2, 1).numpy()).save(png, "PNG")
        path.write_bytes(png.getvalue())
    after = [*(n for n, _ in looks), config.steps]
    _write(folder, "generator", g.half(), config, log, figures, precision, source, encoder, after)
    _write(folder, "discriminator", d.half(), config, log, {}, precision, source, encoder)


def write_denoiser(folder: Path, net: nn.Module, config: Any, log: Log, precision: str, source: Source) -> None:
    """Weights, as 16-bit floats, and card of R, with its error at several sizes of noise on validation."""
    _as_stored(net)
    found = errors(net, source.open("validation"), (0.1, 0.2, 0.5, 1.0))
    figures = {f"validation root mean square error at sigma {sigma}": value for sigma, value in found.items()}
    _write(folder, "denoiser", net.half(), config, log, figures, precision, source)


def _as_stored(net: nn.Module) -> None:
    """In place: 16-bit floats and back, so that what is judged is what is stored."""
    net.cpu().half().float()


def _command(name: str, config: Any, source: Source) -> str:
    """What makes the same network again: the shipped settings, and those that differ from them."""
    network = "generator" if name == "discriminator" else name
    shipped = vars(read_config(network, None, []))
    changed = [f"--set {key}={value}" for key, value in vars(config).items() if shipped[key] != value]
    own = ["--data", shlex.quote(source.folder)] if source.folder else []
    own += ["--encoder", "encoder.safetensors"] if source.folder and network == "generator" else []
    return " ".join(["python -m ppgn_lib.training", network, *own, *changed])


def _write(
    folder: Path,
    name: str,
    net: nn.Module,
    config: Any,
    log: Log,
    figures: dict[str, float],
    precision: str,
    source: Source,
    encoder: Encoder | None = None,
    previews: list[int] | None = None,
) -> None:
    tensors = {key: value.detach().cpu().contiguous() for key, value in net.state_dict().items()}
    width = None if name == "encoder" else "d_width" if name == "discriminator" else "width"
    metadata = {"network": name} | ({"width": str(getattr(config, width))} if width else {})
    if source is not SHIPPED and name in ("encoder", "selector", "evaluator"):
        metadata["heads"] = json.dumps(source.heads)
    with replacing(folder / f"{name}.safetensors") as path:
        path.write_bytes(save(tensors, metadata))
    settings = dataclasses.asdict(config)
    card = {
        "network": name,
        "parameters": sum(p.numel() for p in net.parameters()),
        "data": source.text,
        "config": settings,
        "encoder": digest(encoder) if encoder else None,
        "precision": precision,
        "command": _command(name, config, source),
        "figures": figures,
        **({"previews_after": previews} if previews else {}),
        "log": log[:: max(1, len(log) // 200)],
    }
    with replacing(folder / f"{name}.json") as path:
        path.write_text(json.dumps(card, indent=1) + "\n", "utf-8")
