"""A step of Noiseless Joint PPGN-h: over the bare passes, over the released loop, in bf16, and its memory."""

import itertools
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from measure import interleaved, median
from released_loop import released_loop
from torch.nn import functional as F
from work import flops, square_product

from ppgn_lib import Eps, chain, conditions, evaluate, released_chain, update, variants
from ppgn_lib.networks import precision
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

CHAINS, Y, EPS = 64, 3, Eps(0.2, 0.2)
ENDLESS = 10**9  # steps of chains that are asked for one state at a time


@pytest.fixture
def networks():
    return load("generator"), load("encoder")


def experts_of(G, E, condition=conditions.classes):
    return variants.joint(G, E, condition(E, Y, "item"))


def bare_passes(G, E, h):
    """What a step cannot do without: G and E forward, the way back to h."""
    leaf = h.detach().requires_grad_()
    log_p = F.log_softmax(E(G(leaf)).logits["item"], 1)[:, Y]
    return torch.autograd.grad(log_p.sum(), leaf)


def test_overhead(benchmark, record, quick, networks):
    G, E = networks
    h = rectified_normal(range(CHAINS), networks[0].code)
    experts, noise = experts_of(G, E), torch.zeros_like(h)
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
    """Chain-steps a second. Both sides are asked for one state at a time, so neither pays for a start.

    The zoo's networks are channels_last. bf16 is measured where the CPU has it; elsewhere it is emulated, which takes
    many times as long and says nothing.
    """
    h, theirs_in_a_round = rectified_normal(range(CHAINS), networks[0].code), 2 if quick else 8
    theirs = released_loop(
        h[:1], *networks, lambda x: networks[1](x).logits["item"], Y, EPS, steps=ENDLESS, lr=0.1, lr_end=0.1
    )
    as_released = experts_of(*networks, conditions.released_classes)
    states = {
        "fp32": chain(h, *experts_of(*networks), EPS, steps=ENDLESS),
        "fp32 released": released_chain(h, *as_released, EPS, steps=ENDLESS, size=0.1),
    }
    if precision.pays():
        states["bf16"] = chain(h, *experts_of(*map(precision.in_bfloat16, networks)), EPS, steps=ENDLESS)
    arms = {"theirs": lambda: [next(theirs) for _ in range(theirs_in_a_round)]}
    arms |= {name: partial(next, running) for name, running in states.items()}
    seconds = interleaved(benchmark, arms, rounds=2 if quick else 40)
    seconds["theirs"] /= theirs_in_a_round
    per_chain = {name: values if name == "theirs" else values / CHAINS for name, values in seconds.items()}

    what = f"chain-steps a second at {CHAINS} chains over the authors' loop (one chain, G twice, E and C apart; fp32)"
    names = {"fp32": "over_released", "fp32 released": "same_step", "bf16": "over_released_bf16"}
    for name in states:
        ratios = median(per_chain["theirs"] / per_chain[name])
        record(f"step.speedup_{names[name]}", f"a step in {name}, {what}", ratios)
    for name, values in per_chain.items():
        key = "step.milliseconds_" + name.replace(" ", "_")
        record(key, f"a step of one chain, {name}", median(1000 * values), unit="ms")


def test_peak(benchmark, record, quick, networks):
    """A step's share of the best matrix product's speed, in each precision, and each layer's, in fp32."""
    h = rectified_normal(range(CHAINS), networks[0].code)
    kinds = {"fp32": (torch.float32, networks)}
    if precision.pays():
        kinds["bf16"] = (torch.bfloat16, tuple(map(precision.in_bfloat16, networks)))
    steps = {f"step {kind}": partial(evaluate, h, *experts_of(*nets)) for kind, (_, nets) in kinds.items()}
    work = 2 * flops(lambda: networks[1](networks[0](h)))  # frozen weights: the way back costs as much as the way
    products = {
        f"product {kind} {n}": square_product(n, dtype, (1536 // n) ** 3)
        for kind, (dtype, _) in kinds.items()
        for n in ((256,) if quick else (768, 1536))
    }
    layers = layers_alone(*networks, h)
    arms = steps | {name: call for name, (call, _) in products.items()}
    arms |= {f"layer {name}": call for name, (call, _) in layers.items()}
    seconds = interleaved(benchmark, arms, rounds=2 if quick else 20)
    peaks = {
        kind: max(operations / seconds[name].min() for name, (_, operations) in products.items() if f" {kind} " in name)
        for kind in kinds
    }
    for kind in kinds:
        suffix = "" if kind == "fp32" else "_bf16"
        share = median(work / seconds[f"step {kind}"] / peaks[kind])
        what = f"a step at {CHAINS} chains in {kind}, share of the best square product's speed, padding counted"
        record(f"step.peak_share{suffix}", what, share)
        record(f"step.peak{suffix}", f"best square product in {kind}", {"value": peaks[kind] / 1e9}, unit="GFLOP/s")
    for name, (_, operations) in layers.items():
        took = seconds[f"layer {name}"]
        figures = median(operations / took / peaks["fp32"])
        time = float(np.median(took / seconds["step fp32"]))
        record(f"step.layer.{name}", name, {**figures, "time": time, "gflop": operations / 1e9})


def layers_alone(G, E, h):
    """Each layer with weights by itself: name -> (a call of it forward and back to its input, operations)."""
    inputs = {}
    named = {f"{net}.{name}": m for net, whole in (("G", G), ("E", E)) for name, m in whole.named_modules()}
    named = {name: m for name, m in named.items() if hasattr(m, "weight")}
    hooks = [
        m.register_forward_hook(lambda m, x, y, name=name: inputs.update({name: x[0].detach()}))
        for name, m in named.items()
    ]
    E(G(h))
    for hook in hooks:
        hook.remove()

    def alone(layer, x):
        leaf = x.clone().requires_grad_()
        return lambda: torch.autograd.grad(layer(leaf).sum(), leaf)

    return {name: (alone(named[name], x), 2 * flops(lambda n=name, x=x: named[n](x))) for name, x in inputs.items()}


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
