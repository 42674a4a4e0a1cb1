"""A folder of images has the interface of the shipped data, trains by the same commands, and says what is wrong."""

import inspect
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open

from ppgn_lib.data import SPLITS, TintedFashion
from ppgn_lib.image_folder import SHARES, ImageFolder, split_of
from ppgn_lib.training.__main__ import main
from ppgn_lib.zoo import load_file


@pytest.fixture
def folder_of_images(tmp_path):
    """Eighteen pictures of three classes, in given splits."""
    folder = tmp_path / "own images"
    rows, columns = torch.meshgrid(torch.arange(40), torch.arange(50), indexing="ij")
    shapes = {
        "disc": (rows - 20) ** 2 + (columns - 25) ** 2 < 150,
        "square": ((rows - 20).abs() < 10) & ((columns - 25).abs() < 10),
        "stripes": columns % 8 < 4,
    }
    for split, numbers in {"train": range(4), "validation": range(4, 5), "test": range(5, 6)}.items():
        for name, shape in shapes.items():
            (folder / split / name).mkdir(parents=True)
            for i in numbers:
                picture = (shape[..., None] * torch.tensor([250, 40 * i, 100])).to(torch.uint8)
                Image.fromarray(picture.numpy()).save(folder / split / name / f"{i}.png")
    return folder


