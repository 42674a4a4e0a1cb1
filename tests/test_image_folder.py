"""A folder of images has the interface of the shipped data, trains by the same commands, and says what is wrong."""

import inspect
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from ppgn_lib.data.folder import SHARES, ImageFolder, split_of
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.zoo import load_file
from ppgn_lib.training.__main__ import main


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
    own, validation = ImageFolder(folder_of_images, "validation", size=32), TintedFashion("validation")
    ours, shipped = (inspect.signature(kind.batch).parameters for kind in (ImageFolder, TintedFashion))
    assert list(ours.items()) == list(shipped.items())[: len(ours)]
    assert all(more.kind is more.KEYWORD_ONLY for more in list(shipped.values())[len(ours) :]), (
        "tints are of these alone"
    )
    shipped, batch = validation.batch([1, 0], seed=3), own.batch([1, 0], seed=3)
    assert type(batch) is type(shipped) and (own.split, own.size) == (validation.split, validation.size)
    for a, b in ((batch.x, shipped.x), (batch.labels["class"], shipped.labels["item"])):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
    assert len(own) == len(own.batch().x) == 3 and own.classes == {"class": ("disc", "square", "stripes")}
    assert batch.labels["class"].tolist() == [1, 0] and own.labels()["class"].tolist() == [0, 1, 2]
    assert own.batch(range(0)).x.shape == (0, 3, 32, 32)
    for indices in ([3], torch.tensor([-1])):
        with pytest.raises(ValueError, match=r"0\.\.\.2"):
            own.batch(indices)
    with pytest.raises(TypeError, match="flatnonzero"):
        own.batch([True, False])
    with pytest.raises(ValueError, match="train, validation, test"):
        ImageFolder(folder_of_images, "valid", size=32)
    with pytest.raises(ValueError, match="size must be an integer of at least 1"):
        ImageFolder(folder_of_images, "validation", size=0)


def test_image_is_cropped_in_the_middle_and_scaled(folder_of_images):
    """A 64x32 picture, black left and right, white in the middle; the middle half is left, of the other one nothing."""
    picture = np.zeros((32, 64), np.uint8)
    picture[:, 16:48] = 255
    picture[0, 16] = 51
    path = folder_of_images / "test/disc/0.png"
    Image.fromarray(picture).save(path)
    (x,) = ImageFolder(folder_of_images, "test", size=32).batch([0]).x  # grey, so three equal channels
    assert x.shape == (3, 32, 32) and x[:, 0, 0].tolist() == pytest.approx([2 * 51 / 255 - 1] * 3)
    assert (x[:, 1:] == 1).all()
    upright = Image.fromarray(picture)
    tag = upright.getexif()
    tag[0x0112] = 3  # orientation: turned by 180 degrees
    upright.save(path, exif=tag)
    assert torch.equal(ImageFolder(folder_of_images, "test", size=32).batch([0]).x[0], x.flip(1, 2))


@pytest.mark.parametrize("shape", [(40, 57), (57, 40), (32, 70), (20, 33)])
def test_resizing_is_torchvisions(tmp_path, shape):
    from torchvision.transforms import functional

    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    Image.fromarray(picture).save(tmp_path / "a.png")
    expected = functional.center_crop(functional.resize(Image.fromarray(picture), 32), 32)
    (x,) = ImageFolder(tmp_path, size=32).batch().x
    assert torch.equal(x, functional.pil_to_tensor(expected) / 127.5 - 1)


def picture_of(mode):
    """Two pixels side by side, dark and bright or transparent, and the RGB they stand for."""
    two = Image.fromarray(np.array([[51, 204]], np.uint8))
    grey = [[51] * 3, [204] * 3]
    if mode == "1":
        return two.point(lambda v: 255 * (v > 100)).convert("1"), [[0] * 3, [255] * 3]
    if mode in ("I;16", "I;16B"):
        return Image.fromarray(np.array([[51 * 257 + 128, 65535]], np.uint16)), [[51] * 3, [255] * 3]
    if mode == "CMYK":  # cyan and nothing, in Pillow's simple reading
        return Image.fromarray(np.array([[[255, 0, 0, 0], [0, 0, 0, 0]]], np.uint8), "CMYK"), [[0, 255, 255], [255] * 3]
    if mode in ("LA", "RGBA"):  # the second one with a fifth of its colour left
        layers = [two] * (len(mode) - 1) + [Image.fromarray(np.array([[255, 51]], np.uint8))]
        return Image.merge(mode, layers), [[51] * 3, [round(204 * 0.2 + 255 * 0.8)] * 3]
    palette = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    palette.putpalette([10, 20, 30, 40, 50, 60])
    if mode == "P transparent":
        palette.info["transparency"] = 1
        return palette, [[10, 20, 30], [255] * 3]
    return (palette, [[10, 20, 30], [40, 50, 60]]) if mode == "P" else (two, grey)


