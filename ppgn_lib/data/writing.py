"""Writing files so that nothing is lost: whole or not at all, whatever happens in between."""

from __future__ import annotations

import glob
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl


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
