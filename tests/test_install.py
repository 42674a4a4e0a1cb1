"""Which PyTorch is installed: the small one where it does and can be had, without waiting for it."""

import http.server
import json
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import install
import pytest


@contextmanager
def served(folder, seconds=0.0, status=None):
    """A folder on an address of this machine; an answer takes so many seconds, and may be nothing but a status."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            time.sleep(seconds)
            if status:
                self.send_error(status)
            else:
                super().do_GET()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def no_gpu(tmp_path, monkeypatch):
    """Neither driver nor tool, whatever this machine has."""
    monkeypatch.setattr(install, "DRIVER", tmp_path / "no/driver")
    monkeypatch.setattr(install.sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()


def test_index_that_answers_is_taken(tmp_path, monkeypatch):
    with served(tmp_path) as url:
        monkeypatch.setattr(install, "CPU_INDEX", url)
        arguments, words = install.source()
    assert arguments == ["--extra-index-url", url] and "for the CPU: about 0.6 GB to download, 2 GB" in words


@pytest.mark.parametrize("trouble", ["slow", "refused", "forbidden", "no such name"])
def test_index_that_does_not_answer_costs_a_second_and_no_error(tmp_path, monkeypatch, capfd, trouble):
    with served(tmp_path, 5.0 if trouble == "slow" else 0.0, 403 if trouble == "forbidden" else None) as url:
        pass_by = {"refused": "http://127.0.0.1:9/", "no such name": "http://index.invalid/"}
        monkeypatch.setattr(install, "CPU_INDEX", pass_by.get(trouble, url))
        start = time.monotonic()
        arguments, words = install.source()
        assert time.monotonic() - start < install.PATIENCE + 0.5
    assert arguments == [] and "for CUDA: about 3.5 GB to download, 6.8 GB" in words
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("sign", ["nvidia-smi", "driver"])
def test_where_there_is_a_gpu_nothing_is_asked(tmp_path, monkeypatch, sign):
    if sign == "driver":
        monkeypatch.setattr(install, "DRIVER", tmp_path)
    else:
        tool = tmp_path / "bin/nvidia-smi"
        tool.write_text("#!/bin/sh\n")
        tool.chmod(0o755)
    monkeypatch.setattr(install, "answers", lambda _: pytest.fail("asked"))
    assert install.source()[0] == []


def test_one_line_comes_before_pip_and_not_where_pytorch_is(tmp_path, monkeypatch, capsys):
    asked = []

    def run(command, **_):
        asked.append([str(part) for part in command])
        is_there = "find_spec" in asked[-1][-1] and (tmp_path / "torch").exists()
        return subprocess.CompletedProcess(command, 0 if is_there or "pip" in command else 1)

    python = tmp_path / "env" / ("Scripts/python.exe" if install.sys.platform == "win32" else "bin/python")
    monkeypatch.setattr(install.venv, "create", lambda folder, **_: python.parent.mkdir(parents=True) or python.touch())
    monkeypatch.setattr(install.subprocess, "run", run)
    monkeypatch.setattr(install, "answers", lambda _: True)
    assert install.main([str(tmp_path / "env"), "book,imagenet"]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert asked[-1][-4:] == ["-c", "constraints.txt", "-e", ".[book,imagenet]"] and install.CPU_INDEX in asked[-1]
    (tmp_path / "torch").touch()
    assert install.main([str(tmp_path / "env"), "book,imagenet,test"]) == 0
    assert capsys.readouterr().out == "" and install.CPU_INDEX in asked[-1], "an upgrade must not bring CUDA"


@pytest.mark.parametrize(("cpu", "room", "enough"), [(True, 1.9, False), (True, 2.1, True), (False, 6.7, False)])
def test_a_full_disk_is_said_before_anything_is_downloaded(tmp_path, monkeypatch, capsys, cpu, room, enough):
    asked = []

    def run(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, int("pip" not in command))

    made, disks = [], {tmp_path: room * 1e9}  # any other disk is not asked
    monkeypatch.setattr(install.venv, "create", lambda folder, **_: made.append(folder))
    monkeypatch.setattr(install.subprocess, "run", run)
    monkeypatch.setattr(install, "answers", lambda _: cpu)
    monkeypatch.setattr(install.shutil, "disk_usage", lambda path: SimpleNamespace(free=disks[path]))
    assert install.main([str(tmp_path / "not" / "there"), "book"]) == int(not enough)
    said = capsys.readouterr().err
    assert bool(made) == enough and any("pip" in command for command in asked) == enough
    assert said == "" if enough else f"{2 if cpu else 6.8} GB of free disk" in said and f"are {room} GB" in said


def test_wrong_use_and_wrong_python(monkeypatch, capsys):
    assert install.main([]) == 2 and "install.py FOLDER EXTRAS" in capsys.readouterr().err
    monkeypatch.setattr(install, "TESTED", ((3, 99), (3, 99)))
    assert install.main([".venv", "book"]) == 1 and "Try make PYTHON=python3.12" in capsys.readouterr().err


def wheel(folder, version):
    """An empty torch of this version in an index of its own."""
    folder = folder / "torch"
    folder.mkdir(parents=True)
    about = f"torch-{version}.dist-info"
    with zipfile.ZipFile(folder / f"torch-{version}-py3-none-any.whl", "w") as file:
        file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n")
        file.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{about}/RECORD", "")


def test_pip_takes_the_cpu_build_under_the_same_constraint(tmp_path):
    """Of torch 2.14.1 in one index and 2.14.1+cpu in the second one, with the pin of constraints.txt."""
    lines = (Path(install.ROOT) / "constraints.txt").read_text().splitlines()
    (pin,) = [line for line in lines if line.startswith("torch==")]
    version = pin.removeprefix("torch==")
    wheel(tmp_path / "one", version)
    wheel(tmp_path / "two", f"{version}+cpu")
    (tmp_path / "constraints.txt").write_text(pin + "\n")
    with served(tmp_path / "one") as one, served(tmp_path / "two") as two:
        command = [sys.executable, "-m", "pip", "install", "--isolated", "--dry-run", "--ignore-installed", "--quiet"]
        command += ["--index-url", one, "--extra-index-url", two, "-c", str(tmp_path / "constraints.txt")]
        report = subprocess.run([*command, "--report", "-", "torch>=2.6"], capture_output=True, text=True, check=True)
    assert [part["metadata"]["version"] for part in json.loads(report.stdout)["install"]] == [f"{version}+cpu"]
