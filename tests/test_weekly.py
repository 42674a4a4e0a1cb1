"""The weekly run: what it installs and may do, and the issue that it writes when it fails."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / ".github/workflows/weekly.yml").read_text("utf-8")
WORKFLOW = yaml.safe_load(TEXT)
JOB = WORKFLOW["jobs"]["newest"]
STEPS = JOB["steps"]


def test_it_runs_weekly_with_no_other_rights_than_it_needs():
    triggers = WORKFLOW[True]  # YAML reads "on" as true
    (when,) = triggers["schedule"]
    minute, hour, day, month, weekday = when["cron"].split()
    assert minute.isdigit() and hour.isdigit() and (day, month) == ("*", "*") and weekday in "0123456"
    assert "workflow_dispatch" in triggers and "pull_request" not in triggers
    assert WORKFLOW["permissions"] == {"contents": "read", "issues": "write"}
    assert "secrets." not in TEXT and re.findall(r"GH_TOKEN: (.*)", TEXT) == ["${{ github.token }}"]


def test_newest_packages_and_python():
    (python,) = [step["with"] for step in STEPS if step.get("uses", "").startswith("actions/setup-python@")]
    assert python["python-version"] == "3.13"
    commands = "\n".join(step.get("run", "") for step in STEPS)
    assert "constraints" not in commands and "[book,imagenet,test]" in commands
    assert re.search(r"pytest .*\btests 2>&1 \| tee tests.log", commands)
    assert re.search(r"pytest .*--nbval-lax .*\bnotebooks 2>&1 \| tee notebooks.log", commands)
    assert JOB["env"]["PPGN_PROFILE"] == "ci"


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.stem)
def test_every_step_is_one_that_github_knows(path):
    """Its keys, actions with a version, commands that bash can read, conditions and jobs that name what there is."""
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"]
    for job in jobs.values():
        assert "runs-on" in job and set([job["needs"]] if "needs" in job else []) <= jobs.keys()
        ids = {step["id"] for step in job["steps"] if "id" in step}
        for step in job["steps"]:
            assert set(step) <= {"name", "id", "if", "uses", "run", "with", "env"} and ("uses" in step) != (
                "run" in step
            )
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step.get("uses", "actions/x@v1"))
            subprocess.run(["bash", "-n", "-c", step.get("run", "")], check=True)
            assert set(re.findall(r"steps\.(\w+)", step.get("if", ""))) <= ids
            for target in re.findall(r"^make (\w+)$", step.get("run", ""), re.MULTILINE):
                assert f"\n{target}:" in (ROOT / "Makefile").read_text("utf-8")


def test_the_weekly_run_fails_when_a_step_does_and_reports_it():
    assert set(WORKFLOW) == {"name", True, "permissions", "defaults", "jobs"}
    assert set(JOB) <= {"runs-on", "timeout-minutes", "env", "steps"}
    # Only bash that is named here is run with pipefail: a failing test is not hidden by tee.
    assert WORKFLOW["defaults"]["run"]["shell"] == "bash"
    assert STEPS[-1]["if"] == "failure()" and set(STEPS[-1]["env"]) == {"GH_TOKEN", "RUN"}
    script, *logs = STEPS[-1]["run"].split()
    assert os.access(ROOT / script, os.X_OK) and all(f"tee {log}" in TEXT for log in logs)


@pytest.mark.parametrize("number", ["", "7"])
def test_the_failing_lines_become_an_issue_or_a_comment(tmp_path, number):
    """A ``gh`` in place of GitHub's writes down what it is asked for, and has one open issue or none."""
    asked = tmp_path / "asked.jsonl"
    gh = tmp_path / "gh"
    gh.write_text(
        "#!/usr/bin/env python3\nimport json, sys\nfrom pathlib import Path\n"
        "body = Path(sys.argv[-1]).read_text() if '--body-file' in sys.argv else ''\n"
        f"print(json.dumps([sys.argv[1:], body]), file=open({str(asked)!r}, 'a'))\n"
        f"if 'list' in sys.argv: print({number!r})\n"
    )
    gh.chmod(0o755)
    (tmp_path / "install.log").write_text("all is well\n")
    (tmp_path / "tests.log").write_text(
        f"...F\nE   AssertionError: {'x' * 1000}\nFAILED tests/test_a.py::test_b\n1 failed\n"
    )
    env = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "GH_TOKEN": "none",
        "RUN": "https://github.com/a/b/actions/runs/1",
    }
    command = [str(ROOT / ".ci/report"), "install.log", "tests.log", "notebooks.log"]
    subprocess.run(command, cwd=tmp_path, env=env, check=True)
    (listed, _), (written, body) = map(json.loads, asked.read_text().splitlines())
    assert listed[:4] == ["issue", "list", "--state", "open"]
    if number:
        assert written[:3] == ["issue", "comment", "7"]
    else:
        assert written[:4] == ["issue", "create", "--title", "The weekly run with the newest packages failed"]
        assert written[3] in listed[-1], "the title that it looks for is the one that it gives"
    assert body.startswith(env["RUN"]) and "FAILED tests/test_a.py::test_b\n" in body and "all is well" in body
    assert max(map(len, body.splitlines())) <= 300 and "...F" not in body and "notebooks.log" not in body
