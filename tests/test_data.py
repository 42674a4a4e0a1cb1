"""The composite is a function of index and seed, and damaged files are refused by name."""

import gzip
import hashlib
import json
import shutil

import numpy as np
import pytest
import torch

from ppgn_lib import data, files
from ppgn_lib.data import COLOURS, SPLITS, TintedFashion

PUBLISHED_MD5 = {  # README of zalandoresearch/fashion-mnist
    "train-images-idx3-ubyte": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte": "bb300cfdad3c16e7a12a480ee83cd310",
}


@pytest.fixture(scope="module")
def validation() -> TintedFashion:
    return TintedFashion("validation")


def test_files_are_the_published_ones():
    for name, md5 in PUBLISHED_MD5.items():
        assert hashlib.md5(files.locate(f"fashion_mnist/{name}.gz").read_bytes()).hexdigest() == md5


def test_splits_cover_all_images_once():
    covered = np.concatenate([np.asarray(r) for r in SPLITS.values()])
    assert sorted(covered) == list(range(70_000))
    train, test = TintedFashion("train"), TintedFashion("test")
    assert (len(train), len(test)) == (55_000, 10_000)
    assert np.bincount(test.item).tolist() == [1000] * 10  # as Fashion-MNIST's test file


def test_an_image_depends_on_index_and_seed_only(validation):
    whole = validation.batch(range(100), seed=3)
    some = validation.batch([70, 5], seed=3)
    assert torch.equal(whole.x[[70, 5]], some.x) and torch.equal(whole.colour[[70, 5]], some.colour)
    assert not torch.equal(whole.x, validation.batch(range(100), seed=4).x)


def test_images_are_in_range_and_colours_differ(validation):
    batch = validation.batch()
    assert batch.x.dtype == torch.float32 and batch.x.shape == (5000, 3, 32, 32)
    assert batch.x.min() >= -1 and batch.x.max() <= 1
    assert not (batch.colour == batch.background).any()
    # Each of 8 colours has probability 1/8: 5 standard errors of a binomial share.
    for labels in (batch.colour, batch.background):
        shares = torch.bincount(labels, minlength=8) / 5000
        assert (shares - 1 / 8).abs().max() < 5 * (1 / 8 * 7 / 8 / 5000) ** 0.5


def test_background_is_what_its_label_says(validation):
    """The corner pixel is pure background: its hue is within 10 degrees of the named colour's."""
    batch = validation.batch(range(300))
    red, green, blue = (batch.x[:, :, 0, 0] / 2 + 0.5).double().T
    hue = torch.rad2deg(torch.atan2(3**0.5 * (green - blue), 2 * red - green - blue))
    wanted = torch.tensor(data._HUE[batch.background.numpy()]).double()
    off = (hue - wanted + 180) % 360 - 180
    assert off.abs().max() < 10, COLOURS


@pytest.mark.parametrize("indices", [[-1], [5000], [[1, 2]]])
def test_indices_outside_the_split(validation, indices):
    with pytest.raises(ValueError, match=r"0\.\.\.4999"):
        validation.batch(indices)


@pytest.mark.parametrize("indices", [[1.7], [True, False]])
def test_indices_that_are_not_integers(validation, indices):
    with pytest.raises(TypeError, match="flatnonzero"):
        validation.batch(indices)


def test_unknown_split():
    with pytest.raises(ValueError, match="train, validation, test"):
        TintedFashion("valid")


@pytest.fixture
def other_data(tmp_path, monkeypatch):
    """A copy of the small test-label file in a folder of its own, which takes the place of data/."""
    name = "fashion_mnist/t10k-labels-idx1-ubyte.gz"
    (tmp_path / "fashion_mnist").mkdir()
    shutil.copy(files.locate(name), tmp_path / name)
    shutil.copy(files._CHECKOUT / "MANIFEST.json", tmp_path / "MANIFEST.json")
    monkeypatch.setattr(files, "_CHECKOUT", tmp_path)
    monkeypatch.delenv("PPGN_DATA", raising=False)
    return tmp_path / name, name


@pytest.mark.parametrize("damage", ["truncated", "altered"])
def test_damaged_file_names_itself_both_hashes_and_the_cure(other_data, damage):
    path, name = other_data
    content = path.read_bytes()
    content = content[:-100] if damage == "truncated" else content[:99] + bytes([content[99] ^ 1]) + content[100:]
    path.write_bytes(content)
    with pytest.raises(files.DamagedFileError) as error:
        files.locate(name)
    for part in (str(path), files.manifest()[name].sha256, hashlib.sha256(content).hexdigest(), "git checkout"):
        assert part in str(error.value)
    assert path.read_bytes() == content


def test_missing_file_that_cannot_be_downloaded(other_data, monkeypatch, tmp_path):
    path, name = other_data
    path.unlink()
    monkeypatch.setenv("PPGN_DATA", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(files, "RELEASE_URL", "http://127.0.0.1:9/")  # nobody listens there
    with pytest.raises(FileNotFoundError) as error:
        files.locate(name)
    for part in (name, files.manifest()[name].sha256, "PPGN_DATA", "git checkout"):
        assert part in str(error.value)


def test_second_place_is_the_folder_of_the_environment_variable(other_data, monkeypatch, tmp_path):
    path, name = other_data
    there = tmp_path / "elsewhere" / name
    there.parent.mkdir(parents=True)
    shutil.move(path, there)
    monkeypatch.setenv("PPGN_DATA", str(tmp_path / "elsewhere"))
    assert files.locate(name) == there


def test_file_that_is_not_idx(other_data, monkeypatch):
    path, name = other_data
    path.write_bytes(gzip.compress(b"not an IDX file"))
    manifest = json.loads((files._CHECKOUT / "MANIFEST.json").read_text())
    manifest[name]["sha256"] = files.sha256(path)
    (files._CHECKOUT / "MANIFEST.json").write_text(json.dumps(manifest))
    with pytest.raises(files.DamagedFileError, match="not an IDX file"):
        data._read_idx(name, 1)


def test_unknown_file_offers_the_nearest():
    with pytest.raises(KeyError, match=r"t10k-labels-idx1-ubyte\.gz"):
        files.locate("fashion_mnist/t10k-label-idx1-ubyte.gz")


def test_replacing_keeps_the_old_file_when_writing_fails(tmp_path):
    target = tmp_path / "numbers.json"
    target.write_text("old")
    with pytest.raises(OSError, match="disk full"), files.replacing(target) as path:
        path.write_text("half")
        raise OSError("disk full")
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]
    with files.replacing(target) as path:
        path.write_text("new")
    assert target.read_text() == "new" and list(tmp_path.iterdir()) == [target]


def test_all_of_the_manifest_is_there_and_within_the_budget():
    entries = files.manifest()
    for name in entries:
        files.locate(name)
    size = {
        part: sum(e.bytes for n, e in entries.items() if n.startswith(part))
        for part in ("fashion", "weights", "results")
    }
    assert size["fashion"] < 35e6 and size["weights"] < 25e6 and size["results"] < 20e6
    present = {
        p.relative_to(files._CHECKOUT).as_posix()
        for p in files._CHECKOUT.rglob("*")
        if p.is_file() and p.suffix not in (".md", ".svg")
    }
    assert present - {"MANIFEST.json"} == set(entries)
