"""Measure a claim once more although its results are stored, and say what came out otherwise.

    python tools/book/anew.py C63              minutes to hours: as long as its runs and its chapter take
    python tools/book/anew.py C63 --dry-run    only say what would be forgotten and run

It works in a copy of the project, runs/anew/C63, in which the results of the claim's runs are forgotten; nothing else
is touched. Networks that only lie in runs/ are trained again. Stopped, the same command goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from claims import RECORDED, Claim, read_claims, shown
from safetensors import safe_open
from safetensors.torch import save
from tqdm import tqdm

from ppgn_lib.book import results
from ppgn_lib.book.claims import rules, verdict
from ppgn_lib.checks import known
from ppgn_lib.data.files import replacing, sha256
from ppgn_lib.metrics import protocol

ROOT = Path(__file__).resolve().parents[2]
STORES = "data/results"
NOTE = "anew.json"  # in a copy: a hash of what was copied, and the commands that were run
Stored = Mapping[str, Mapping[str, Any]]  # book/results.json


def main(arguments: list[str] | None = None) -> int:
    """0 if the verdict is the same, 1 if not, 2 if the claim cannot be measured or a command fails."""
    parser = argparse.ArgumentParser(description="Measure a claim once more, in a copy of the project.")
    parser.add_argument("claim", help="as C63")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be forgotten and run")
    given = parser.parse_args(arguments)
    claims, stored = read_claims(), results.read(ROOT / "book/results.json")
    try:
        known([given.claim], claims, "claim")
        todo = commands(claims[given.claim], stored.get(RECORDED + given.claim))
        stores = {str(path.relative_to(ROOT)): names for path, names in forgotten(todo, ROOT).items()}
        files = kept()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for path, names in stores.items():
        print(f"forgotten in the copy: {', '.join(names) + ' of ' if names else ''}{path}")
    print("\n".join(f"run there: {shlex.join(command)}" for command in todo))
    if given.dry_run:
        return 0
    copy = ROOT / "runs/anew" / given.claim
    if not run(todo, stores, files, copy):
        return 2
    new = results.read(copy / "book/results.json")
    print("\n".join(differences(given.claim, stored, new)))
    return int(_word(given.claim, stored) != _word(given.claim, new))


def commands(claim: Claim, recorded: Mapping[str, Any] | None) -> list[list[str]]:
    """The scripts that its numbers come from, then its chapter. Raises ``ValueError`` if it was not tested yet."""
    if recorded is None:
        raise ValueError("no notebook records a verdict on this claim: it is not tested yet")
    scripts = [["python", f"tools/runs/{name}", *rest] for name, *rest in map(shlex.split, claim.runs)]
    hashes = [["python", "tools/runs/manifest.py"]] if scripts else []  # of what is stored, which the chapter checks
    return [*scripts, *hashes, ["python", "tools/book/regenerate.py", recorded["notebook"], "--profile", "cpu"]]


def forgotten(todo: Sequence[Sequence[str]], root: Path) -> dict[Path, list[str]]:
    """Of each store that the commands fill the entries that they are asked for; none: the whole store.

    A store names the command that fills it. An asked-for name that is no entry stands for those that begin with it and
    a dot, as A for A.6.9000. Raises ``ValueError`` if there are none.
    """
    found: dict[Path, list[str]] = {}
    whole: set[Path] = set()
    for path in sorted((root / STORES).iterdir()):
        said = about(path)
        filled_by, entries = shlex.split(said.get("command", "")), list(said.get("found", {}))
        for command in todo:
            if filled_by[:2] != list(command[:2]) or (filled_by[2:] and filled_by[2:] != list(command[2:])):
                continue
            asked = [] if filled_by[2:] else list(command[2:])
            whole |= set() if asked else {path}
            of = {
                name: [name] if name in entries else [e for e in entries if e.startswith(f"{name}.")] for name in asked
            }
            known([name for name in asked if not of[name]], entries, f"entry of {path.name}")
            found.setdefault(path, []).extend(entry for some in of.values() for entry in some)
    return {path: [] if path in whole else names for path, names in found.items()}


def about(path: Path) -> dict[str, Any]:
    """What a store says of itself."""
    if path.suffix == ".json":
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return said
    with safe_open(path, "pt") as file:
        said = json.loads((file.metadata() or {}).get("about", "{}"))
    return said


def forget(path: Path, names: Sequence[str]) -> None:
    """Take entries out of a store, or remove all of it."""
    if not names:
        path.unlink()
        return
    tensors, said = protocol.open_samples(path)
    said["found"] = {name: entry for name, entry in said["found"].items() if name not in names}
    with replacing(path) as temporary:
        temporary.write_bytes(save(tensors, {"about": json.dumps(said)}))


def run(todo: Sequence[Sequence[str]], stores: Mapping[str, Sequence[str]], files: Sequence[str], copy: Path) -> bool:
    """Run what was not run in the copy yet; False if a command failed.

    It is made anew, and what is to be forgotten is, if all was run there or it is of other files than those of now.
    """
    note, of = copy / NOTE, _hash(files)
    said = json.loads(note.read_text("utf-8")) if note.exists() else {}
    if said.get("of") != of or said["had"] == [list(command) for command in todo]:
        shutil.rmtree(copy, ignore_errors=True)
        for name in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
        for path, names in stores.items():
            forget(copy / path, names)
        said = {"of": of, "had": []}
        _write(note, said)
    had: list[list[str]] = said["had"]
    environment = {**os.environ, "PYTHONPATH": str(copy)}  # its library, not that of the environment
    for command in tqdm(todo, desc="commands", unit="command"):
        if list(command) in had:
            continue
        if subprocess.run([sys.executable, *command[1:]], cwd=copy, env=environment, check=False).returncode:
            print(f"failed in {copy}: {shlex.join(command)}", file=sys.stderr)
            return False
        had.append(list(command))
        _write(note, said)
    return True


def _write(note: Path, said: Mapping[str, Any]) -> None:
    with replacing(note) as temporary:
        temporary.write_text(json.dumps(said) + "\n", "utf-8")


def kept() -> list[str]:
    """All files that git keeps or would keep. Raises ``ValueError`` where there is no git checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode:
        raise ValueError(f"{ROOT} must be a git checkout, which says what to copy; git says: {listed.stderr.strip()}")
    return sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def _hash(files: Sequence[str]) -> str:
    """Of the names and contents of files."""
    return hashlib.sha256("\0".join(f"{name}\0{sha256(ROOT / name)}" for name in files).encode()).hexdigest()


def differences(claim: str, old: Stored, new: Stored) -> list[str]:
    """A line for each number that the rule reads, and for the verdict: as it was, and as it is now."""
    rule = rules()[claim]
    lines = [
        f"{name}: {shown(old[key], '.4g')} was stored, {shown(new[key], '.4g')} now"
        for name, key in rule.numbers.items()
    ]
    return [*lines, f"{claim}: {_word(claim, old)} was stored, {_word(claim, new)} now"]


def _word(claim: str, stored: Stored) -> str:
    return verdict(rules()[claim], stored)


if __name__ == "__main__":
    sys.exit(main())
