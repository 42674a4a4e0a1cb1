"""What notebooks need: settings that nobody misspells, records, results."""

import json
from pathlib import Path

import pytest
import torch

from ppgn_lib.book import profiles, record, results
from ppgn_lib.networks import precision

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.fixture
def profile_folder(tmp_path):
    (tmp_path / "ci.yaml").write_text("08_x:\n  time: a second\n  steps: 10\n  chains: 2\n")
    (tmp_path / "cpu.yaml").write_text("08_x:\n  time: an hour\n  steps: 100\n  chains: 4\n")
    return tmp_path


def test_profile_gives_settings_and_parameters_change_them(profile_folder):
    settings = profiles.load("08_x", {"profile": "cpu", "steps": 7, "chains": None, "os": json}, profile_folder)
    assert (settings.steps, settings.chains, settings.profile) == (7, 4, "cpu")


def test_a_notebook_says_what_it_runs_with(profile_folder, monkeypatch):
    settings = profiles.load("08_x", {"profile": "cpu"}, profile_folder)
    for pays, name in ((True, "bfloat16"), (False, "float32")):
        monkeypatch.setattr(precision, "pays", lambda device, pays=pays: pays)
        assert profiles.describe(settings) == f"profile cpu on cpu ({name} networks); an hour"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"profile": "cpu", "step": 7}, "did you mean 'steps'"),
        ({"profile": "cpu", "profil": "ci"}, "unknown key 'profil'"),
        ({"profile": "cpu", "time": "no time"}, "unknown key 'time'"),
        ({"profile": "cup"}, "profile must be one of ci, cpu, gpu"),
        ({"profile": "cpu", "steps": "7"}, "steps must be int"),
        ({"profile": "cpu", "steps": True}, "steps must be int"),
    ],
)
def test_misspelt_parameter(profile_folder, given, message):
    with pytest.raises(ValueError, match=message):
        profiles.load("08_x", given, profile_folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("08_x:\n  time: t\n  stepps: 100\n  chains: 4\n", "did you mean 'steps'"),
        ("08_x:\n  time: t\n  steps: 100\n", "lacks a key: unknown key 'chains'"),
        ("08_x:\n  time: t\n  steps: 1e2\n  chains: 4\n", "profile cpu, 08_x: steps must be int; got '1e2'"),
        ("08_y: {}\n", "did you mean '08_x'"),
        ("{}\n", "profile cpu, notebooks: unknown key '08_x'"),
    ],
)
def test_profile_file_with_unknown_or_missing_keys_or_another_type(profile_folder, text, message):
    (profile_folder / "cpu.yaml").write_text(text)
    with pytest.raises(ValueError, match=message):
        profiles.load("08_x", {"profile": "cpu"}, profile_folder)


def test_working_folder_without_profiles(tmp_path):
    with pytest.raises(ValueError, match="run in the folder notebooks/"):
        profiles.load("08_x", {"profile": "cpu"}, tmp_path)


@pytest.mark.parametrize("source", sorted(NOTEBOOKS.glob("[0-9]*.py")), ids=lambda p: p.stem)
def test_shipped_profiles_have_the_same_keys(source):
    for profile in profiles.NAMES:
        settings = profiles.load(source.stem, {"profile": profile}, NOTEBOOKS / "profiles")
        assert settings.profile == profile and isinstance(settings.device, torch.device)


def test_record_refuses_what_is_not_finite():
    with pytest.raises(ValueError, match="finite"):
        record.record("x", float("nan"))


def test_results_are_replaced_by_notebook_and_never_shared(tmp_path):
    path = tmp_path / "results.json"
    results.merge(path, {"a": {"value": 1, "notebook": "01"}}, "01")
    results.merge(path, {"b": {"value": 2, "notebook": "02"}}, "02")
    results.merge(path, {"c": {"value": 3, "notebook": "01"}}, "01")
    assert sorted(results.read(path)) == ["b", "c"]
    with pytest.raises(ValueError, match="which 02 records too"):
        results.merge(path, {"b": {"value": 1, "notebook": "01"}}, "01")
