"""Peak memory in MiB of a process that runs a chain: python benchmarks/peak_memory.py STEPS CHAINS THREADS."""

import sys
from pathlib import Path

import torch

from ppgn_lib.codes import rectified_normal
from ppgn_lib.sampling import Eps, chain
from ppgn_lib.variants import noiseless_joint
from ppgn_lib.zoo import load


def main():
    steps, chains, threads = (int(a) for a in sys.argv[1:])
    torch.set_num_threads(threads)
    h0 = rectified_normal(range(chains))
    for _ in chain(h0, *noiseless_joint(load("generator"), load("encoder"), y=3), Eps(0.2, 0.2), steps=steps):
        pass
    # Not getrusage: Linux hands ru_maxrss down from the process that started this one, so that a large parent
    # would hide every leak. VmHWM is this program's own.
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(line.split()[1]) / 1024)


if __name__ == "__main__":
    main()
