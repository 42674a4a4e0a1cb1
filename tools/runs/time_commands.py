"""Wall times of the two commands, with the virtual environment in place, into benchmarks/results.json.

python tools/runs/time_commands.py [book] [test]
python tools/runs/time_commands.py slowdown      two chapters in profile ci, beside a busy process over alone
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import torch

from ppgn_lib.book import results
from ppgn_lib.networks import precision

ROOT = Path(__file__).resolve().parents[2]
# Something else that computes: as many threads as there are cores, busy without a pause.
BUSY = "import torch; a = torch.randn(1000, 1000)\nwhile True: a @ a"
ROUNDS = 3


def main() -> int:
    """Run and time each; nothing is recorded for a command that fails."""
    for what in sys.argv[1:] or ["book", "test"]:
        if what == "slowdown":
            slowdown()
            continue
        seconds = timed(["make", what])
        # Most of it is convolutions, so it matters a lot what the CPU has.
        key = f"{what}.seconds" if precision.pays() else f"{what}.seconds_avx2"
        record(key, {"value": round(seconds), "unit": "s"}, f"make {what}")
    for command in (["tools/runs/benchmark.py", "--report"], ["tools/book/readme.py"]):
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    return 0


def timed(command: list[str]) -> float:
    """Seconds of a command that must not fail."""
    start = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True)
    return time.monotonic() - start


def slowdown() -> None:
    """The same notebooks alone and beside a process with a busy thread for each core, in turns."""
    alone, beside = [], []
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "tools/book/regenerate.py", "00", "02", "--profile", "ci", "--out", out]
        for _ in range(ROUNDS):
            alone.append(timed(command))
            with ExitStack() as stack:
                busy = subprocess.Popen([sys.executable, "-c", BUSY])
                stack.callback(busy.kill)
                time.sleep(5)  # until it has loaded torch
                beside.append(timed(command))
    ratios = sorted(b / a for a, b in zip(alone, beside, strict=True))
    figures = {"value": statistics.median(ratios), "low": ratios[0], "high": ratios[-1], "n": float(ROUNDS)}
    what = f"chapters 0 and 2 (ci) beside a process with {os.cpu_count()} busy threads, over alone; median and range"
    by = "tools/runs/time_commands.py slowdown"
    record("book.slowdown_beside_a_busy_process", {**figures, "unit": "ratio", "what": what}, by)


def record(key: str, figures: dict[str, float | str], by: str) -> None:
    """With what the figures depend on."""
    machine = {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "capability": torch.backends.cpu.get_cpu_capability(),
    }
    results.merge(ROOT / "benchmarks/results.json", {key: {**figures, "notebook": by, **machine}}, by)


if __name__ == "__main__":
    sys.exit(main())
