"""The composite is a function of index and seed, and damaged files are refused by name."""

import gzip
import hashlib
import http.server
import json
import shutil
import threading
import tomllib
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import torch

from ppgn_lib.data import files, tinted_fashion
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, SPLITS, TintedFashion

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
    assert torch.equal(whole.x[[70, 5]], some.x) and all(
        torch.equal(whole.labels[head][[70, 5]], some.labels[head]) for head in validation.classes
    )
    assert not torch.equal(whole.x, validation.batch(range(100), seed=4).x)


def test_labels_are_those_of_the_batches_and_name_all_classes(validation):
    assert validation.size == 32
    assert validation.classes == {"item": ITEMS, "colour": COLOURS, "background": COLOURS}
    for seed in (0, 3):
        labels, batch = validation.labels(seed), validation.batch(seed=seed)
        assert list(labels) == list(batch.labels) == list(validation.classes)
        for head, names in validation.classes.items():
            assert torch.equal(labels[head], batch.labels[head]) and labels[head].dtype == torch.int64
            assert labels[head].unique().tolist() == list(range(len(names)))


def test_images_are_in_range_and_colours_differ(validation):
    batch = validation.batch()
    assert batch.x.dtype == torch.float32 and batch.x.shape == (5000, 3, 32, 32)
    assert batch.x.min() >= -1 and batch.x.max() <= 1
    assert not (batch.labels["colour"] == batch.labels["background"]).any()
    # Each of 8 colours has probability 1/8: 5 standard errors of a binomial share.
    for head in ("colour", "background"):
        shares = torch.bincount(batch.labels[head], minlength=8) / 5000
        assert (shares - 1 / 8).abs().max() < 5 * (1 / 8 * 7 / 8 / 5000) ** 0.5


def test_background_is_what_its_label_says(validation):
    """The corner pixel is pure background: its hue is within 10 degrees of the named colour's."""
    batch = validation.batch(range(300))
    red, green, blue = (batch.x[:, :, 0, 0] / 2 + 0.5).double().T
    hue = torch.rad2deg(torch.atan2(3**0.5 * (green - blue), 2 * red - green - blue))
    wanted = torch.tensor(tinted_fashion._HUE[batch.labels["background"].numpy()]).double()
    off = (hue - wanted + 180) % 360 - 180
    assert off.abs().max() < 10, COLOURS


def test_an_image_in_another_ones_tints(validation):
    """Its own in its own; the same light and colours, and another thing, in those of another."""
    own = validation.batch([3, 4], seed=2)
    numbers = [validation.start + 3, validation.start + 4]
    assert torch.equal(validation.batch([3, 4], seed=2, tints_of=numbers).x, own.x)
    other = validation.batch([3, 4], seed=2, tints_of=numbers[::-1])
    assert torch.equal(other.labels["colour"], own.labels["colour"].flip(0))
    assert torch.equal(other.labels["item"], own.labels["item"])
    assert torch.equal(other.x[0, :, 0, :], own.x[1, :, 0, :]), "the wall along the upper edge"
    with pytest.raises(ValueError, match="one number for each of 2 images; got 1"):
        validation.batch([3, 4], tints_of=[0])


