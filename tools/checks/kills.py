"""Does a training that is killed end as if it had not been? SIGKILL at random moments, then a comparison bit by bit.

    python tools/checks/kills.py                               20 kills of small trainings (minutes)
    python tools/checks/kills.py --kills 2 --networks generator --seed 3

Small trainings by the real command on the real data: once without interruption, then killed and started again until
they are through, and in a new folder while kills are left. A third of the kills comes when a file is being written, a
third after the first step, a third at any moment of a run. Those that left a file half written are counted.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import safe_open

from ppgn_lib.training.recipes import RECIPES, as_options

STEPS = 40
SETTINGS = {"steps": STEPS, "batch": 8, "save_every": 3, "log_every": 7}
PATIENCE = 600  # seconds until a run counts as stuck


class Whole(NamedTuple):
    """The run that nobody killed."""

    folder: Path
    seconds: float
    first_step: float  # seconds from the start of the process


def main(arguments: list[str] | None = None) -> int:
    """Kill, restart, compare; 1 if something differs."""
    parser = argparse.ArgumentParser(description="Kill small trainings at random and compare how they end.")
    parser.add_argument("--kills", type=int, default=20, help="how many in all (20)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (0)")
    parser.add_argument("--networks", nargs="+", choices=list(RECIPES), default=list(RECIPES))
    given = parser.parse_args(arguments)
    moments = random.Random(given.seed)
    wrong: list[str] = []
    half_written = 0
    with tempfile.TemporaryDirectory() as scratch:
        for i, network in enumerate(given.networks):
            share = given.kills * (i + 1) // len(given.networks) - given.kills * i // len(given.networks)
            found, half = rehearse(network, share, moments, Path(scratch) / network)
            wrong, half_written = wrong + found, half_written + half
    print(f"{given.kills} kills, {half_written} in the middle of a file; ", end="")
    print(f"DIFFERENT: {wrong}" if wrong else "all trainings ended bit-identical")
    return 1 if wrong else 0


def rehearse(network: str, kills: int, moments: random.Random, scratch: Path) -> tuple[list[str], int]:
    """Kill trainings of ``network`` that many times and print each.

    Returns what differs from the uninterrupted run, and how many kills left a file half written.
    """
    whole = _run_whole(network, scratch / "whole")
    print(f"{network}: uninterrupted {whole.seconds:.1f} s, its first step after {whole.first_step:.1f} s", flush=True)
    wrong: list[str] = []
    done = rounds = half_written = 0
    while done < kills:
        rounds += 1
        folder = scratch / f"killed{rounds}"
        while True:  # one process after the other until one gets through
            process, log = _start(network, folder)
            known = _temporaries(folder)  # of those killed before; the new process still has to load its modules
            moment = _moment(done % 3, moments, whole, folder, known, log) if done < kills else None
            hit = _kill(process, moment)
            if not hit:
                break
            done += 1
            left = _temporaries(folder) - known
            half_written += bool(left)
            print(f"  kill {done:2} of {kills}: {_where(folder, log, network)}{_named(left)}", flush=True)
        if process.returncode:
            raise SystemExit(f"{network} ended with status {process.returncode}: {log.read_text('utf-8')[-2000:]}")
        found = differences(whole.folder, folder)
        print(f"  round {rounds} went through: {'; '.join(found) or 'as the uninterrupted run'}", flush=True)
        wrong += [f"{network}, round {rounds}: {what}" for what in found]
    return wrong, half_written


def differences(whole: Path, killed: Path) -> list[str]:
    """What is not the same in two folders: names of files, tensors and metadata, bytes of cards and pictures."""
    names = [{path.name for path in folder.iterdir() if path.suffix != ".log"} for folder in (whole, killed)]
    found = [f"{name} is in one folder only" for name in sorted(names[0] ^ names[1])]
    for name in sorted(names[0] & names[1]):
        if name.endswith(".safetensors"):
            (tensors, metadata), (others, other_metadata) = (_weights(folder / name) for folder in (whole, killed))
            same = metadata == other_metadata and tensors.keys() == others.keys()
            if not same or not all(_identical(tensors[key], others[key]) for key in tensors):
                found.append(f"{name} differs")
        elif not name.endswith(".ckpt") and (whole / name).read_bytes() != (killed / name).read_bytes():
            found.append(f"{name} differs")  # a checkpoint is a zip archive, which has times in it
    return found


def _weights(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    with safe_open(path, framework="pt") as file:
        return {key: file.get_tensor(key) for key in file.keys()}, file.metadata()  # noqa: SIM118 (not a dict)


def _identical(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Bit by bit: ``torch.equal`` takes 0 and -0 for the same."""
    return a.dtype == b.dtype and a.shape == b.shape and a.numpy().tobytes() == b.numpy().tobytes()


