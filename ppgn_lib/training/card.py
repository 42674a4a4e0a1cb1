"""Weights and their card: what the network is, how it was made, what it can do, how to make it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from torch import nn

from ppgn_lib.data.files import replacing
from ppgn_lib.networks import zoo
from ppgn_lib.training.loop import Log, Run


def write(
    run: Run[Any], name: str, net: nn.Module, log: Log, figures: Mapping[str, float], more: Mapping[str, Any] = {}
) -> None:
    """``NAME.safetensors`` and ``NAME.json`` in the run's folder; ``more``: what this kind of network alone has."""
    zoo.save(net, run.folder / f"{name}.safetensors")
    card = {
        "network": name,
        "parameters": sum(p.numel() for p in net.parameters()),
        "data": run.source.text,
        "config": dict(run.settings),
        "encoder": None,
        **{needed: zoo.digest(other) for needed, other in run.inputs.items()},
        "precision": run.fabric.strategy.precision.precision,
        "command": run.command,
        "figures": dict(figures),
        **more,
        "log": thinned(log),
    }
    with replacing(run.folder / f"{name}.json") as path:
        path.write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def thinned(log: Log, rows: int = 200) -> Log:
    """About so many rows of a log, evenly spaced; the last one is always among them."""
    return [*log[: -1 : max(1, len(log) // rows)], *log[-1:]]


def as_stored(net: nn.Module) -> None:
    """In place: 16-bit floats and back, so that what is judged is what is stored."""
    net.cpu().half().float()
