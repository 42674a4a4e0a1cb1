"""The HTML book in _build/html, strictly: any warning is an error.

python tools/book/build_book.py           from the committed notebooks
python tools/book/build_book.py --run     from notebooks that are run now (the committed ones stay as they are)
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import regenerate

from ppgn_lib.book.profiles import NAMES

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"


def main() -> int:
    """Stage the sources, run the notebooks if asked to, build, say where the book is."""
    parser = argparse.ArgumentParser(description="Build the book.")
    parser.add_argument("--run", action="store_true", help="run all notebooks with papermill first")
    parser.add_argument("--profile", choices=NAMES, default="cpu", help="of that run")
    given = parser.parse_args()
    start = time.monotonic()
    stage = BUILD / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, stage / name)
    shutil.copytree(ROOT / "book", stage / "book")
    if given.run:
        arguments = ["--out", str(stage / "notebooks"), "--results", str(BUILD / "results.json")]
        if regenerate.main(["--profile", given.profile, *arguments]):
            return 1
        for path in sorted((stage / "notebooks").glob("*.ipynb")):
            regenerate.save_pictures(nbformat.read(path, as_version=4), stage / "book/_static")
    else:
        shutil.copytree(ROOT / "notebooks", stage / "notebooks", ignore=shutil.ignore_patterns("*.py", "profiles"))
    done = strict(stage)
    if done.returncode:
        print(done.stdout[-6000:], done.stderr[-6000:], sep="\n")
        return done.returncode
    html = BUILD / "html"
    shutil.rmtree(html, ignore_errors=True)
    shutil.move(stage / "_build/html", html)
    print(f"The book is in {html / 'index.html'} ({time.monotonic() - start:.0f} s).")
    return 0


def strict(stage: Path) -> subprocess.CompletedProcess[str]:
    """Build what is in a folder, with its _config.yml and _toc.yml, into its _build/html."""
    start_it = "from jupyter_book.cli.main import main; main()"  # the package has no __main__
    command = [sys.executable, "-c", start_it, "build", str(stage), "-W", "--keep-going", "-n"]
    return subprocess.run(command, cwd=stage, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