def _start(network: str, folder: Path) -> tuple[subprocess.Popen[bytes], Path]:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ppgn_lib.training", network, "--out", str(folder)]
    command += ["--accelerator", "cpu", "--threads", "1", "--precision", "32-true"]
    command += as_options({**SETTINGS, **RECIPES[network].small})
    log = folder / "stderr.log"
    with log.open("wb") as stream:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stream), log


def _run_whole(network: str, folder: Path) -> Whole:
    start = time.monotonic()
    process, log = _start(network, folder)
    first = None
    while process.poll() is None:
        if time.monotonic() - start > PATIENCE:
            process.kill()
            raise SystemExit(f"{network} did not end within {PATIENCE} s")
        first = first or (time.monotonic() - start if _step(log) is not None else None)
        time.sleep(0.01)
    if process.returncode or first is None:
        raise SystemExit(f"{network} ended with status {process.returncode}: {log.read_text('utf-8')[-2000:]}")
    return Whole(folder, time.monotonic() - start, first)


def _moment(
    kind: int, moments: random.Random, whole: Whole, folder: Path, known: set[str], log: Path
) -> Callable[[], bool]:
    """A function that says, asked over and over, whether it is time to kill."""
    start = time.monotonic()
    if kind == 2:  # any moment, mostly while the modules are loaded
        at = start + moments.uniform(0, whole.seconds)
        return lambda: time.monotonic() >= at
    if kind == 1:  # while it does its steps or writes the results
        seen_at: list[float] = []
        wait = moments.uniform(0, whole.seconds - whole.first_step)

        def after_the_first_step() -> bool:
            if not seen_at and _step(log) is not None:
                seen_at.append(time.monotonic())
            return bool(seen_at) and time.monotonic() >= seen_at[0] + wait

        return after_the_first_step
    seen: set[str] = set()  # kind 0: while a file is written
    which, wait_in_file = moments.randint(1, 6), moments.choice((0.0, 0.0, moments.uniform(0, 0.02)))

    def in_a_file() -> bool:
        now = _temporaries(folder) - known
        seen.update(now)
        if len(seen) < which or not now:
            return False
        time.sleep(wait_in_file)
        return True

    return in_a_file


def _kill(process: subprocess.Popen[bytes], moment: Callable[[], bool] | None) -> bool:
    """Wait for the moment and kill. False if the process was through before."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None:
        if time.monotonic() > deadline:
            process.kill()
            raise SystemExit(f"a run did not end within {PATIENCE} s")
        if moment and moment():
            process.kill()
            return process.wait() < 0  # 0: it has just ended by itself
        time.sleep(0.0005 if moment else 0.05)
    return False


def _where(folder: Path, log: Path, network: str) -> str:
    step, checkpoint = _step(log), folder / f"{network}.ckpt"
    saved = torch.load(checkpoint, weights_only=True)["done"] if checkpoint.exists() else "none"
    where = "before its first step" if step is None else f"about step {step} of {STEPS}"
    results = "" if not (folder / f"{network}.safetensors").exists() else ", results written"
    return f"{where}, checkpoint {saved}{results}"


def _named(temporaries: set[str]) -> str:
    return "".join(f", writing {name.removeprefix('.').rsplit('.', 2)[0]}" for name in temporaries)


def _step(log: Path) -> int | None:
    """Steps done by the progress bar; None before it is there."""
    shown = re.findall(rf"(\d+)/{STEPS} \[", log.read_text("utf-8", errors="replace"))
    return int(shown[-1]) if shown else None


def _temporaries(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith(".") and path.name.endswith(".tmp")}


if __name__ == "__main__":
    sys.exit(main())