def test_silhouettes_are_where_the_item_covers_the_wall(validation):
    """Two tints of one photograph differ most where the wall is, or where the item is, as it has another colour."""
    masks = validation.silhouettes(range(50))
    assert masks.shape == (50, 32, 32) and masks.dtype == torch.bool
    assert not masks[:, 0].any() and masks.flatten(1).float().mean(1).min() > 0.02
    x = validation.batch(range(50)).x / 2 + 0.5
    saturation = 1 - x.amin(1) / x.amax(1).clamp(min=0.05)
    assert saturation[masks].median() > 0.6 > 0.45 > saturation[~masks].median()


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


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A release on this machine: its folder, and all that was asked of it."""
    folder, asked = tmp_path / "release", []
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, form, *args):
            asked.append(args[0])

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(files, "_release_url", lambda: f"http://127.0.0.1:{server.server_port}/")
        yield folder, asked
        server.shutdown()


@pytest.mark.parametrize("named", [True, False])
def test_missing_file_is_downloaded_to_where_it_is_looked_for(other_data, release, monkeypatch, tmp_path, named):
    """To the folder of PPGN_DATA if that is set, whatever lies in the checkout, and to the checkout else."""
    path, name = other_data
    there = tmp_path / "elsewhere" / name if named else path
    shutil.copy(path, release[0] / name.replace("/", "__"))
    if named:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.setenv("PPGN_DATA", str(tmp_path / "elsewhere"))
    else:
        path.unlink()
    for _ in range(2):
        assert files.locate(name) == there and files.sha256(there) == files.manifest()[name].sha256
    assert len(release[1]) == 1  # the second time it is there


def test_download_that_is_damaged_is_not_kept(other_data, release):
    path, name = other_data
    path.unlink()
    (release[0] / name.replace("/", "__")).write_bytes(b"something else")
    with pytest.raises(files.DamagedFileError, match="the download of fashion_mnist/t10k-labels"):
        files.locate(name)
    assert not path.exists()


def test_missing_file_that_cannot_be_downloaded(other_data, monkeypatch, tmp_path):
    path, name = other_data
    path.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("PPGN_DATA", str(elsewhere))
    monkeypatch.setattr(files, "_release_url", lambda: "http://127.0.0.1:9/")  # nobody listens there
    with pytest.raises(FileNotFoundError) as error:
        files.locate(name)
    for part in (name, files.manifest()[name].sha256, f"{elsewhere}, which the environment variable PPGN_DATA names"):
        assert part in str(error.value)
    assert "git checkout" in str(error.value)


def test_folder_of_the_environment_variable_comes_first_and_must_exist(other_data, monkeypatch, tmp_path):
    path, name = other_data
    there = tmp_path / "elsewhere" / name
    there.parent.mkdir(parents=True)
    shutil.copy(path, there)
    monkeypatch.setenv("PPGN_DATA", str(tmp_path / "elsewhere"))
    assert files.locate(name) == there
    there.write_bytes(b"altered")
    with pytest.raises(files.DamagedFileError, match="elsewhere"):  # the whole one in the checkout does not count
        files.locate(name)
    assert there.read_bytes() == b"altered"
    monkeypatch.setenv("PPGN_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=r"PPGN_DATA must name an existing folder; got .*nowhere.*unset"):
        files.locate(name)
    monkeypatch.setenv("PPGN_DATA", "")
    assert files.locate(name) == path


def test_without_a_checkout_files_lie_in_the_cache(other_data, monkeypatch, tmp_path):
    monkeypatch.setattr(files, "_CHECKOUT", tmp_path / "none")
    assert files.folder() == files.pooch.os_cache("ppgn_lib")


def test_address_of_the_release_is_that_of_the_project(other_data, monkeypatch):
    """From the metadata of the installation, editable or not; that there are none is said when they are needed."""
    source = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["urls"]["Source"]
    assert files._release_url() == f"{source}/releases/download/{files.RELEASE}/"

    def absent(_name):
        raise metadata.PackageNotFoundError("ppgn_lib")

    path, name = other_data
    monkeypatch.setattr(files.metadata, "metadata", absent)
    assert files.locate(name) == path
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"it is not installed: `pip install -e \.`"):
        files.locate(name)


def test_yaml_that_is_no_mapping(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("steps: 10\n")
    assert files.read_yaml(path) == {"steps": 10}
    path.write_text("- 10\n")
    with pytest.raises(ValueError, match=r"settings\.yaml must hold `key: value` lines; got list"):
        files.read_yaml(path)


def test_file_that_is_not_idx(other_data, monkeypatch):
    path, name = other_data
    path.write_bytes(gzip.compress(b"not an IDX file"))
    manifest = json.loads((files._CHECKOUT / "MANIFEST.json").read_text())
    manifest[name]["sha256"] = files.sha256(path)
    (files._CHECKOUT / "MANIFEST.json").write_text(json.dumps(manifest))
    with pytest.raises(files.DamagedFileError, match="not an IDX file"):
        tinted_fashion._read_idx(name, 1)


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
    assert size["fashion"] < 35e6 and size["weights"] < 25e6 and size["results"] < 25e6
    present = {
        p.relative_to(files._CHECKOUT).as_posix()
        for p in files._CHECKOUT.rglob("*")
        if p.is_file() and p.suffix not in (".md", ".svg")
    }
    assert present - {"MANIFEST.json"} == set(entries)
