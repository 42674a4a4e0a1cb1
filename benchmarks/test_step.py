"""A step of Noiseless Joint PPGN-h: over the bare passes, over the released loop, in bf16, and its memory."""

import itertools
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import torch
from measure import interleaved, median
from released_loop import released_loop
from torch.nn import functional as F

from ppgn_lib.codes import rectified_normal
from ppgn_lib.sampling import Eps, chain, evaluate, released_chain, update
from ppgn_lib.variants import noiseless_joint
from ppgn_lib.zoo import load

CHAINS, Y, EPS = 64, 3, Eps(0.2, 0.2)
ENDLESS = 10**9  # steps of chains that are asked for one state at a time


@pytest.fixture
def networks():
    return load("generator"), load("encoder")


def channels_last(*nets):
    return [net.to(memory_format=torch.channels_last) for net in nets]


def bare_passes(G, E, h):
    """What a step cannot do without: G and E forward, the way back to h."""
    leaf = h.detach().requires_grad_()
    log_p = F.log_softmax(E(G(leaf)).item, 1)[:, Y]
    return torch.autograd.grad(log_p.sum(), leaf)


def test_overhead(benchmark, record, quick, networks):
    G, E = networks
    h = rectified_normal(range(CHAINS))
    experts, noise = noiseless_joint(G, E, Y), torch.zeros_like(h)
    running = chain(h, *experts, Eps(0.2, 0.2, 0.01), steps=ENDLESS, seeds=range(CHAINS))
    next(running)
    arms = {
        "bare": lambda: bare_passes(G, E, h),
        "bare again": lambda: bare_passes(G, E, h),
        "step": lambda: update(evaluate(h, *experts), EPS, noise),
        "chain": partial(next, running),
    }
    seconds = interleaved(benchmark, arms, rounds=3 if quick else 60)
    bare = seconds["bare"]
    what = f"at {CHAINS} chains, over G and E forward and the way back to h"
    record("step.overhead", f"update(evaluate(h)) {what}", median(seconds["step"] / bare))
    record(
        "step.overhead_in_chain", f"a step of chain() with noise and all checks {what}", median(seconds["chain"] / bare)
    )
    record(
        "step.overhead_null",
        f"the bare passes {what}: what noise this measurement has",
        median(seconds["bare again"] / bare),
    )


def test_speedup(benchmark, record, quick, networks):
    """Chain-steps a second. Both sides are asked for one state at a time, so neither pays for a start."""
    h, theirs_in_a_round = rectified_normal(range(CHAINS)), 2 if quick else 8
    theirs = released_loop(h[:1], *networks, lambda x: networks[1](x).item, Y, EPS, steps=ENDLESS, lr=0.1, lr_end=0.1)
    last = channels_last(load("generator"), load("encoder"))
    as_released = noiseless_joint(*networks, Y, released_gradient=True)
    ours = {
        "fp32": chain(h, *noiseless_joint(*networks, Y), EPS, steps=ENDLESS),
        "fp32 channels_last": chain(h, *noiseless_joint(*last, Y), EPS, steps=ENDLESS),
        "fp32 released": released_chain(h, *as_released, EPS, steps=ENDLESS, size=0.1),
    }
    arms = {"theirs": lambda: [next(theirs) for _ in range(theirs_in_a_round)]}
    arms |= {name: partial(next, states) for name, states in ours.items()}
    with torch.autocast("cpu", torch.bfloat16):  # chain() evaluates its first state at the call
        low = {
            "bf16": chain(h, *noiseless_joint(*networks, Y), EPS, steps=ENDLESS),
            "bf16 channels_last": chain(h, *noiseless_joint(*last, Y), EPS, steps=ENDLESS),
        }
    arms |= {name: partial(in_bf16, states) for name, states in low.items()}
    seconds = interleaved(benchmark, arms, rounds=2 if quick else 40)
    seconds["theirs"] /= theirs_in_a_round
    per_chain = {name: values if name == "theirs" else values / CHAINS for name, values in seconds.items()}

    def ratio(slow, fast):
        return median(per_chain[slow] / per_chain[fast])

    what = f"chain-steps a second at {CHAINS} chains over the authors' loop (one chain, G twice, E and C apart)"
    record("step.speedup_over_released", f"chain(), {what}", ratio("theirs", "fp32"))
    record(
        "step.speedup_over_released_channels_last",
        f"chain() with G and E .to(memory_format=torch.channels_last), {what}",
        ratio("theirs", "fp32 channels_last"),
    )
    record(
        "step.speedup_same_step", f"released_chain(), the same computation, {what}", ratio("theirs", "fp32 released")
    )
    record(
        "step.speedup_channels_last",
        "chain() with channels_last over without, fp32",
        ratio("fp32", "fp32 channels_last"),
    )
    record(
        "step.speedup_bf16", "chain() under torch.autocast bf16 over fp32, networks as loaded", ratio("fp32", "bf16")
    )
    record(
        "step.speedup_bf16_channels_last",
        "chain() under torch.autocast bf16 over fp32, both channels_last",
        ratio("fp32 channels_last", "bf16 channels_last"),
    )
    for name in ("theirs", "fp32", "fp32 channels_last", "bf16 channels_last"):
        key = "step.milliseconds_" + name.replace(" ", "_")
        record(key, "a step of one chain", median(1000 * per_chain[name]), unit="ms")


def in_bf16(states):
    """The next state under autocast: a generator runs under the caller's setting."""
    with torch.autocast("cpu", torch.bfloat16):
        return next(states)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_memory(record, quick, threads):
    chains, short, long = (4, 2, 4) if quick else (32, 20, 200)
    peaks = {steps: [] for steps in (short, long)}
    for _, steps in itertools.product(range(1 if quick else 2), peaks):
        command = [
            sys.executable,
            str(Path(__file__).with_name("peak_memory.py")),
            str(steps),
            str(chains),
            str(threads),
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks[steps].append(float(done.stdout))
    ratios = [b / a for b, a in itertools.product(peaks[long], peaks[short])]
    figures = {"value": sum(ratios) / len(ratios), "low": min(ratios), "high": max(ratios), "n": len(ratios)}
    record(
        "step.memory_ratio", f"peak memory of a process of {long} steps over one of {short}, {chains} chains", figures
    )
