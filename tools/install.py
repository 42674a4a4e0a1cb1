"""The project with some of its extras in a virtual environment. Needs nothing but Python itself.

    python3 tools/install.py .venv book,imagenet

PyTorch for the CPU is a sixth of PyTorch with CUDA. Where there is no NVIDIA GPU and PyTorch's own index of CPU builds
can be reached, it is taken from there, else from wherever pip looks.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CPU_INDEX = "https://download.pytorch.org/whl/cpu/"
DRIVER = Path("/proc/driver/nvidia")
PATIENCE = 1.0  # seconds that the index has to answer
SMALL, LARGE = 2.0, 6.8  # GB on disk, of an environment with PyTorch for the CPU and for CUDA
TESTED = ((3, 11), (3, 13))  # from, to


def main(arguments: list[str]) -> int:
    """Make the environment if it is not there, say what is going to be downloaded, let pip do it."""
    if len(arguments) != 2:
        print("how to use it: python3 tools/install.py FOLDER EXTRAS", file=sys.stderr)
        return 2
    if not TESTED[0] <= sys.version_info[:2] <= TESTED[1]:
        found = f"{sys.executable} is {sys.version.split()[0]}"
        print(f"Python 3.11, 3.12 or 3.13 is needed; {found}. Try make PYTHON=python3.12", file=sys.stderr)
        return 1
    folder, extras = Path(arguments[0]).absolute(), arguments[1]
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    index, words = source()
    there = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
    if not python.exists() or subprocess.run([python, "-c", there], check=False).returncode:
        print(words, flush=True)
        needed = SMALL if index or sys.platform != "linux" else LARGE
        free = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free / 1e9
        if free < needed:
            print(f"{needed:g} GB of free disk are needed for {folder}; there are {free:.1f} GB", file=sys.stderr)
            return 1
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *index]
    return subprocess.run([*pip, "-c", "constraints.txt", "-e", f".[{extras}]"], cwd=ROOT, check=False).returncode


def source() -> tuple[list[str], str]:
    """Arguments for pip that add the index of CPU builds, if that is the one to take; and the line that says so."""
    small = f"Installing with PyTorch for the CPU: about 0.6 GB to download, {SMALL:g} GB on disk; once, some minutes."
    if sys.platform != "linux":
        return [], small  # what PyPI has for them is without CUDA
    if not has_gpu() and answers(CPU_INDEX):
        # A second index, not the only one: 2.14.1+cpu is newer to pip than 2.14.1 and fits the same constraint.
        return ["--extra-index-url", CPU_INDEX], small
    return [], f"Installing with PyTorch for CUDA: about 3.5 GB to download, {LARGE:g} GB on disk; once, some minutes."


def has_gpu() -> bool:
    """Whether there is an NVIDIA GPU, by its driver or its tool."""
    return DRIVER.exists() or shutil.which("nvidia-smi") is not None


def answers(url: str) -> bool:
    """Whether the index is there within PATIENCE, the look-up of its name included."""
    found: list[bool] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                found.append(answer.status == 200)
        except (OSError, urllib.error.URLError):  # no such name, refused, too late, or an answer that says no
            pass

    thread = threading.Thread(target=ask, daemon=True)  # no time limit holds while a name is looked up
    thread.start()
    thread.join(PATIENCE)
    return found == [True]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
