"""What a stored result belongs to: the networks' weights, the code, and codes by which one sees that it still holds.

Chains amplify rounding, so the ends of long ones cannot be compared across machines. The *probe* of a set can: its
first chain of each class after ``PROBE_STEPS`` steps in float64, where two machines differ by about 1e-12.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from safetensors.torch import save
from torch import Tensor

from ppgn_lib import Eps, chain, variants
from ppgn_lib.book.code import imported_modules, without_comments
from ppgn_lib.data.files import replacing
from ppgn_lib.experts import conditions
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import digest, load

PROBE_STEPS = 5
# Codes are of order 1; a start that is off by 1e-15 of itself ends 1e-12 off in five steps (measured).
PROBE_TOLERANCE = 1e-6


def made_with(source: Path, *names: str, beside: Iterable[ModuleType] = ()) -> dict[str, str]:
    """Short hashes of the networks' weights and of the code that ``source`` runs, comments aside.

    ``beside``: scripts whose functions it uses, whose code counts as well.
    """
    sources = [source, *(Path(module.__file__ or "") for module in beside)]
    return {**{name: _weights_of(name) for name in names}, "code": " ".join(map(_code_of, sources))}


@cache
def _weights_of(name: str) -> str:
    return digest(load(name))


@cache
def _code_of(source: Path) -> str:
    files = [source, *sorted(imported_modules(source.read_text("utf-8")))]
    return hashlib.sha256("\0".join(without_comments(f.read_text("utf-8")) for f in files).encode()).hexdigest()[:16]


def probe(h0: Tensor, y: Tensor, eps: Eps, seeds: list[int]) -> Tensor:
    """Codes (B, H), float64, of Noiseless Joint PPGN-h after ``PROBE_STEPS`` steps from ``h0`` (B, H)."""
    G, E = load("generator").double(), load("encoder").double()
    experts = variants.joint(G, E, conditions.classes(E, y, "item"))
    *_, last = chain(h0.double(), *experts, eps, steps=PROBE_STEPS, seeds=seeds)
    return last.h


def agree(found: Tensor, stored: Tensor) -> bool:
    """Whether two probes are those of the same computation."""
    return found.shape == stored.shape and bool((found - stored).abs().max() < PROBE_TOLERANCE)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and metadata of a store; both empty where there is none."""
    if not path.exists():
        return {}, {}
    return protocol.open_samples(path)


def write_tensors(path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> None:
    """The store, whole or not at all. One key of metadata, since safetensors writes several in any order."""
    content = save({key: value.contiguous() for key, value in tensors.items()}, {"about": json.dumps(about)})
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def entry_of(path: Path, key: str, head: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a store of independent entries has under ``key``, if it agrees with ``head``."""
    entry: dict[str, Any] = read_tensors(path)[1].get("found", {}).get(key, {})
    return entry if {part: entry.get(part) for part in head} == head else None


def add_entry(
    path: Path, key: str, tensors: Mapping[str, Tensor], entry: Mapping[str, Any], about: Mapping[str, Any]
) -> None:
    """One entry more in such a store, as it is now: another process may have written since it was read last."""
    there, had = read_tensors(path)
    write_tensors(path, {**there, **tensors}, {**about, "found": {**had.get("found", {}), key: entry}})


def rounded(value: Any, digits: int = 6) -> Any:
    """Lists and dictionaries with floats to as many significant digits: half of the room in a store."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    if isinstance(value, Mapping):
        return {key: rounded(of, digits) for key, of in value.items()}
    return [rounded(of, digits) for of in value] if isinstance(value, list) else value


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """As ``write_tensors`` for numbers."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