def test_folder_has_the_interface_of_the_shipped_data(folder_of_images):
    own, validation = ImageFolder(folder_of_images, "validation"), TintedFashion("validation")
    assert inspect.signature(ImageFolder.batch) == inspect.signature(TintedFashion.batch)
    shipped, batch = validation.batch([1, 0], seed=3), own.batch([1, 0], seed=3)
    assert type(batch) is type(shipped) and own.split == validation.split
    for a, b in zip(batch, shipped, strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
    assert len(own) == len(own.batch().x) == 3 and own.classes == ("disc", "square", "stripes")
    assert set(batch.colour.tolist() + batch.background.tolist()) == {-1}
    for indices in ([3], torch.tensor([-1])):
        with pytest.raises(ValueError, match=r"0\.\.\.2"):
            own.batch(indices)
    with pytest.raises(TypeError, match="flatnonzero"):
        own.batch([True, False])
    with pytest.raises(ValueError, match="train, validation, test"):
        ImageFolder(folder_of_images, "valid")


def test_image_is_cropped_in_the_middle_and_scaled(folder_of_images):
    """A 64x32 picture, black left and right, white in the middle; the middle half is left, of the other one nothing."""
    picture = np.zeros((32, 64), np.uint8)
    picture[:, 16:48] = 255
    picture[0, 16] = 51
    path = folder_of_images / "test/disc/0.png"
    Image.fromarray(picture).save(path)
    (x,) = ImageFolder(folder_of_images, "test").batch([0]).x  # grey, so three equal channels
    assert x.shape == (3, 32, 32) and x[:, 0, 0].tolist() == pytest.approx([2 * 51 / 255 - 1] * 3)
    assert (x[:, 1:] == 1).all()
    upright = Image.fromarray(picture)
    tag = upright.getexif()
    tag[0x0112] = 3  # orientation: turned by 180 degrees
    upright.save(path, exif=tag)
    assert torch.equal(ImageFolder(folder_of_images, "test").batch([0]).x[0], x.flip(1, 2))


def test_folder_without_splits_is_split_by_the_names(tmp_path):
    """Shares within 5 standard errors of 90 : 5 : 5, each image in one split and in the same one when others come."""
    names = [f"class/{i}.png" for i in range(10_000)]
    splits = [split_of(name) for name in names]
    for split, share in SHARES.items():
        assert abs(splits.count(split) / 10_000 - share) < 5 * (share * (1 - share) / 10_000) ** 0.5

    def found():
        return {split: ImageFolder(tmp_path, split) for split in SPLITS}

    def add(numbers):
        for name in ("cat", "dog"):
            (tmp_path / name).mkdir(exist_ok=True)
            for i in numbers:
                Image.fromarray(np.full((32, 32, 3), i, np.uint8)).save(tmp_path / name / f"{i}.png")

    add(range(100))
    before = found()
    assert sum(map(len, before.values())) == 200 and before["train"].sizes == {s: len(d) for s, d in before.items()}
    assert before["train"].digest == ImageFolder(tmp_path, "train").digest != before["test"].digest
    add(range(100, 120))
    for split, now in found().items():
        kept = now.item * 1000 + now.pixels[:, 0, 0, 0]
        assert set(kept) >= set(before[split].item * 1000 + before[split].pixels[:, 0, 0, 0])


def test_folders_that_cannot_be_used_say_why(folder_of_images, tmp_path):
    def error(folder=folder_of_images, kind=ValueError):
        with pytest.raises(kind) as caught:
            ImageFolder(folder, "train")
        return str(caught.value)

    assert "there is no such folder" in error(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "each of two classes or more; has none" in error(tmp_path / "empty")
    few = tmp_path / "few"
    for name in ("cat", "dog"):
        shutil.copytree(folder_of_images / "train/disc", few / name)
    assert "too few images" in error(few) and "sort them into train, validation, test" in error(few)
    (few / "empty").mkdir()
    assert "empty" in error(few, FileNotFoundError)

    image = folder_of_images / "train/disc/0.png"
    whole = image.read_bytes()
    for damaged in (whole[:60], b"", b"no image"):
        image.write_bytes(damaged)
        assert str(image) in error() and "cannot be read as an image" in error()
    image.write_bytes(whole)
    (folder_of_images / "validation").rename(folder_of_images / "val")
    assert "either exactly train, validation and test" in error()
    (folder_of_images / "val").rename(folder_of_images / "validation")
    (folder_of_images / "test/disc").rename(folder_of_images / "test/dics")
    assert "must have the classes of train, disc, square, stripes; has dics" in error()


OWN = [
    "--accelerator",
    "cpu",
    "--precision",
    "32-true",
    "--set",
    "steps=2",
    "--set",
    "batch=4",
    "--set",
    "save_every=1",
]


def own_training(network, data, out, *more):
    return main([network, "--data", str(data), "--out", str(out), *OWN, *more])


def test_own_images_by_the_command_line(folder_of_images, tmp_path, capsys):
    """E, the evaluator, G and R of a folder of images; what was written is loaded with heads of the folder's classes."""
    out, data = tmp_path / "runs", folder_of_images
    assert own_training("encoder", data, out) == 0
    assert own_training("evaluator", data, out, "--set", "width=4") == 0
    assert own_training("generator", data, out, "--set", "width=4") == 1
    assert "needs --encoder" in capsys.readouterr().err
    narrow = ("--set", "width=4", "--set", "d_width=4", "--encoder", str(out / "encoder.safetensors"))
    assert own_training("generator", data, out, *narrow) == 0

    assert own_training("denoiser", data, out, "--set", "width=8") == 0

    x = ImageFolder(data, "test").batch().x
    assert load_file("denoiser", out / "denoiser.safetensors")(x, 0.3).shape == x.shape
    e, g = load_file("encoder", out / "encoder.safetensors"), load_file("generator", out / "generator.safetensors")
    for seen in (e(g(e(x).h)), load_file("evaluator", out / "evaluator.safetensors")(x)):
        assert [logits.shape for logits in (seen.item, seen.colour, seen.background)] == [(3, 3), (3, 0), (3, 0)]
    with safe_open(out / "encoder.safetensors", framework="pt") as file:
        assert json.loads(file.metadata()["heads"]) == {"item": ["disc", "square", "stripes"]}

    card = json.loads((out / "encoder.json").read_text())
    assert card["data"] == (
        "folder 'own images': 18 images (12 train, 3 validation, 3 test), classes disc, square, stripes"
    )
    assert "--data 'own images'" in card["command"] and str(tmp_path) not in (out / "encoder.json").read_text()
    assert set(card["figures"]) == {"validation item accuracy", "test item accuracy"}


def test_checkpoint_belongs_to_its_images(folder_of_images, tmp_path, capsys):
    """A folder may be moved, not changed, and neither goes on from the shipped images nor they from it."""
    assert own_training("encoder", folder_of_images, tmp_path) == 0
    moved = folder_of_images.rename(tmp_path / "moved")
    assert own_training("encoder", moved, tmp_path) == 0
    shutil.copy(moved / "train/disc/0.png", moved / "train/square/0.png")
    assert own_training("encoder", moved, tmp_path) == 1
    assert "other settings (data)" in capsys.readouterr().err
    assert main(["encoder", "--out", str(tmp_path), *OWN]) == 1
    assert "other settings (data)" in capsys.readouterr().err


def test_unreadable_image_ends_the_command_with_its_name(folder_of_images, tmp_path, capsys):
    (folder_of_images / "train/disc/0.png").write_bytes(b"no image")
    assert own_training("encoder", folder_of_images, tmp_path) == 1
    assert "disc/0.png cannot be read as an image" in capsys.readouterr().err
