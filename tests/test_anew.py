"""A claim measured once more in a copy of the project, although its results are stored."""

import json
import subprocess
from pathlib import Path

import anew
import pytest
import torch
from safetensors.torch import load_file, save_file

from ppgn_lib.book import results

SCRIPT = "python tools/runs/{}.py"


def store(path, entries, command):
    """A store of independent entries with a tensor each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"command": command, "found": {entry: {"value": i} for i, entry in enumerate(entries)}}
    tensors = {f"{entry}.x": torch.full((2,), float(i)) for i, entry in enumerate(entries)}
    save_file(tensors, path, {"about": json.dumps(said)})
    return path


@pytest.fixture
def project(tmp_path):
    """Two stores of entries, one of numbers, and one that is filled with a word more."""
    kept = tmp_path / anew.STORES
    store(kept / "one.safetensors", ["a", "b.1", "b.2", "bc"], SCRIPT.format("one"))
    store(kept / "two.safetensors", ["a"], SCRIPT.format("two"))
    (kept / "three.json").write_text(json.dumps({"command": SCRIPT.format("three"), "numbers": {}}))
    (kept / "four.json").write_text(json.dumps({"command": SCRIPT.format("four") + " samples"}))
    return tmp_path


def asked(*words):
    return ["python", f"tools/runs/{words[0]}.py", *words[1:]]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (asked("one"), {"one.safetensors": []}),
        (asked("one", "b"), {"one.safetensors": ["b.1", "b.2"]}),
        (asked("one", "b.1"), {"one.safetensors": ["b.1"]}),
        (asked("one", "a", "b.2"), {"one.safetensors": ["a", "b.2"]}),
        (asked("three"), {"three.json": []}),
        (asked("four", "samples"), {"four.json": []}),
        (asked("four", "sweep"), {}),
        (["python", "tools/book/regenerate.py", "one"], {}),
    ],
)
def test_only_what_a_command_fills_is_forgotten(project, command, expected):
    found = anew.forgotten([command], project)
    assert {path.name: names for path, names in found.items()} == expected


def test_commands_for_one_store_are_added_up(project):
    entries = [asked("one", "a"), asked("one", "bc")]
    assert list(anew.forgotten(entries, project).values()) == [["a", "bc"]]
    assert list(anew.forgotten([*entries, asked("one")], project).values()) == [[]], "the whole store"


def test_an_entry_is_not_taken_for_those_that_begin_like_it(project):
    store(project / anew.STORES / "five.safetensors", ["a", "a.b"], SCRIPT.format("five"))
    assert list(anew.forgotten([asked("five", "a")], project).values()) == [["a"]]


def test_a_name_that_is_no_entry_is_an_error(project):
    with pytest.raises(ValueError, match=r"entry of one\.safetensors.*'c'"):
        anew.forgotten([asked("one", "c")], project)


def test_forgetting_some_entries_leaves_the_others_as_they_were(project):
    path = project / anew.STORES / "one.safetensors"
    before = load_file(path)
    anew.forget(path, ["b.1", "b.2"])
    assert list(anew.about(path)["found"]) == ["a", "bc"] and anew.about(path)["command"] == SCRIPT.format("one")
    assert all(torch.equal(before[key], value) for key, value in load_file(path).items())
    anew.forget(path, [])
    assert not path.exists()


@pytest.mark.parametrize("claim", [name for name, claim in anew.read_claims().items() if claim.runs])
def test_every_claim_that_is_tested_has_stores_to_forget(claim):
    recorded = results.read(anew.ROOT / "book/results.json").get(f"claim.{claim}")
    if recorded is None:
        with pytest.raises(ValueError, match="not tested yet"):
            anew.commands(anew.read_claims()[claim], recorded)
        return
    todo = anew.commands(anew.read_claims()[claim], recorded)
    filled = {command[1] for command in todo if anew.forgotten([command], anew.ROOT)}
    fill_none = {"tools/runs/acgan_nets.py", "tools/runs/manifest.py", "tools/book/regenerate.py"}
    assert filled == {command[1] for command in todo} - fill_none


def test_a_claim_is_measured_in_the_copy_and_a_stopped_one_goes_on(project, monkeypatch, capsys):
    """The second of three commands fails at first; what was run is not run again, and the original is as it was."""
    monkeypatch.setattr(anew, "ROOT", project)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / ".gitignore").write_text("/runs/\n")
    key = "hand.number"
    (project / "book").mkdir()
    old = {"claim.C99": {"value": "supported", "notebook": "01_one"}, key: {"value": 2.0, "low": 1.0, "high": 3.0}}
    (project / "book/results.json").write_text(json.dumps(old))
    rule = anew.rules()["C01"]
    monkeypatch.setattr(anew, "read_claims", lambda: {"C99": anew.Claim("", "", "", ["one.py b"])})
    monkeypatch.setattr(anew, "rules", lambda: {"C99": rule._replace(numbers={"x": key})})
    monkeypatch.setattr(anew, "verdict", lambda rule, stored: "supported" if stored[key]["low"] > 0 else "partly")
    ran, real_run = [], subprocess.run

    def run(command, *, cwd, **how):
        if command[0] == "git":
            return real_run(command, cwd=cwd, **how)
        ran.append(command[1])
        there = Path(cwd) / anew.STORES / "one.safetensors"
        assert Path(cwd) == project / "runs/anew/C99" and how["env"]["PYTHONPATH"] == str(cwd)
        assert list(anew.about(there)["found"]) == ["a", "bc"]
        if command[1].endswith("regenerate.py"):
            new = {**old, key: {"value": 0.5, "low": -1.0, "high": 2.0}}
            (Path(cwd) / "book/results.json").write_text(json.dumps(new))
        fails = command[1].endswith("manifest.py") and ran.count(command[1]) == 1
        return subprocess.CompletedProcess(command, int(fails))

    monkeypatch.setattr(anew.subprocess, "run", run)
    assert anew.main(["C99", "--dry-run"]) == 0 and not ran
    assert "b.1, b.2 of data/results/one.safetensors" in capsys.readouterr().out
    assert anew.main(["C99"]) == 2 and "failed in" in capsys.readouterr().err
    assert anew.main(["C99"]) == 1, "the verdict is another one"
    assert [Path(name).name for name in ran] == ["one.py", "manifest.py", "manifest.py", "regenerate.py"]
    said = capsys.readouterr().out
    assert "x: 2 [1, 3] was stored, 0.5 [-1, 2] now" in said and "C99: supported was stored, partly now" in said
    assert list(anew.about(project / anew.STORES / "one.safetensors")["found"]) == ["a", "b.1", "b.2", "bc"]
    assert anew.main(["C99"]) == 1 and len(ran) == 7, "once more, since all was run"
    assert anew.main(["C98"]) == 2 and "unknown key 'C98'" in capsys.readouterr().err
