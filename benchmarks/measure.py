"""Ratios in one run: all arms of a comparison are timed round by round, so that a drift of the machine cancels."""

import platform
import time

import numpy as np
import torch


def interleaved(benchmark, arms, rounds):
    """Seconds of each arm in each round, {name: (rounds,)}. A round calls every arm once, in a shuffled order."""
    seconds = {name: [] for name in arms}
    order = np.random.default_rng(0)

    def one_round():
        for name in order.permutation(list(arms)):
            start = time.perf_counter()
            arms[name]()
            seconds[name].append(time.perf_counter() - start)

    one_round()  # the first calls allocate and choose kernels
    for values in seconds.values():
        values.clear()
    benchmark.pedantic(one_round, rounds=rounds)
    return {name: np.array(values) for name, values in seconds.items()}


def median(values):
    """Median over the rounds with its 95 % bootstrap interval. For ratios, divide round by round first."""
    values = np.asarray(values, dtype=float)
    draws = np.random.default_rng(0).choice(values, (2000, len(values)))
    low, high = np.quantile(np.median(draws, axis=1), [0.025, 0.975])
    return {"value": float(np.median(values)), "low": float(low), "high": float(high), "n": len(values)}


def machine():
    """What the figures depend on besides the code."""
    from cpuinfo import get_cpu_info

    info = get_cpu_info()
    matters = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
    return {
        "cpu": info.get("brand_raw", platform.processor()),
        "instructions": [flag for flag in matters if flag in info.get("flags", ())],
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "system": f"{platform.system()} {platform.machine()}",
    }
