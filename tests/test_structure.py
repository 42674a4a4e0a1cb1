"""Imports run one way, and light parts of the library load no heavy ones."""

import ast
import subprocess
import sys
from pathlib import Path

import mutants
import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = {"sampling", "data", "networks", "experts", "metrics", "training", "book"}
ALLOWED = {  # who may import from whom; all may import checks, apart and themselves
    "checks": set(),
    "apart": set(),
    "data": set(),
    "sampling": set(),
    "networks": {"data"},
    "experts": {"sampling", "networks.features"},
    "metrics": {"experts", "sampling", "networks", "data"},
    "training": {"experts", "sampling", "networks", "data"},
    "book": FOLDERS,
    "__init__": {"sampling", "experts"},
}


def imported(path):
    """Modules of the library that a file names in its imports, without the library's own name: networks.zoo, ..."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("ppgn_lib.") for name in found if name.startswith("ppgn_lib.")}


def wrong(part, names):
    """Those of the names that the part may not import."""
    may = ALLOWED[part] | {part, "checks", "apart"}
    return sorted(name for name in names if not any(name == good or name.startswith(f"{good}.") for good in may))


def test_every_part_has_a_line():
    assert {path.stem for path in (ROOT / "ppgn_lib").iterdir() if path.suffix == ".py" or path.is_dir()} - {
        "__pycache__"
    } == set(ALLOWED)


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_run_one_way(part):
    one = ROOT / f"ppgn_lib/{part}.py"
    for path in [one] if one.exists() else (ROOT / "ppgn_lib" / part).rglob("*.py"):
        assert not wrong(part, imported(path)), path


def test_an_import_the_other_way_is_seen(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("import torch\ndef f():\n    from ppgn_lib.networks import zoo, features\n")
    assert imported(path) == {"networks.zoo", "networks.features"}
    assert wrong("experts", imported(path)) == ["networks.zoo"] and wrong("networks", imported(path)) == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("ppgn_lib", {"torchmetrics", "torchvision", "arviz", "sklearn", "matplotlib", "lightning_fabric", "pydantic"}),
        ("ppgn_lib.metrics.intervals", {"torchmetrics", "torchvision", "arviz", "sklearn", "matplotlib"}),
        ("ppgn_lib.book.claims", {"torchmetrics", "torchvision", "arviz", "sklearn", "matplotlib", "lightning_fabric"}),
    ],
)
def test_what_is_not_needed_is_not_loaded(module, heavy):
    code = f"import sys, {module}; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_mutant_is_still_a_change_of_one_place():
    """`make mutants` takes minutes and is run by hand; that it would run is seen here."""
    for mutant in mutants.MUTANTS:
        text = (mutants.ROOT / "ppgn_lib" / mutant.file).read_text("utf-8")
        assert text.count(mutant.old) == 1 and mutant.old != mutant.new, mutant.what
        assert all((mutants.ROOT / test).exists() for test in mutants.TESTS.get(mutant.file, mutants.SAMPLER))
