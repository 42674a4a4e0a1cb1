"""Peak memory in MiB of a process that runs a chain: python benchmarks/peak_memory.py STEPS CHAINS THREADS."""

import sys
from pathlib import Path

import torch

from ppgn_lib import Eps, chain, conditions, variants
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal


def main():
    steps, chains, threads = (int(a) for a in sys.argv[1:])
    torch.set_num_threads(threads)
    G, E = load("generator"), load("encoder")
    experts = variants.joint(G, E, conditions.classes(E, 3, "item"))
    for _ in chain(rectified_normal(range(chains), G.code), *experts, Eps(0.2, 0.2), steps=steps):
        pass
    # Not getrusage: Linux hands ru_maxrss down from the process that started this one, so that a large parent
    # would hide every leak. VmHWM is this program's own.
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(line.split()[1]) / 1024)


if __name__ == "__main__":
    main()
