"""``python -m ppgn_lib.metrics``: two folders of images, judged block by block by any classifier."""

import re

import pytest
import torch
from PIL import Image

from ppgn_lib.data.batches import Batch
from ppgn_lib.data.folder import ImageFolder
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.metrics import Judgement, protocol
from ppgn_lib.metrics import __main__ as metrics_command
from ppgn_lib.metrics.__main__ import main as command
from ppgn_lib.networks import zoo
from ppgn_lib.networks.judges import Selector


def by_pixels(x):
    """A judge without weights: features are pixels of a small version, the class is the brightest corner's."""
    small = torch.nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)
    return Judgement(small, small[:, [0, 3]])


@pytest.fixture
def write(tmp_path):
    """Writes real pictures, brighter by an offset, into subfolders of these names."""
    real = protocol.real_images(TintedFashion("test"), by_pixels, 8)

    def to(folder, names, offset=0.0, size=32):
        x = torch.nn.functional.interpolate((real.x + offset).clamp(-1, 1), size=(size, size), mode="nearest")
        for i, (picture, y) in enumerate(zip(x, real.y.tolist(), strict=True)):
            path = tmp_path / folder / names[y] / f"{i}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray((picture * 127.5 + 127.5).round().byte().permute(1, 2, 0).numpy()).save(path)
        return str(tmp_path / folder)

    return to


def lines(text):
    return dict(re.split(r"  +", line, maxsplit=1) for line in text.splitlines())


def test_command_compares_two_folders(write, tmp_path, capsys):
    digits = [str(c) for c in range(10)]
    one, two = write("one", digits), write("two", digits, 0.1)
    assert command([one, one]) == 0
    assert lines(capsys.readouterr().out)["coverage"].startswith("1.000")
    assert command([one, two, "--neighbours", "3", "--pixels", "50"]) == 0
    found = lines(capsys.readouterr().out)
    assert "classes more diverse" in found and "in order" in found["accuracy"]
    assert found["what follows is of"].startswith("50 samples and 50 real images, drawn at random")
    assert list(found).index("coverage") < list(found).index("what follows is of") < list(found).index("1 - MS-SSIM")
    assert command([one, str(tmp_path / "absent")]) == 1
    assert "there is no such folder" in capsys.readouterr().err
    small = write("small", digits, size=16)
    assert command([one, small]) == 1
    assert "32 and 16 pixels: give --size" in capsys.readouterr().err
    assert command([small, small]) == 0  # too small for MS-SSIM, which then is left out
    assert "1 - MS-SSIM" not in lines(capsys.readouterr().out)
    assert command([small, one, "--size", "32"]) == 0
    for wrong, message in (("evaluatr", "must be one of .*evaluator"), ("generator", "must be a classifier")):
        assert command([one, one, "--judge", wrong]) == 1
        assert re.search(message, capsys.readouterr().err)


def test_command_knows_the_classes_of_the_judge_by_name(write, capsys):
    """Subfolders are sorted by name, the judge's classes are not: real test images are recognised nonetheless."""
    folder = write("named", ITEMS)
    assert sorted(ITEMS) != list(ITEMS)
    assert command([folder, folder]) == 0
    accuracy = lines(capsys.readouterr().out)["accuracy"]
    assert float(accuracy.split()[0]) > 0.8 and "in order" not in accuracy


def test_command_takes_a_judge_from_a_file(write, tmp_path, capsys):
    """Of classes, heads and image sizes of its own."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = Selector({"colour": COLOURS, "kind": (*ITEMS, "hat")}, width=4).eval()
    zoo.save(net, tmp_path / "judge.safetensors")
    folder = write("named", ITEMS, size=64)
    judge = ["--judge", str(tmp_path / "judge.safetensors")]
    assert command([folder, folder, *judge]) == 0
    assert "accuracy" in lines(capsys.readouterr().out)  # by the head that has the classes, the second one
    assert command([folder, folder, *judge, "--head", "colour"]) == 0
    assert "accuracy" not in lines(capsys.readouterr().out)
    assert command([folder, folder, *judge, "--head", "kinds"]) == 1
    assert "did you mean 'kind'" in capsys.readouterr().err


def test_images_are_judged_block_by_block(write, monkeypatch):
    """Never more of them in memory than a block, or than are asked for to compare their pixels."""
    data = ImageFolder(write("one", ITEMS))
    batches = []

    def batch(indices=None, seed=0):
        found = ImageFolder.batch(data, indices, seed)
        batches.append(len(found.x))
        return Batch(found.x, found.labels)

    monkeypatch.setattr(data, "batch", batch)
    monkeypatch.setattr(metrics_command, "BLOCK", 30)
    metrics_command.compare(data, data, metrics_command.NamedJudge(by_pixels, ("a", "b")), k=3, pixels=40)
    assert batches == [30, 30, 20, 30, 30, 20, 40, 40]
