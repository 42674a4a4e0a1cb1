"""Parts of a data set, and the letters that are foreign to it."""

import json

import pytest
import torch

from ppgn_lib.data.part import Part
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.data.tinted_letters import LETTERS, SPLITS, TintedLetters
from ppgn_lib.networks import zoo
from ppgn_lib.networks.small import Encoder
from ppgn_lib.training.__main__ import main
from ppgn_lib.training.recipes import RECIPES, as_options
from ppgn_lib.training.source import part


@pytest.fixture(scope="module")
def validation() -> TintedFashion:
    return TintedFashion("validation")


def test_a_part_has_the_images_of_its_classes_and_counts_these(validation):
    shoes = Part(validation, "item", ("ankle boot", "sneaker"))
    assert shoes.classes == {"item": ("sneaker", "ankle boot"), "colour": COLOURS, "background": COLOURS}
    whole = validation.labels()["item"]
    assert len(shoes) == int((whole == 7).sum() + (whole == 9).sum())
    for seed in (0, 5):
        batch, labels = shoes.batch(seed=seed), shoes.labels(seed)
        original = validation.batch(shoes.index, seed)
        assert torch.equal(batch.x, original.x) and torch.equal(batch.labels["colour"], original.labels["colour"])
        assert [shoes.classes["item"][i] for i in batch.labels["item"][:20]] == [
            ITEMS[i] for i in original.labels["item"][:20]
        ]
        assert all(torch.equal(batch.labels[head], labels[head]) for head in shoes.classes)
    assert torch.equal(shoes.batch([3, 1]).x, shoes.batch(range(5)).x[[3, 1]])


def test_a_part_may_have_fewer_heads(validation):
    items = Part(validation, "item", heads=("item",))
    assert items.classes == {"item": ITEMS} and len(items) == len(validation)
    assert list(items.batch([0]).labels) == list(items.labels()) == ["item"]
    tints = Part(validation, "item", ("bag", "coat"), heads=("colour",))
    assert list(tints.classes) == ["colour"] and len(tints) < len(validation)


@pytest.mark.parametrize(
    ("head", "names", "said"),
    [
        ("items", None, "head: unknown key 'items'; did you mean 'item'"),
        ("item", ("bag", "boot"), "classes of item: unknown key 'boot'"),
        ("item", ("bag",), "two classes or more must be kept of item; got bag"),
        ("colour", ("red", "blue"), "'colour' must be of the image alone"),
    ],
)
def test_a_part_that_cannot_be(validation, head, names, said):
    with pytest.raises(ValueError, match=said):
        Part(validation, head, names)


def test_letters_are_tinted_as_clothes_are_and_depend_on_their_number_only():
    test = TintedLetters("test")
    assert len(test) == len(SPLITS["test"]) and test.classes["letter"] == LETTERS
    batch = test.batch(range(60), seed=2)
    assert torch.equal(batch.x[[40, 7]], test.batch([40, 7], seed=2).x)
    assert batch.x.shape == (60, 3, 32, 32) and batch.x.min() >= -1 and batch.x.max() <= 1
    assert all(torch.equal(batch.labels[head], of[:60]) for head, of in test.labels(2).items())
    first = SPLITS["test"].start
    assert batch.labels["letter"][:3].tolist() == [(first + i) % 26 for i in range(3)]
    assert not (batch.labels["colour"] == batch.labels["background"]).any()
    ink = (test.grey > 100).mean((1, 2))
    assert ink.min() > 0.015 and ink.max() < 0.5, "every letter is there, and whole"
    border = test.grey.copy()
    border[:, 1:-1, 1:-1] = 0
    assert (border.max((1, 2)) > 100).mean() < 0.1, "few are cut off"
    same = test.grey[test.letter == 5]
    assert len({glyph.tobytes() for glyph in same}) == len(same), "no two are drawn alike"
    with pytest.raises(ValueError, match="train, validation, test"):
        TintedLetters("val")


def test_training_on_a_part(tmp_path):
    """E of two items and one head, by the command line; its card says so and so does its command."""
    few = as_options({"steps": 2, "batch": 8, "log_every": 1})
    cpu = ["--accelerator", "cpu", "--precision", "32-true", "--out", str(tmp_path)]
    assert main(["encoder", *few, *cpu, "--items", "bag, ankle boot", "--heads", "item"]) == 0
    E, card = zoo.load_file(tmp_path / "encoder.safetensors"), json.loads((tmp_path / "encoder.json").read_text())
    assert isinstance(E, Encoder) and E.classes == {"item": ("bag", "ankle boot")}
    assert "only the items bag, ankle boot" in card["data"] and "only the heads item" in card["data"]
    assert "--items 'bag,ankle boot' --heads item" in card["command"]
    assert part(("bag", "coat")).identity != part(("bag", "dress")).identity


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--items", "bag,boot"], "classes of item: unknown key 'boot'"),
        (["--items", "bag,coat", "--data", "own"], "--items and --heads are for the shipped images"),
        (["--heads", "items"], "did you mean 'item'"),
    ],
)
def test_wrong_parts_on_the_command_line(arguments, said, capsys):
    assert main(["encoder", *arguments]) == 1
    assert said in capsys.readouterr().err


def test_the_captioner_needs_labels_of_which_captions_speak(capsys):
    assert main(["captioner", "--heads", "item", "--steps", "1"]) == 1
    assert "captions speak of item, colour, background; the data have labels for item" in capsys.readouterr().err
    assert "captioner" in RECIPES
