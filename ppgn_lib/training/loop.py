"""The loop that all trainings share: progress, log, checkpoint, resume.

A run is a pure function of its configuration. What step t draws at random depends on (seed, t) alone, so a
run that was killed and resumed does the very same steps as one that was not.
"""

from __future__ import annotations

import dataclasses
import io
import math
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from ppgn_lib.data import Batch, Images
from ppgn_lib.files import check_writable, replacing
from ppgn_lib.training.config import Config

Log = list[dict[str, float]]


class Stateful(Protocol):
    """A network, an optimiser or a schedule."""

    def state_dict(self) -> Any:
        """What a checkpoint has to hold."""

    def load_state_dict(self, state_dict: Any, /) -> Any:
        """Take up what ``state_dict`` gave."""


def batch_indices(n: int, batch: int, step: int, seed: int) -> tuple[np.ndarray, int]:
    """Indices of the images of one step, and its epoch: each epoch is a new permutation, incomplete batches dropped."""
    if batch > n:
        raise ValueError(f"a batch of {batch} needs as many images; there are {n}: take a smaller one, --set batch={n}")
    epoch, within = divmod(step, n // batch)
    order = np.random.default_rng([seed, epoch]).permutation(n)
    return order[within * batch : (within + 1) * batch], epoch


def batch_of(data: Images, config: Config, t: int, fabric: Fabric) -> Batch:
    """What this process sees of the images of step t; their tints are new in each epoch."""
    indices, epoch = batch_indices(len(data), config.batch, t, config.seed)
    return data.batch(indices[fabric.global_rank :: fabric.world_size], seed=1 + epoch)


def one_cycle(adam: torch.optim.Optimizer, lr: float, steps: int) -> OneCycleLR:
    """Up to ``lr`` in a tenth of the steps, then down; fewer than 20 see the beginning of a cycle of 20."""
    return OneCycleLR(adam, lr, total_steps=max(steps, 20), pct_start=0.1)  # torch divides by 0.1 * steps - 1


def shared(fabric: Fabric, loss: Tensor) -> float:
    """A loss as a number, its mean over all processes: they must agree on what follows from it."""
    return float(cast(Tensor, fabric.all_reduce(loss.detach())))


def fit(
    step: Callable[[int], Mapping[str, float]],
    objects: Mapping[str, Stateful],
    config: Config,
    checkpoint: Path,
    fabric: Fabric,
    identity: Mapping[str, str],
    *,
    extendable: bool = True,
) -> Log:
    """Call ``step(t)`` for t = 0 ... ``config.steps`` - 1; returns the log.

    Its lines are means of what ``step`` returned, one every ``config.log_every`` steps; a checkpoint is written every
    ``config.save_every``.

    Parameters
    ----------
    objects
        Everything with a state; saved to and restored from ``checkpoint``.
    config, identity
        Stored in the checkpoint: settings, and what they are applied to. Resuming with others is an error, but for
        ``steps`` if ``extendable``.
    fabric
        Its first process writes. ``step`` has to return the same losses on all of them.

    Raises
    ------
    ValueError
        The checkpoint belongs to another configuration, or is damaged.
    OSError
        A checkpoint cannot be written; the last one is as it was.
    FloatingPointError
        A loss is no longer finite; the last checkpoint is as it was.

    """
    write, steps = fabric.is_global_zero, config.steps
    if write:
        check_writable(checkpoint.parent)
    settings = {**dataclasses.asdict(config), **identity}
    first, log, recent = _resume(checkpoint, objects, settings, {"steps"} if extendable else set())
    with tqdm(
        total=steps, initial=first, desc=checkpoint.stem, unit="step", dynamic_ncols=True, disable=not write
    ) as bar:
        for t in range(first, steps):
            with torch.random.fork_rng():
                torch.manual_seed(int(np.random.SeedSequence([config.seed, t]).generate_state(1)[0]))
                losses = step(t)
            if not all(math.isfinite(value) for value in losses.values()):
                raise FloatingPointError(f"step {t}: a loss is not finite: {dict(losses)}; try a smaller lr")
            recent.append(dict(losses))
            if (t + 1) % config.log_every == 0 or t + 1 == steps:
                means = {name: math.fsum(row[name] for row in recent) / len(recent) for name in losses}
                log.append({"step": t + 1, **means})
                bar.set_postfix(
                    {name: f"{value:.3g}" for name, value in log[-1].items() if name != "step"}, refresh=False
                )
                recent.clear()
            bar.update()
            if write and ((t + 1) % config.save_every == 0 or t + 1 == steps):
                _save(checkpoint, objects, {"config": settings, "done": t + 1, "log": log, "recent": recent})
    return log


def _save(path: Path, objects: Mapping[str, Stateful], run: Mapping[str, Any]) -> None:
    state = {name: item.state_dict() for name, item in objects.items()}
    content = io.BytesIO()  # torch's own writing to a path reports a full disk as a RuntimeError without the reason
    torch.save({"state": state, **run}, content)
    with replacing(path) as temporary:
        temporary.write_bytes(content.getbuffer())


def _resume(
    path: Path, objects: Mapping[str, Stateful], config: Mapping[str, Any], may_change: set[str]
) -> tuple[int, Log, Log]:
    """Steps done, the log, and the losses since its last line."""
    if not path.exists():
        return 0, [], []
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise ValueError(
            f"{path} is not a whole checkpoint: remove it to start anew, or choose another --out"
        ) from error
    changed = {key for key in {*config, *saved["config"]} if config.get(key) != saved["config"].get(key)} - may_change
    if changed:
        raise ValueError(
            f"{path} was made with other settings ({', '.join(sorted(changed))}). "
            f"Resume with the old ones, or start anew in another folder (--out)."
        )
    for name, item in objects.items():
        item.load_state_dict(saved["state"][name])
    print(f"resuming {path} at step {saved['done']}", file=sys.stderr)
    return saved["done"], saved["log"], saved["recent"]
