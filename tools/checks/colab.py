"""Does a notebook run on a machine that has what Colab has, and nothing of the book? Needs the net; some minutes.

    python tools/checks/colab.py                    chapter 8, with the profile ci
    python tools/checks/colab.py 15 --profile cpu   another one
    python tools/checks/colab.py 08 15 --keep env   several, in an environment that is kept for the next time
    python tools/checks/colab.py 08 --profile gpu --small   the profile of Colab's GPUs, widgets too, with ci's numbers

Into a new virtual environment go ``COLAB_HAS`` and what these need, and nothing else. Then the notebook's cells run in
an empty folder, one after the other, with a module named ``google.colab``: the first one fetches the book from this
checkout's last commit, in place of its address, and installs it. Printed are the seconds to the end of that cell and to
the first picture. It fails if a cell does, if the first picture comes later than a minute after that, or if torch is
another one afterwards. An environment that is kept has the
book's packages from the first notebook on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/book"))

import address  # noqa: E402
import chapter  # noqa: E402
from regenerate import select  # noqa: E402

from ppgn_lib.data.files import read_yaml  # noqa: E402

# What the notebooks need and Colab has, whatever its version; ipykernel stands for its kernel.
COLAB_HAS = ["torch", "torchvision", "numpy", "ipykernel", "matplotlib", "ipywidgets"]
PLACE = "/content"  # where the first cell puts the book

# Runs in the new environment: the cells of a script between lines of `# %%`, and when what was done.
RUN = """
import subprocess, sys, time, types
from pathlib import Path
import matplotlib, torch
matplotlib.use("agg")
google = types.ModuleType("google")
google.colab = types.ModuleType("google.colab")
sys.modules |= {"google": google, "google.colab": google.colab}
from IPython.core.interactiveshell import InteractiveShell
before, begin, first = torch.__version__, time.monotonic(), None
shell = InteractiveShell.instance()
cells = Path(sys.argv[1]).read_text("utf-8").split("# %% next cell\\n")
for number, cell in enumerate(cells, 1):
    shell.run_cell(cell, store_history=False).raise_error()
    if number == 1:
        installed = time.monotonic() - begin
        print(f"installed after {installed:.0f} s", flush=True)
        import matplotlib.pyplot as plt
    elif first is None and plt.get_fignums():
        first = time.monotonic() - begin
        print(f"first picture after {first:.0f} s, at cell {number} of {len(cells)}", flush=True)
        if first - installed > 60:
            sys.exit("the first picture must come within a minute of the installation")
    plt.close("all")
after = subprocess.run([sys.executable, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True)
if after.stdout.strip() != before:
    sys.exit(f"torch was {before} and is {after.stdout.strip()} now")
print(f"all {len(cells)} cells after {time.monotonic() - begin:.0f} s")
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks; returns 1 if one of them fails."""
    parser = argparse.ArgumentParser(description="Notebooks on a machine like Colab's.")
    parser.add_argument("names", nargs="*", default=["08"], help="numbers or names (default: 08)")
    parser.add_argument("--profile", default="ci", choices=["ci", "cpu", "gpu"])
    parser.add_argument("--small", action="store_true", help="with the numbers of ci, whatever the profile")
    parser.add_argument("--keep", type=Path, help="environment that is kept, and taken if it is there")
    given = parser.parse_args(arguments)
    try:
        sources = select(given.names)
    except ValueError as error:
        parser.error(str(error))
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        python = environment(given.keep or Path(folder) / "env")
        for source in sources:
            print(source.stem, flush=True)
            if run(python, source, Path(folder) / source.stem, given.profile, small=given.small):
                failed.append(source.stem)
    print(f"{len(failed)} of {len(sources)} failed {' '.join(failed)}")
    return int(bool(failed))


def environment(folder: Path) -> Path:
    """Its Python, with what Colab has; made if it is not there."""
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), *COLAB_HAS], check=True)
    return python


def cells(source: Path, place: Path, *, small: bool = False) -> list[str]:
    """The code of a notebook's cells, with another address and another place of the book.

    ``small``: its numbers are those of the profile ci; what is switched on or off stays as the profile has it.
    """
    notebook = chapter.to_notebook(source)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    there, _ = address.addresses(ROOT)
    if there not in code[0] or PLACE not in code[0]:
        raise SystemExit(f"the first cell of {source.name} must fetch {there} into {PLACE}; it does not")
    fetch, parameters, *rest = code
    numbers = read_yaml(ROOT / "notebooks/profiles/ci.yaml")[source.stem] if small else {}
    given = [f"{key} = {of!r}" for key, of in numbers.items() if key != "time" and not isinstance(of, bool)]
    return [
        fetch.replace(there, ROOT.as_uri()).replace(PLACE, str(place)),
        "\n".join([parameters, *given]),
        *rest,
    ]


def run(python: Path, source: Path, place: Path, profile: str, *, small: bool) -> int:
    """The exit status of the cells in a process of the environment, in an empty folder."""
    place.mkdir()
    script, text = place / "run.py", place / "cells.txt"
    script.write_text(RUN, "utf-8")
    text.write_text("# %% next cell\n".join(cells(source, place, small=small)), "utf-8")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PPGN_", "PYTHON"))}
    command = [str(python), str(script), str(text)]
    return subprocess.run(command, cwd=place, env={**clean, "PPGN_PROFILE": profile}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
