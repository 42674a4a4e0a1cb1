"""The laws of measures notice what they are for: wrong measures break them, and known weaknesses show."""

import math
from itertools import chain

import pytest
import torch

from ppgn_lib.metrics import implementations, laws

SHOWN = laws.shown()
KNOWN = {  # what is said of these in the literature
    "frechet": {"a few samples of the real kind are on average as near as many"},  # Binkowski et al. 2018
    "precision": {"one odd real image does not make all near it good"},  # Naeem et al. 2020
    "recall": {"one odd sample does not show all that is near it"},
    "kernel_distance": set(),
    "density": set(),
    "coverage": set(),
}


def said(measure, kind):
    return {outcome.law for outcome in laws.broken(measure, kind)}


@pytest.mark.parametrize("name", KNOWN)
def test_ours_break_what_is_known_and_nothing_else(name):
    kind, measure = SHOWN[name]
    assert said(measure, kind) == KNOWN[name]


def test_the_packages_of_others_are_shown_and_agree_with_ours():
    samples, real = laws.points(60, 5), laws.points(60, 6) + 0.1
    for ours, theirs in (("frechet", "torchmetrics FID"), ("kernel_distance", "torchmetrics KID")):
        assert SHOWN[theirs][1](samples, real) == pytest.approx(SHOWN[ours][1](samples, real), rel=1e-3)
    for name in ("precision", "recall", "density", "coverage"):
        assert SHOWN[f"prdc {name}"][1](samples, real) == pytest.approx(SHOWN[name][1](samples, real), abs=0.05)


coverage, precision = (
    implementations.of_prdc("coverage"),
    implementations.of_prdc("precision"),
)  # ours has intervals, which take time


WRONG = {
    "precision for recall": (precision, "diversity", "one cluster of eight has an eighth"),
    "recall for precision": (coverage, "fidelity", "one good cluster of eight is as good"),
    "arguments swapped": (lambda s, r: coverage(r, s), "diversity", "one cluster of eight has an eighth"),
    "the mean alone": (lambda s, r: (s.mean(0) - r.mean(0)).norm(), "distance", "a few samples"),
    "a sum in place of a mean": (lambda s, r: (s.sum(0) - r.sum(0)).norm(), "distance", "a few samples"),
    "of one side only": (lambda s, r: torch.cdist(s, r).amin(1).mean(), "distance", "one cluster of eight"),
    "no measure": (lambda s, r: 1.0, "distance", "it grows while samples move away"),
    "neither a number": (lambda s, r: math.nan, "fidelity", "samples far from all real ones have none"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_measure_breaks_the_law_that_is_there_for_it(name):
    measure, kind, law = WRONG[name]
    assert any(found.startswith(law) for found in said(measure, kind))


def test_every_law_is_broken_by_something():
    """A law that nothing breaks tests nothing."""
    measures = {
        "distance": [
            *(measure for measure, kind, _ in WRONG.values() if kind == "distance"),
            lambda s, r: (s - r).norm() if s.shape == r.shape else 0.0,
            lambda s, r: (
                (s[:10] - r[:10]).norm() * (1 if len(s) > 60 else 2) - 9.0 * bool(torch.equal(s[:24], s[24:48]))
            ),
            lambda s, r: s.mean().exp(),
            lambda s, r: -torch.cdist(s, r).mean(),
        ],
        "fidelity": [precision, coverage, lambda s, r: 1.0, lambda s, r: -torch.cdist(s, r).mean(), _by_hand],
        "diversity": [precision, lambda s, r: 1.0, lambda s, r: float(len(s) == laws.MANY), _by_hand],
    }
    for kind, of in measures.items():
        found = set(chain.from_iterable(said(measure, kind) for measure in of))
        known = set(chain.from_iterable(KNOWN.values()))
        assert {law.says for law in laws.LAWS[kind]} <= found | known, kind


def _by_hand(samples, real):
    """Zero for the same points and for sets of another size; else one."""
    return float(not torch.equal(samples, real) and len(samples) == laws.MANY)


def test_the_command_takes_any_function_and_tells_what_is_broken(tmp_path, monkeypatch, capsys):
    (tmp_path / "theirs.py").write_text(
        "def swapped(real, samples):\n"
        "    from prdc import compute_prdc\n"
        "    return compute_prdc(samples, real, nearest_k=5)['coverage']\n"
        "number = 3\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert laws.main(["--diversity", "theirs:swapped", "--numpy"]) == 0, "two errors that cancel"
    assert laws.main(["--diversity", "theirs:swapped", "--numpy", "--real-first"]) == 1
    assert "BROKEN  one cluster of eight has an eighth" in capsys.readouterr().out
    for wrong, message in (
        ("theirs", "must be named MODULE:FUNCTION"),
        ("theirs:number", "theirs has no function 'number'"),
        ("nowhere:f", "No module named 'nowhere'"),
        ("builtins:print", "must give one number for two sets of features; got NoneType"),
    ):
        assert laws.main(["--distance", wrong]) == 2
        assert message in capsys.readouterr().err
    with pytest.raises(ValueError, match="did you mean 'distance'"):
        laws.outcomes(coverage, "distances")
