"""Notebooks from their sources: .py -> papermill -> normalised .ipynb with outputs.

    python tools/book/regenerate.py                 all notebooks, profile cpu, into notebooks/
    python tools/book/regenerate.py 08              one of them
    python tools/book/regenerate.py --profile ci --out _build/ci
    python tools/book/regenerate.py --check         which are stale, and why; runs nothing
    python tools/book/regenerate.py --prose         new text and captions where all code is as it was; runs nothing

A line for each notebook, with its time, and on a terminal a bar while it runs. A notebook that fails leaves what was
there; the others still run, and a table of failures ends the run.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import nbformat
import papermill
from chapter import to_notebook
from notebook_format import normalised, records
from papermill.exceptions import PapermillExecutionError
from PIL import Image
from provenance import WHAT, provenance, why_stale
from tqdm import tqdm

from ppgn_lib.book.profiles import NAMES
from ppgn_lib.book.results import check_owner, merge
from ppgn_lib.data.files import read_yaml, replacing

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    # Threads that wait sleep instead of turning: hardly slower alone, and half the time beside a busy process. Read by
    # PyTorch when it is loaded.
    "OMP_WAIT_POLICY": "PASSIVE",
    # One thread a notebook, several notebooks at a time: faster than the reverse, since no notebook keeps two cores
    # busy all the time, and the outputs do not depend on the number of cores.
    "OMP_NUM_THREADS": "1",
    # glibc: large tensors take memory that is kept, and not new from the system each time. A fifth faster.
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**32),
}


class Outcome(NamedTuple):
    """What became of a notebook: the executed one, or where it failed and how."""

    notebook: nbformat.NotebookNode | None
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
    parser.add_argument(
        "--prose", action="store_true", help="renew text and captions of notebooks whose code is as it was"
    )
    cores = os.cpu_count() or 1
    parser.add_argument("--jobs", type=int, default=cores, help=f"notebooks at a time ({cores}, one a core)")
    given = parser.parse_args(arguments)
    try:
        sources = select(given.notebooks)
    except ValueError as error:
        parser.error(str(error))
    if given.check:
        return check(sources, given.out)
    if given.prose:
        return renew_prose(sources, given.out)
    results = given.results or (ROOT / "book/results.json" if given.out.resolve() == NOTEBOOKS else None)
    failures: dict[str, Outcome] = {}
    for source, outcome in outcomes(sources, given.profile, max(1, min(given.jobs, len(sources)))):
        outcome = keep(source, outcome, given.profile, given.out, results)
        failed = "" if outcome.notebook else "FAILED after "
        tqdm.write(f"{source.stem:<32} [{given.profile}] {failed}{outcome.seconds:4.0f} s")
        if not outcome.notebook:
            failures[source.stem] = outcome
    if failures:
        print(f"\n{len(failures)} of {len(sources)} notebooks failed; what was there before is as it was:")
        for name, outcome in sorted(failures.items()):
            print(f"  {name:<32} {outcome.where:<10} after {outcome.seconds:4.0f} s  {outcome.error}")
    return 1 if failures else 0


def select(names: list[str]) -> list[Path]:
    """Sources by number or name, in the order of the book."""
    sources = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))
    chosen = [s for s in sources if not names or any(s.stem == n or s.stem.split("_")[0] == n for n in names)]
    missing = [n for n in names if not any(s.stem == n or s.stem.split("_")[0] == n for s in sources)]
    if missing:
        raise ValueError(f"no notebook {', '.join(missing)}; there are {', '.join(s.stem for s in sources)}")
    return chosen


def outcomes(sources: list[Path], profile: str, jobs: int) -> Iterator[tuple[Path, Outcome]]:
    """Run the notebooks, ``jobs`` at a time, and yield each as it ends; on a terminal each has a bar of its cells."""
    bars = sys.stderr.isatty()
    if jobs == 1:
        yield from ((source, run(source, profile, 0 if bars else None)) for source in sources)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        # A long one that is started last would run alone.
        running = {
            pool.submit(run, source, profile, i % jobs if bars else None): source
            for i, source in enumerate(sorted(sources, key=lambda source: -expected(source, profile)))
        }
        for done in as_completed(running):
            yield running[done], done.result()


def expected(source: Path, profile: str) -> float:
    """Seconds that a notebook takes, by what its profile says in words; 0 where it does not say."""
    settings = read_yaml(source.parent / f"profiles/{profile}.yaml").get(source.stem, {})
    found = re.search(r"about (\d+) (s|min)\b", settings.get("time", ""))
    return float(found[1]) * {"s": 1, "min": 60}[found[2]] if found else 0.0


def run(source: Path, profile: str, bar: int | None) -> Outcome:
    """Run one notebook; ``bar``: the line of the terminal for its progress."""
    start = time.monotonic()
    try:
        return Outcome(execute(source, profile, bar=bar), "", "", time.monotonic() - start)
    except PapermillExecutionError as error:
        last = str(error.evalue).strip().splitlines() or [""]
        return Outcome(None, f"cell {error.cell_index}", f"{error.ename}: {last[0]}", time.monotonic() - start)
    except Exception as error:  # also a kernel that died: the table has to be complete
        return Outcome(None, "after run", f"{type(error).__name__}: {error}", time.monotonic() - start)


def keep(source: Path, outcome: Outcome, profile: str, out: Path, results: Path | None) -> Outcome:
    """Write the notebook to ``out`` and its numbers to ``results``, or nothing at all."""
    notebook = outcome.notebook
    if notebook is None:
        return outcome
    try:
        found = records(notebook, source.stem, profile)
        if results:
            check_owner(results, found, source.stem)
    except ValueError as error:  # a number that is recorded twice
        return Outcome(None, "after run", f"{type(error).__name__}: {error}", outcome.seconds)
    notebook.metadata["ppgn"] = {"profile": profile, **provenance(source)}
    with replacing(out / f"{source.stem}.ipynb") as path:
        nbformat.write(notebook, path)
    if out.resolve() == NOTEBOOKS:
        save_pictures(notebook, ROOT / "book/_static")
    if results:
        merge(results, found, source.stem)
    return outcome


def execute(source: Path, profile: str, *, bar: int | None = None) -> nbformat.NotebookNode:
    """The executed notebook of a source, normalised; ``bar``: the line of the terminal where its cells are counted."""
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
                cwd=str(source.parent),
                progress_bar=False if bar is None else {"desc": source.stem, "leave": False, "position": bar},
                # All it logs is that it talks to us unencrypted, on this machine, and that it was told to end.
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
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


def renew_prose(sources: list[Path], out: Path) -> int:
    """Text, captions and tags from the sources, outputs as they are; 1 if a notebook has to be run all the same."""
    left = False
    for source in sources:
        path = out / f"{source.stem}.ipynb"
        reasons = why_stale(source, path)
        if not reasons:
            continue
        new = to_notebook(source)
        if reasons != [f"{WHAT['source']} changed"] or not take_outputs(nbformat.read(path, as_version=4), new):
            print(f"{source.stem:<32} has to be run: {'; '.join(reasons)}")
            left = True
            continue
        new.metadata["ppgn"] |= provenance(source)
        with replacing(path) as temporary:
            nbformat.write(new, temporary)
        print(f"{source.stem:<32} has the new text")
    return int(left)


def take_outputs(old: nbformat.NotebookNode, new: nbformat.NotebookNode) -> bool:
    """Put the outputs of an executed notebook into one with the same code; False, and nothing done, if it differs."""
    had, wants = ([c for c in notebook.cells if c.cell_type == "code"] for notebook in (old, new))
    if [c.source for c in had] != [c.source for c in wants]:
        return False
    for before, after in zip(had, wants, strict=True):
        after.outputs, after.execution_count = before.outputs, before.execution_count
    new.metadata = old.metadata
    return True


def check(sources: list[Path], out: Path) -> int:
    """Print each notebook's state; 1 if any is stale."""
    stale = {source.stem: why_stale(source, out / f"{source.stem}.ipynb") for source in sources}
    for name, reasons in stale.items():
        print(f"{name:<32} {'fresh' if not reasons else 'stale: ' + '; '.join(reasons)}")
    return 1 if any(stale.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
