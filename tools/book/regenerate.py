"""Notebooks from their sources: .py -> papermill -> normalised .ipynb with outputs.

    python tools/book/regenerate.py                 all notebooks, profile cpu, into notebooks/
    python tools/book/regenerate.py 08              one of them
    python tools/book/regenerate.py --profile ci --out _build/ci
    python tools/book/regenerate.py --check         which are stale, and why; runs nothing

A line for each notebook, with its time, and on a terminal a bar while it runs. A notebook that fails leaves what was
there; the others still run, and a table of failures ends the run.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import nbformat
import papermill
from chapter import to_notebook
from notebook_format import normalised, records
from papermill.exceptions import PapermillExecutionError
from PIL import Image
from provenance import provenance, why_stale

from ppgn_lib.book.profiles import NAMES
from ppgn_lib.book.results import check_owner, merge
from ppgn_lib.data.files import replacing

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    # Threads that wait sleep instead of turning: hardly slower alone, and half the time beside a busy process. Read by
    # PyTorch when it is loaded.
    "OMP_WAIT_POLICY": "PASSIVE",
}


class Failure(NamedTuple):
    """What goes into the table at the end."""

    notebook: str
    where: str
    error: str
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line; returns the exit status: 0 all done or fresh, 1 failed or stale, 2 wrong use."""
    parser = argparse.ArgumentParser(description="Regenerate the book's notebooks.")
    parser.add_argument("notebooks", nargs="*", help="numbers or names, e.g. 08; all by default")
    parser.add_argument("--profile", choices=NAMES, default="cpu")
    parser.add_argument("--out", type=Path, default=NOTEBOOKS, help="folder of the results (notebooks/)")
    parser.add_argument(
        "--results", type=Path, help="where numbers are gathered (book/results.json with --out notebooks/)"
    )
    parser.add_argument("--check", action="store_true", help="say which committed notebooks are stale and why")
    given = parser.parse_args(arguments)
    try:
        sources = select(given.notebooks)
    except ValueError as error:
        parser.error(str(error))
    if given.check:
        return check(sources, given.out)
    results = given.results or (ROOT / "book/results.json" if given.out.resolve() == NOTEBOOKS else None)
    failures = [failure for source in sources if (failure := regenerate(source, given.profile, given.out, results))]
    if failures:
        print(f"\n{len(failures)} of {len(sources)} notebooks failed; what was there before is as it was:")
        for failed in failures:
            print(f"  {failed.notebook:<32} {failed.where:<10} after {failed.seconds:4.0f} s  {failed.error}")
    return 1 if failures else 0


def select(names: list[str]) -> list[Path]:
    """Sources by number or name, in the order of the book."""
    sources = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))
    chosen = [s for s in sources if not names or any(s.stem == n or s.stem.split("_")[0] == n for n in names)]
    missing = [n for n in names if not any(s.stem == n or s.stem.split("_")[0] == n for s in sources)]
    if missing:
        raise ValueError(f"no notebook {', '.join(missing)}; there are {', '.join(s.stem for s in sources)}")
    return chosen


def regenerate(source: Path, profile: str, out: Path, results: Path | None) -> Failure | None:
    """Run one notebook; on success write it to ``out`` and its numbers to ``results``."""
    start = time.monotonic()
    on_terminal = sys.stderr.isatty()  # a bar goes there while the notebook runs, then its line follows
    line = f"{source.stem:<32} [{profile}] "
    if not on_terminal:
        print(line, end="", flush=True)
        line = ""
    try:
        notebook = execute(source, profile, bar=on_terminal)
        found = records(notebook, source.stem, profile)
        if results:
            check_owner(results, found, source.stem)
    except Exception as error:  # also a kernel that died, a number recorded twice: the table has to be complete
        seconds = time.monotonic() - start
        print(f"{line}FAILED after {seconds:4.0f} s", flush=True)
        if not isinstance(error, PapermillExecutionError):
            return Failure(source.stem, "after run", f"{type(error).__name__}: {error}", seconds)
        last = str(error.evalue).strip().splitlines() or [""]
        return Failure(source.stem, f"cell {error.cell_index}", f"{error.ename}: {last[0]}", seconds)
    notebook.metadata["ppgn"] = {"profile": profile, **provenance(source)}
    with replacing(out / f"{source.stem}.ipynb") as path:
        nbformat.write(notebook, path)
    if out.resolve() == NOTEBOOKS:
        save_pictures(notebook, ROOT / "book/_static")
    if results:
        merge(results, found, source.stem)
    print(f"{line}{time.monotonic() - start:4.0f} s", flush=True)
    return None


def execute(source: Path, profile: str, *, bar: bool = False) -> nbformat.NotebookNode:
    """The executed notebook of a source, normalised; a ``bar`` counts its cells on stderr and goes when it is done."""
    notebook = to_notebook(source)
    with tempfile.TemporaryDirectory() as folder:
        raw, executed = Path(folder) / "in.ipynb", Path(folder) / "out.ipynb"
        nbformat.write(notebook, raw)
        with patch.dict(os.environ, ENVIRONMENT, PPGN_PROFILE=profile):  # the kernel inherits it
            papermill.execute_notebook(
                str(raw),
                str(executed),
                {"profile": profile},
                kernel_name="python3",
                cwd=str(NOTEBOOKS),
                progress_bar={"desc": source.stem, "leave": False} if bar else False,
                # Below an error the kernel only warns that it talks to us unencrypted, on this machine.
                extra_arguments=["--IPKernelApp.log_level=ERROR"],
            )
        return normalised(nbformat.read(executed, as_version=4))


def save_pictures(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """The figure of a cell tagged ``picture-NAME`` as NAME.png, for README and title page."""
    for cell in notebook.cells:
        for tag in cell.metadata.get("tags", []):
            if not tag.startswith("picture-"):
                continue
            kinds = [(o.data, kind) for o in cell.outputs for kind in o.get("data", {}) if kind.startswith("image/")]
            if not kinds:
                raise ValueError(f"the cell of {tag} shows no picture")
            data, kind = kinds[0]
            with replacing(folder / f"{tag.removeprefix('picture-')}.png") as path:
                Image.open(io.BytesIO(base64.b64decode(data[kind]))).save(path, "PNG", optimize=True)


def check(sources: list[Path], out: Path) -> int:
    """Print each notebook's state; 1 if any is stale."""
    stale = {source.stem: why_stale(source, out / f"{source.stem}.ipynb") for source in sources}
    for name, reasons in stale.items():
        print(f"{name:<32} {'fresh' if not reasons else 'stale: ' + '; '.join(reasons)}")
    return 1 if any(stale.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
