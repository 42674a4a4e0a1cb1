"""Run the benchmarks into benchmarks/results.json and write benchmarks/README.md from it.

    python tools/runs/benchmark.py             run (five minutes; the machine must have nothing else to do)
    python tools/runs/benchmark.py --quick     see that it runs; records nothing
    python tools/runs/benchmark.py --report    write the page only
    python tools/runs/benchmark.py --check     fail if the page differs

Targets are compared here and nowhere else: a slow machine fails no test.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ppgn_lib.book import results
from ppgn_lib.book.generated import differs

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "benchmarks/README.md"
HEAD = """# Benchmarks

Written by `tools/runs/benchmark.py` from `results.json`; `make benchmark` measures anew. Ratios are between things
timed in turns in one run, so that a drift of the machine cancels: medians over the rounds, 95 % bootstrap intervals in
brackets (`step.memory_ratio`: mean and range).
"""


class Target(NamedTuple):
    """What a figure should be."""

    key: str
    at_most: bool
    bound: float


TARGETS = (
    Target("step.overhead", True, 1.10),
    Target("step.peak_share", False, 0.6),
    Target("step.peak_share_bf16", False, 0.6),
    Target("step.speedup_over_released", False, 7.0),
    Target("step.speedup_over_released_bf16", False, 12.0),
    Target("step.memory_ratio", True, 1.02),  # flat: keeping each of the 180 further states would be 1.03
    Target("train.peak_share", False, 0.4),
    Target("mcmc.ess_per_second_over_blackjax", False, 1.0),
    Target("book.slowdown_beside_a_busy_process", True, 2.5),
    Target("book.seconds", True, 480),
    Target("book.seconds_avx2", True, 960),
    Target("test.seconds", True, 300),
    Target("test.seconds_avx2", True, 600),
)
PROFILE, LAYER = "train.profile.", "step.layer."


def main() -> int:
    """Run, write or compare; 1 if the page differs or a benchmark fails."""
    parser = argparse.ArgumentParser(description="Benchmarks and their page.")
    parser.add_argument("--quick", action="store_true", help="a few rounds; records nothing")
    parser.add_argument("--report", action="store_true", help="write the page from what is recorded")
    parser.add_argument("--check", action="store_true", help="compare the page only")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads (2)")
    given = parser.parse_args()
    if not (given.report or given.check):
        if os.getloadavg()[0] > 0.5:
            print(
                f"the machine is busy (load {os.getloadavg()[0]:.1f}): figures will be worse than they are",
                file=sys.stderr,
            )
        command = [sys.executable, "-m", "pytest", "benchmarks", "--threads", str(given.threads)]
        failed = subprocess.run(command + ["--quick"] * given.quick, cwd=ROOT, check=False).returncode
        if failed or given.quick:
            return failed
    text = page(results.read(ROOT / "benchmarks/results.json"))
    if differs(PAGE, text, check=given.check):
        print("benchmarks/README.md differs from results.json: run `python tools/runs/benchmark.py --report`")
        return 1
    return 0


def page(stored: dict[str, dict[str, Any]]) -> str:
    """The page: figures with a target, all others, and the profile."""
    lines = [HEAD, "## Targets\n", "| figure | measured | target | |", "|---|---|---|---|"]
    lines += [_target_row(target, stored.get(target.key)) for target in TARGETS]
    wanted = {target.key for target in TARGETS}
    rest = {k: e for k, e in stored.items() if k not in wanted and not k.startswith((PROFILE, LAYER))}
    lines += ["\n## All figures\n", "| key | measured | what |", "|---|---|---|"]
    shown = {**{key: stored[key] for key in sorted(wanted & stored.keys())}, **rest}
    lines += [f"| `{k}` | {_figure(e)} | {e.get('what', e['notebook'])} |" for k, e in sorted(shown.items())]
    profile = sorted((e for k, e in stored.items() if k.startswith(PROFILE)), key=lambda e: -e["value"])
    if profile:
        lines += ["\n## Where a training step's time goes\n", "| operators | share, in bf16 |", "|---|---|"]
        lines += [f"| {e['what']} | {e['value']:.1%} |" for e in profile]
    layers = sorted((e for k, e in stored.items() if k.startswith(LAYER)), key=lambda e: -e["time"])
    if layers:
        lines += [
            "\n## Where a chain step's time goes\n",
            "Each layer by itself, forward and back to its input, in fp32: its share of a step's time, and of the best",
            "product's speed. What the shares of time lack to one are nonlinearities, pooling and the heads' losses.\n",
            "| layer | share of a step | GFLOP | of the peak |",
            "|---|---|---|---|",
        ]
        lines += [f"| {e['what']} | {e['time']:.1%} | {e['gflop']:.2f} | {e['value']:.2f} |" for e in layers]
    lines += ["\n## Measured on\n", *sorted({_machine(e["machine"]) for e in stored.values() if "machine" in e})]
    return "\n".join(lines) + "\n"


def _target_row(target: Target, entry: dict[str, Any] | None) -> str:
    bound = f"{'≤' if target.at_most else '≥'} {target.bound:g}"
    if entry is None:
        return f"| `{target.key}` | not measured yet | {bound} | |"
    met = entry["value"] <= target.bound if target.at_most else entry["value"] >= target.bound
    return f"| `{target.key}` | {_figure(entry)} | {bound} | {'met' if met else '**missed**'} |"


def _figure(entry: dict[str, Any]) -> str:
    interval = f" [{entry['low']:.4g}, {entry['high']:.4g}]" if "low" in entry else ""
    unit = "" if entry["unit"] == "ratio" else f" {entry['unit']}"
    return f"{entry['value']:.4g}{interval}{unit}"


def _machine(machine: dict[str, Any]) -> str:
    instructions = ", ".join(machine["instructions"])
    software = f"torch {machine['torch']}, {machine['system']}"
    return f"- {machine['cpu']} ({instructions}), {machine['threads']} threads, {software}"


if __name__ == "__main__":
    sys.exit(main())
