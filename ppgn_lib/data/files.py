"""Where data and weights lie, and the proof that they are the files we mean.

There is one folder for them: the one that ``$PPGN_DATA`` names; without it ``data/`` of a checkout, else a cache folder
of the user's. What the manifest lists and is missing there is downloaded into it from the project's release. Wherever a
file comes from, its SHA-256 is compared with the manifest before anybody reads it.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
import os
from importlib import metadata, resources
from pathlib import Path
from typing import Any, NamedTuple

import pooch
import yaml

from ppgn_lib.data.writing import check_writable as check_writable
from ppgn_lib.data.writing import replacing as replacing

RELEASE = "data-v1"  # the release of the project that holds the files
_CHECKOUT = Path(__file__).resolve().parents[2] / "data"
_PACKAGED_MANIFEST = Path(__file__).resolve().parents[1] / "MANIFEST.json"  # put there by the wheel


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


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises ``ValueError`` if it holds anything else, naming the file."""
    content = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path} must hold `key: value` lines; got {type(content).__name__}")
    return content


def in_package(package: str, path: str, hint: str) -> Path:
    """A file that an installed package brings. Raises ``ImportError`` with the ``hint`` where it is not installed."""
    try:
        return Path(str(resources.files(package) / path))
    except ModuleNotFoundError as error:
        raise ImportError(f"the package {package} is not installed: {hint}") from error


def locate(name: str) -> Path:
    """The verified local copy of a file of the manifest.

    Raises
    ------
    KeyError
        The manifest has no such file; the message names the nearest one.
    DamagedFileError
        The copy found differs from the manifest; the message has both hashes and the way to restore it. It is left as
        it is.
    FileNotFoundError
        There is no copy here and the release could not be reached, or ``$PPGN_DATA`` names no folder.

    """
    entries = manifest()
    if name not in entries:
        near = difflib.get_close_matches(name, entries, n=1, cutoff=0.0)
        raise KeyError(f"no file {name!r} in the manifest; the nearest name is {near[0]!r}" if near else name)
    path = folder() / name
    if not path.exists():
        _download(name, entries[name])
    return _verified(str(path), path.stat().st_mtime_ns, entries[name])


def folder() -> Path:
    """The one folder where files are looked for and downloaded to: what the user names, the checkout's, or a cache.

    Raises ``FileNotFoundError`` if the environment variable ``PPGN_DATA`` names no existing folder.
    """
    given = os.environ.get("PPGN_DATA")
    if not given:
        return _CHECKOUT if (_CHECKOUT / "MANIFEST.json").exists() else Path(pooch.os_cache("ppgn_lib"))
    if not Path(given).is_dir():
        raise FileNotFoundError(
            f"the environment variable PPGN_DATA must name an existing folder; got {given!r}: make it or name another, "
            f"which the files are then downloaded to, or unset PPGN_DATA"
        )
    return Path(given)


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


def _download(name: str, entry: Entry) -> None:
    here = folder()
    try:
        release = _release_url()
        pooch.create(
            path=here,
            base_url=release,
            registry={name: "sha256:" + entry.sha256},
            urls={name: release + name.replace("/", "__")},  # a release has no folders
            allow_updates=False,  # what is there is never overwritten
        ).fetch(name, progressbar=True)
    except ValueError as error:  # pooch: the hash differs; it has kept nothing
        raise DamagedFileError(f"the download of {name} is damaged: {error}") from error
    except Exception as error:
        named = ", which the environment variable PPGN_DATA names," if os.environ.get("PPGN_DATA") else ""
        raise FileNotFoundError(
            f"{name} is not in {here}{named} and could not be downloaded to it ({type(error).__name__}: {error}).\n"
            f"  expected sha256 {entry.sha256} ({entry.bytes} bytes), found no file.\n"
            f"To restore it: `git checkout -- data/{name}` in a clone, or copy it from another machine to "
            f"{here / name}; PPGN_DATA may name another folder that has it."
        ) from error


def _release_url() -> str:
    """Where the release lies. The project's address stands in one place, ``[project.urls]`` of pyproject.toml."""
    try:
        urls = metadata.metadata("ppgn_lib").get_all("Project-URL") or []
    except metadata.PackageNotFoundError as error:
        raise LookupError(
            "where to download from stands in the metadata of an installed ppgn_lib, and it is not installed: "
            "`pip install -e .` in a clone"
        ) from error
    named = dict(url.split(", ", 1) for url in urls)
    if "Source" not in named:
        raise LookupError(
            "ppgn_lib was installed without a Source in [project.urls] of pyproject.toml: install it anew"
        )
    return f"{named['Source'].rstrip('/')}/releases/download/{RELEASE}/"