@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        *((mode, "png") for mode in ("1", "L", "P", "P transparent", "LA", "RGBA", "I;16")),
        *((mode, "tif") for mode in ("L", "CMYK", "RGBA", "I;16")),
        ("P transparent", "gif"),
    ],
)
def test_pictures_of_every_kind_become_rgb_of_8_bits(tmp_path, mode, suffix):
    picture, expected = picture_of(mode)
    more = {"transparency": 1} if mode == "P transparent" else {}
    picture.save(tmp_path / f"a.{suffix}", **more)
    (x,) = ImageFolder(tmp_path).batch().x
    found = ((x + 1) * 127.5).round().int()[:, 0].T
    assert (found - torch.tensor(expected)).abs().max() <= 1, (found, expected)


@pytest.mark.parametrize(("kind", "word"), [(np.int32, "integers"), (np.float32, "floats")])
def test_pictures_of_32_bits_are_refused(tmp_path, kind, word):
    Image.fromarray(np.zeros((4, 4), kind)).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match=rf"a\.tif cannot be read as an image \(32-bit {word}"):
        ImageFolder(tmp_path)


def test_whole_folder_of_classes_of_splits_or_of_pictures(folder_of_images):
    """Without a split all images are there; the rotation of a picture counts before its size is compared."""
    assert len(ImageFolder(folder_of_images)) == 18
    some = ImageFolder(folder_of_images / "train")
    assert len(some) == 12 and some.classes == {"class": ("disc", "square", "stripes")} and some.split is None
    assert some.size == 40 and some.batch([0]).x.shape == (1, 3, 40, 50)
    alone = ImageFolder(folder_of_images / "train/disc")
    assert len(alone) == 4 and alone.classes == {"class": ("disc",)} and set(alone.labels()["class"].tolist()) == {0}
    path = folder_of_images / "train/disc/2.png"
    turned = Image.open(path).transpose(Image.Transpose.ROTATE_90)
    turned.save(path)
    with pytest.raises(ValueError, match=r"disc/2\.png has 40x50 pixels, not 50x40 as the first: give a size"):
        ImageFolder(folder_of_images / "train/disc")
    tag = turned.getexif()
    tag[0x0112] = 6  # to be turned by a quarter, clockwise
    turned.save(path, exif=tag)
    assert torch.equal(ImageFolder(folder_of_images / "train/disc").batch().x, alone.batch().x)
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(path)
    with pytest.raises(ValueError, match="9x9 pixels"):  # changed since the folder was listed
        alone.batch()
    shutil.copy(path, folder_of_images / "train/beside.png")
    with pytest.raises(ValueError, match=r"beside\.png lies beside the subfolders"):
        ImageFolder(folder_of_images / "train")


def test_pixels_are_read_when_they_are_asked_for(folder_of_images):
    own = ImageFolder(folder_of_images, "test", size=32)
    before = own.batch().x
    path = folder_of_images / "test/disc/5.png"
    Image.fromarray(np.full((32, 32), 255, np.uint8)).save(path)
    assert (own.batch([0]).x == 1).all() and torch.equal(own.batch([1, 2]).x, before[1:])
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(ValueError, match=r"disc/5\.png cannot be read as an image"):
        own.batch()


