"""Where data and weights lie, and the proof that they are the files we mean.

A file is looked up by its name in the manifest, first in ``data/`` of a checkout, then in the folder
``$PPGN_DATA``, and is else downloaded from the project's release. Wherever it comes from, its
SHA-256 is compared with the manifest before anybody reads it.
"""

from __future__ import annotations

import difflib
import functools
import glob
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pooch

if sys.platform != "win32":
    import fcntl

RELEASE_URL = "https://github.com/ppgn-book/ppgn-book/releases/download/data-v1/"
_CHECKOUT = Path(__file__).resolve().parents[1] / "data"
_PACKAGED_MANIFEST = Path(__file__).resolve().parent / "MANIFEST.json"  # put there by the wheel


class Entry(NamedTuple):
    """One line of the manifest."""

    sha256: str
    bytes: int
    licence: str
    origin: str


class DamagedFileError(ValueError):
    """A file that is not the one the manifest describes."""


@functools.cache
def _read_manifest(path: Path, modified: int) -> dict[str, Entry]:
    del modified  # part of the key only: a rewritten manifest is read again
    return {name: Entry(**fields) for name, fields in json.loads(path.read_text("utf-8")).items()}


def manifest() -> dict[str, Entry]:
    """All files that come with the project: name relative to ``data/`` -> hash, size, licence, origin."""
    checkout = _CHECKOUT / "MANIFEST.json"
    path = checkout if checkout.exists() else _PACKAGED_MANIFEST
    return _read_manifest(path, path.stat().st_mtime_ns)


def sha256(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def locate(name: str) -> Path:
    """The verified local copy of a file of the manifest.

    Raises
    ------
    KeyError
        The manifest has no such file; the message names the nearest one.
    DamagedFileError
        The copy found differs from the manifest; the message has both hashes and the way to restore it.
    FileNotFoundError
        There is no copy here and the release could not be reached.

    """
    entries = manifest()
    if name not in entries:
        near = difflib.get_close_matches(name, entries, n=1, cutoff=0.0)
        raise KeyError(f"no file {name!r} in the manifest; the nearest name is {near[0]!r}" if near else name)
    for folder in _local_folders():
        path = folder / name
        if path.exists():
            return _verified(str(path), path.stat().st_mtime_ns, entries[name])
    return _download(name, entries[name])


def _local_folders() -> Iterator[Path]:
    if (_CHECKOUT / "MANIFEST.json").exists():
        yield _CHECKOUT
    if os.environ.get("PPGN_DATA"):
        yield Path(os.environ["PPGN_DATA"])


@functools.lru_cache(maxsize=256)
def _verified(path: str, modified: int, entry: Entry) -> Path:
    del modified  # part of the key only: a file that was written again is hashed again
    file = Path(path)
    size, found = file.stat().st_size, sha256(file)
    if found != entry.sha256:
        raise DamagedFileError(
            f"{file} is not the file that the manifest describes.\n"
            f"  expected sha256 {entry.sha256} ({entry.bytes} bytes)\n"
            f"  found    sha256 {found} ({size} bytes)\n"
            f"To restore it: `git checkout -- {file}` in a clone, or delete it and run again to download "
            f"it (origin: {entry.origin})."
        )
    return file


def _download(name: str, entry: Entry) -> Path:
    target = Path(os.environ.get("PPGN_DATA") or pooch.os_cache("ppgn_lib"))
    file = target / name
    try:
        pooch.retrieve(
            url=RELEASE_URL + name.replace("/", "__"),  # a release has no folders
            known_hash="sha256:" + entry.sha256,
            fname=file.name,
            path=file.parent,
            progressbar=True,
        )
    except ValueError as error:  # pooch: the hash differs; it has kept nothing
        raise DamagedFileError(f"the download of {name} is damaged: {error}") from error
    except Exception as error:
        raise FileNotFoundError(
            f"{name} is neither in {[str(f) for f in _local_folders()]} nor could it be downloaded "
            f"({type(error).__name__}: {error}).\n  expected sha256 {entry.sha256} ({entry.bytes} bytes), "
            f"found no file.\nTo restore it: `git checkout -- data/{name}` in a clone, or copy it from another "
            f"machine into the folder that the environment variable PPGN_DATA names."
        ) from error
    return file


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write to the yielded temporary path; on success it takes the place of ``path``.

    A failure (full disk, exception, kill) leaves what was at ``path`` untouched. The temporary file of a process that
    was killed (``.name.*.tmp``) is removed by the next one that replaces ``path``; one that is being written stays.

    Raises
    ------
    OSError
        The file cannot be written; the message has ``path``, the reason and what to do.

    """
    with _saying_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        try:
            with _locked(handle):
                yield temporary
                with temporary.open("rb+") as stream:  # on disk before the rename makes it visible
                    os.fsync(stream.fileno())
                temporary.chmod(0o644)
                temporary.replace(path)
        finally:
            with suppress(OSError):  # else it would hide why the writing failed
                temporary.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Make the folder if need be and write to it: a run of hours should find out at its start, not at its first save.

    Raises
    ------
    OSError
        The folder cannot be written to; the message says why and what to do.

    """
    with _saying_where(folder):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()


@contextmanager
def _saying_where(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(
            f"{path} could not be written: {error}. What was there before is unchanged. "
            f"Make room or the folder writable, or choose another folder; then run the same command again."
        ) from error


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Close the file at the end and lock it until then: the kernel drops the lock of a process that is killed."""
    if sys.platform == "win32":
        os.close(handle)  # an open file cannot be renamed there
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _remove_leftovers(path: Path) -> None:
    """Temporary files of ``path`` that nobody holds a lock on. On Windows, which has no such locks, they stay."""
    if sys.platform != "win32":
        for leftover in path.parent.glob(f".{glob.escape(path.name)}.????????.tmp"):  # eight letters from mkstemp
            with suppress(OSError), leftover.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                leftover.unlink()
