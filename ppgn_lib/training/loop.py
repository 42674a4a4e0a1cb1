"""The loop that all trainings share: progress, log, checkpoint, resume.

A run is a pure function of its settings and the number of processes. What step t draws at random depends on
(seed, t, process) alone, so a run that was killed and resumed does the very same steps as one that was not.
"""

from __future__ import annotations

import io
import math
import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from ppgn_lib.data.batches import Batch, Images
from ppgn_lib.data.files import check_writable, replacing
from ppgn_lib.networks.zoo import digest
from ppgn_lib.training.settings import Settings
from ppgn_lib.training.source import SHIPPED, Source

Log = list[dict[str, float]]
S = TypeVar("S", bound=Settings)


@dataclass(frozen=True)
class Run(Generic[S]):
    """One training: what is trained, how, on what, and where its files go."""

    name: str  # of the recipe and of the checkpoint
    settings: S
    folder: Path
    fabric: Fabric
    source: Source = SHIPPED
    inputs: Mapping[str, nn.Module] = field(default_factory=dict)  # trained networks that it needs, by name
    command: str = ""  # that makes it again, for the card

    @property
    def identity(self) -> dict[str, str]:
        """What the settings are applied to. A checkpoint belongs to it."""
        return {**{name: digest(net) for name, net in self.inputs.items()}, **self.source.identity}


class Trained(NamedTuple):
    """What a training leaves."""

    net: nn.Module
    log: Log


class Stateful(Protocol):
    """A network, an optimiser or a schedule."""

    def state_dict(self) -> Any:
        """What a checkpoint has to hold."""

    def load_state_dict(self, state_dict: Any, /) -> Any:
        """Take up what ``state_dict`` gave."""


def batch_indices(n: int, batch: int, step: int, seed: int) -> tuple[np.ndarray, int]:
    """Indices of the images of one step, and its epoch: each epoch is a new permutation, incomplete batches dropped."""
    if batch > n:
        raise ValueError(f"a batch of {batch} needs as many images; there are {n}: take a smaller one, --batch {n}")
    epoch, within = divmod(step, n // batch)
    order = np.random.default_rng([seed, epoch]).permutation(n)
    return order[within * batch : (within + 1) * batch], epoch


def batch_of(data: Images, settings: Settings, t: int, fabric: Fabric) -> Batch:
    """What this process sees of the images of step t; their tints are new in each epoch."""
    indices, epoch = batch_indices(len(data), settings.batch, t, settings.seed)
    return data.batch(indices[fabric.global_rank :: fabric.world_size], seed=1 + epoch)


def one_cycle(adam: torch.optim.Optimizer, lr: float, steps: int) -> OneCycleLR:
    """Up to ``lr`` in a tenth of the steps, then down; fewer than 20 see the beginning of a cycle of 20."""
    return OneCycleLR(adam, lr, total_steps=max(steps, 20), pct_start=0.1)  # torch divides by 0.1 * steps - 1


def shared(fabric: Fabric, loss: Tensor) -> float:
    """A loss as a number, its mean over all processes: they must agree on what follows from it."""
    return float(cast(Tensor, fabric.all_reduce(loss.detach())))


def draws_of(seed: int, t: int, process: int) -> int:
    """The seed of what a process draws in step t: no two processes draw the same noise."""
    return int(np.random.SeedSequence([seed, t, process]).generate_state(1)[0])


def fit(
    run: Run[Any],
    step: Callable[[int], Mapping[str, float]],
    objects: Mapping[str, Stateful],
    *,
    extendable: bool = True,
) -> Log:
    """Call ``step(t)`` for t = 0 ... ``steps`` - 1; returns the log.

    Its lines are means of what ``step`` returned, one every ``log_every`` steps; a checkpoint is written every
    ``save_every``, by the first process.

    Parameters
    ----------
    run
        Its settings and identity are stored in the checkpoint. Resuming with others is an error, but for ``steps`` if
        ``extendable``.
    step
        Has to return the same losses on all processes.
    objects
        Everything with a state; saved to and restored from the checkpoint.

    Raises
    ------
    ValueError
        The checkpoint belongs to other settings, or is damaged; the processes cannot share a batch evenly.
    OSError
        A checkpoint cannot be written; the last one is as it was.
    FloatingPointError
        A loss is no longer finite; the last checkpoint is as it was.

    """
    settings, fabric = run.settings, run.fabric
    write, steps, checkpoint = fabric.is_global_zero, settings.steps, run.folder / f"{run.name}.ckpt"
    if settings.batch % fabric.world_size:
        raise ValueError(f"batch must be a multiple of the {fabric.world_size} processes; got {settings.batch}")
    if write:
        check_writable(run.folder)
    about = {**dict(settings), **run.identity}
    first, log, recent = _resume(checkpoint, objects, about, {"steps"} if extendable else set())
    with tqdm(total=steps, initial=first, desc=run.name, unit="step", dynamic_ncols=True, disable=not write) as bar:
        for t in range(first, steps):
            with torch.random.fork_rng():
                torch.manual_seed(draws_of(settings.seed, t, fabric.global_rank))
                losses = step(t)
            if not all(math.isfinite(value) for value in losses.values()):
                raise FloatingPointError(f"step {t}: a loss is not finite: {dict(losses)}; try a smaller lr")
            recent.append(dict(losses))
            if (t + 1) % settings.log_every == 0 or t + 1 == steps:
                means = {name: math.fsum(row[name] for row in recent) / len(recent) for name in losses}
                log.append({"step": t + 1, **means})
                bar.set_postfix(
                    {name: f"{value:.3g}" for name, value in log[-1].items() if name != "step"}, refresh=False
                )
                recent.clear()
            bar.update()
            if write and ((t + 1) % settings.save_every == 0 or t + 1 == steps):
                _save(checkpoint, objects, {"config": about, "done": t + 1, "log": log, "recent": recent})
    return log


def _save(path: Path, objects: Mapping[str, Stateful], run: Mapping[str, Any]) -> None:
    state = {name: item.state_dict() for name, item in objects.items()}
    content = io.BytesIO()  # torch's own writing to a path reports a full disk as a RuntimeError without the reason
    torch.save({"state": state, **run}, content)
    with replacing(path) as temporary:
        temporary.write_bytes(content.getbuffer())


def _resume(
    path: Path, objects: Mapping[str, Stateful], about: Mapping[str, Any], may_change: set[str]
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
    changed = {key for key in {*about, *saved["config"]} if about.get(key) != saved["config"].get(key)} - may_change
    if changed:
        raise ValueError(
            f"{path} was made with other settings ({', '.join(sorted(changed))}). "
            f"Resume with the old ones, or start anew in another folder (--out)."
        )
    for name, item in objects.items():
        item.load_state_dict(saved["state"][name])
    print(f"resuming {path} at step {saved['done']}", file=sys.stderr)
    return saved["done"], saved["log"], saved["recent"]