def test_folder_without_splits_is_split_by_the_names(tmp_path):
    """Shares within 5 standard errors of 90 : 5 : 5, each image in one split and in the same one when others come."""
    names = [f"class/{i}.png" for i in range(10_000)]
    splits = [split_of(name) for name in names]
    for split, share in SHARES.items():
        assert abs(splits.count(split) / 10_000 - share) < 5 * (share * (1 - share) / 10_000) ** 0.5

    def found():
        return {split: ImageFolder(tmp_path, split, size=32) for split in SHARES}

    def keys(data):
        return set((data.labels()["class"] * 1000 + ((data.batch().x[:, 0, 0, 0] + 1) * 127.5).round()).tolist())

    def add(numbers):
        for name in ("cat", "dog"):
            (tmp_path / name).mkdir(exist_ok=True)
            for i in numbers:
                Image.fromarray(np.full((32, 32, 3), i, np.uint8)).save(tmp_path / name / f"{i}.png")

    add(range(100))
    before = found()
    assert sum(map(len, before.values())) == 200 and before["train"].sizes == {s: len(d) for s, d in before.items()}
    assert before["train"].digest == ImageFolder(tmp_path, "train").digest != before["test"].digest
    assert len(set().union(*map(keys, before.values()))) == 200
    add(range(100, 120))
    for split, now in found().items():
        assert keys(now) >= keys(before[split])


def test_folders_that_cannot_be_used_say_why(folder_of_images, tmp_path):
    def error(folder=folder_of_images):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 (the messages are compared below)
            ImageFolder(folder, "train", size=32)
        return str(caught.value)

    assert "there is no such folder" in error(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "each of two classes or more; has none" in error(tmp_path / "empty")
    few = tmp_path / "few"
    for name in ("cat", "dog"):
        shutil.copytree(folder_of_images / "train/disc", few / name)
    assert "too few images" in error(few) and "sort them into train, validation, test" in error(few)
    (few / "empty").mkdir()
    assert "few/empty has no images" in error(few)

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


OWN = ["--accelerator", "cpu", "--precision", "32-true", "--steps", "2", "--batch", "4", "--save-every", "1"]


def own_training(network, data, out, *more):
    return main([network, "--data", str(data), "--out", str(out), *OWN, *more])


def test_own_images_by_the_command_line(folder_of_images, tmp_path, capsys):
    """E, the evaluator, G and R of a folder of images; what was written is loaded with heads of the folder's classes."""
    out, data = tmp_path / "runs", folder_of_images
    assert own_training("encoder", data, out) == 0
    assert own_training("evaluator", data, out, "--width", "4") == 0
    assert own_training("generator", data, out, "--width", "4") == 1
    assert "needs --encoder" in capsys.readouterr().err
    narrow = ("--width", "4", "--d-width", "4", "--encoder", str(out / "encoder.safetensors"))
    assert own_training("generator", data, out, *narrow) == 0

    assert own_training("denoiser", data, out, "--width", "8") == 0

    x = ImageFolder(data, "test", size=32).batch().x
    assert load_file(out / "denoiser.safetensors")(x, 0.3).shape == x.shape
    e, g, judge = (load_file(out / f"{name}.safetensors") for name in ("encoder", "generator", "evaluator"))
    for seen in (e(g(e(x).h)), judge(x)):
        assert {head: logits.shape for head, logits in seen.logits.items()} == {"class": (3, 3)}
    assert e.classes == judge.classes == {"class": ("disc", "square", "stripes")}

    card = json.loads((out / "encoder.json").read_text())
    assert card["data"] == (
        "folder 'own images': 18 images (12 train, 3 validation, 3 test), classes disc, square, stripes"
    )
    assert "--data 'own images'" in card["command"] and str(tmp_path) not in (out / "encoder.json").read_text()
    assert set(card["figures"]) == {"validation class accuracy", "test class accuracy"}


def test_checkpoint_belongs_to_its_images(folder_of_images, tmp_path, capsys):
    """A folder may be moved, not changed, and neither goes on from the shipped images nor they from it."""
    assert own_training("encoder", folder_of_images, tmp_path) == 0
    moved = folder_of_images.rename(tmp_path / "moved")
    assert own_training("encoder", moved, tmp_path) == 0
    shutil.copy(moved / "train/disc/0.png", moved / "train/square/0.png")
    assert own_training("encoder", moved, tmp_path) == 1
    assert "other settings (data)" in capsys.readouterr().err
    assert main(["encoder", "--out", str(tmp_path), *OWN]) == 1
    assert "other settings (data, size)" in capsys.readouterr().err


def test_unreadable_image_ends_the_command_with_its_name(folder_of_images, tmp_path, capsys):
    (folder_of_images / "train/disc/0.png").write_bytes(b"no image")
    assert own_training("encoder", folder_of_images, tmp_path) == 1
    assert "disc/0.png cannot be read as an image" in capsys.readouterr().err
