"""The files around the code agree with each other."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import address
import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_environment_is_the_project():
    """conda brings Python and pip, all else is pyproject's; py-rattler parses the specs as conda would."""
    from rattler import MatchSpec

    *conda, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    specs = {MatchSpec(text).name.normalized: MatchSpec(text) for text in conda}
    assert set(specs) == {"python", "pip"}
    assert str(specs["python"].version) == PROJECT["requires-python"]
    (editable,) = pip["pip"]
    extras = re.fullmatch(r"-e \.\[(.*)\]", editable)
    assert extras and set(extras[1].split(",")) == set(PROJECT["optional-dependencies"])


def test_constraints_pin_every_direct_dependency():
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    direct = PROJECT["dependencies"] + sum(PROJECT["optional-dependencies"].values(), [])
    names = {re.match(r"[\w-]+", spec)[0].lower().replace("_", "-") for spec in direct}
    assert names <= pinned


def test_readme_gives_a_reason_for_every_dependency():
    readme = (ROOT / "README.md").read_text()
    direct = PROJECT["dependencies"] + sum(PROJECT["optional-dependencies"].values(), [])
    names = [re.match(r"[\w-]+", spec)[0] for spec in direct]
    assert not [name for name in names if f"| {name} |" not in readme]


def test_readme_numbers_are_the_recorded_ones():
    done = subprocess.run(
        [sys.executable, "tools/book/readme.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_readme_example_runs():
    """The library in ten lines, as printed."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def copy(tmp_path):
    """All text files that git knows or would take, elsewhere."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    kinds = (".py", ".md", ".yml", ".yaml", ".toml", ".cff", ".ipynb", ".json", ".txt", ".html", ".css")
    for name in listed:
        if Path(name).suffix in kinds and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_address_is_the_same_everywhere():
    assert address.main(["--check"]) == 0


def test_a_new_address_is_one_line(copy, capsys):
    old, old_pages = address.addresses(copy)
    new = "https://github.com/Some-One/else.where"
    project = copy / "pyproject.toml"
    project.write_text(project.read_text().replace(f'Source = "{old}"', f'Source = "{new}"'))
    assert address.main(["--check"], copy) == 1 and "_config.yml has another address" in capsys.readouterr().out
    assert address.main([], copy) == 0 and address.main(["--check"], copy) == 0
    texts = {path: path.read_text("utf-8") for path in copy.rglob("*.*") if path.is_file()}
    assert [path for path, text in texts.items() if old in text or old_pages in text] == []
    site = yaml.safe_load((copy / "_config.yml").read_text())
    pages = "https://some-one.github.io/else.where/"
    assert site["repository"]["url"] == new and site["html"]["baseurl"] == pages
    assert site["sphinx"]["config"]["ogp_site_url"] == pages and f"git+{new}`" in (copy / "README.md").read_text()
    project.write_text(project.read_text().replace(f'Source = "{new}"', 'Source = "https://example.org/a/b"'))
    with pytest.raises(ValueError, match=r"must be https://github\.com/OWNER/NAME"):
        address.main([], copy)


@pytest.mark.parametrize("folder", ["ppgn_lib", "tools"])
def test_files_stay_small(folder):
    for path in (ROOT / folder).rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 280, f"{path} should be two files"


def test_wheel_knows_the_files(tmp_path):
    """A pip-installed copy has the manifest, so that it can verify what it downloads."""
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--quiet",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    import zipfile

    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"ppgn_lib/MANIFEST.json", "ppgn_lib/rules/C16.yaml", "ppgn_lib/py.typed"} <= set(names)


def test_model_cards_are_those_of_the_weights():
    done = subprocess.run(
        [sys.executable, "tools/book/cards.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
