"""Killed, out of space, not allowed to write: nothing that was there is lost, and a training ends as if undisturbed."""

import errno
import os
import random
import resource
import subprocess

import kills
import pytest
import torch
from safetensors.torch import save_file

from ppgn_lib.data import files
from ppgn_lib.training.__main__ import main
from ppgn_lib.training.recipes import RECIPES, as_options

TINY = ["generator", "--accelerator", "cpu", "--precision", "32-true"]
TINY += as_options({**RECIPES["generator"].small, "batch": 8, "save_every": 1, "log_every": 1})


def train(folder, steps):
    return main([*TINY, "--steps", str(steps), "--out", str(folder)])


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_killed_training_ends_bit_identical(tmp_path):
    """Two of the kills of tools/checks/kills.py: one when a file is being written, one after the first step."""
    assert kills.rehearse("generator", 2, random.Random(0), tmp_path)[0] == []


def test_comparison_after_kills_notices_a_bit(tmp_path):
    for name, value in (("a", 0.0), ("b", -0.0)):
        (tmp_path / name).mkdir()
        save_file({"w": torch.tensor([value])}, tmp_path / name / "net.safetensors")
        (tmp_path / name / "net.json").write_text("same")
    (tmp_path / "b/.net.json.abcdefgh.tmp").touch()
    assert kills.differences(tmp_path / "a", tmp_path / "a") == []
    assert kills.differences(tmp_path / "a", tmp_path / "b") == [
        ".net.json.abcdefgh.tmp is in one folder only",
        "net.safetensors differs",
    ]


def test_leftover_of_a_killed_writer_goes_that_of_a_living_one_stays(tmp_path):
    target = tmp_path / "net[1].json"
    of_another_file = tmp_path / ".net[1].json.bak.abcdefgh.tmp"
    for leftover in (tmp_path / ".net[1].json.abcdefgh.tmp", of_another_file):
        leftover.touch()
    with files.replacing(target) as outer:
        assert {p.name for p in tmp_path.iterdir()} == {of_another_file.name, outer.name}
        outer.write_text("outer")
        with files.replacing(target) as inner:
            assert outer.exists()
            inner.write_text("inner")
        assert target.read_text() == "inner" and outer.read_text() == "outer"
    assert target.read_text() == "outer" and set(tmp_path.iterdir()) == {target, of_another_file}


@pytest.fixture
def file_size_limit():
    """Files beyond 1 MB cannot be written: a real failure in the middle of a file, for root too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(on):
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20 if on else soft, hard))

    yield limit
    limit(False)


def test_write_that_fails_halfway_loses_nothing(tmp_path, capsys, file_size_limit):
    assert train(tmp_path, 2) == 0
    before = contents(tmp_path)
    file_size_limit(True)
    assert train(tmp_path, 4) == 1
    file_size_limit(False)
    assert contents(tmp_path) == before
    message = capsys.readouterr().err
    for part in (f"error: {tmp_path / 'generator.ckpt'} could not be written", os.strerror(errno.EFBIG), "unchanged"):
        assert part in message
    assert train(tmp_path, 4) == 0 and "at step 2" in capsys.readouterr().err


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 20 MB, where there is the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_loses_nothing(small_disk, capsys):
    """The first checkpoint, 12 MB, fits; the second has to lie beside it for a moment."""
    assert train(small_disk, 1) == 0
    before = contents(small_disk)
    assert train(small_disk, 2) == 1
    assert contents(small_disk) == before
    assert os.strerror(errno.ENOSPC) in capsys.readouterr().err


def test_folder_that_has_become_read_only(small_disk, capsys):
    assert train(small_disk, 1) == 0
    before = contents(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert train(small_disk, 2) == 1
    assert contents(small_disk) == before
    message = capsys.readouterr().err
    assert f"error: {small_disk} could not be written" in message and os.strerror(errno.EROFS) in message
    assert "at step" not in message  # it says so before it trains


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any folder")
def test_folder_without_the_right_to_write(tmp_path, capsys):
    tmp_path.chmod(0o555)
    assert train(tmp_path, 1) == 1
    assert os.strerror(errno.EACCES) in capsys.readouterr().err


def test_folder_below_a_file(tmp_path, capsys):
    (tmp_path / "runs").write_text("a file")
    assert train(tmp_path / "runs/here", 1) == 1
    message = capsys.readouterr().err
    assert f"{tmp_path / 'runs/here'} could not be written" in message and "choose another folder" in message
    assert (tmp_path / "runs").read_text() == "a file"


def test_disk_that_is_full_only_when_the_bytes_are_synchronised(tmp_path, monkeypatch):
    """As on network file systems; fsync is the last moment to learn of it."""

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "numbers.json"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"numbers\.json could not be written: .*No space left"):
        with files.replacing(target) as path:
            path.write_text("new")
    assert contents(tmp_path) == {"numbers.json": b"old"}


def test_damaged_checkpoint_names_itself(tmp_path, capsys):
    checkpoint = tmp_path / "generator.ckpt"
    assert train(tmp_path, 1) == 0
    whole = checkpoint.read_bytes()
    for damaged in (whole[:-1000], b"", b"not a checkpoint"):
        checkpoint.write_bytes(damaged)
        assert train(tmp_path, 2) == 1
        assert f"error: {checkpoint} is not a whole checkpoint" in capsys.readouterr().err
        assert checkpoint.read_bytes() == damaged
