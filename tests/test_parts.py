"""Pairs that were taught a part."""

import json

import parts
import pytest
import torch

from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.networks.zoo import digest
from ppgn_lib.training import classifier


def classes(name):
    return parts.LESSONS[name].encoder.open("validation").classes["item"]


def test_each_item_is_unseen_in_two_of_four_pairs():
    taught = [classes(name) for name in "abcd"]
    assert [sum(item in of for of in taught) for item in ITEMS] == [2] * 10
    assert set(taught[0]) | set(taught[1]) == set(taught[2]) | set(taught[3]) == set(ITEMS)
    assert set(classes("c")) & {"pullover", "shirt", "sandal", "ankle boot"} == set()


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    monkeypatch.setattr(parts, "WORK", tmp_path)
    monkeypatch.setattr(classifier, "accuracies", lambda net, data: {})  # of 15 000 images: half a minute
    few = {"steps": 2, "batch": 4, "log_every": 1}
    monkeypatch.setattr(parts, "SHORTER", {"encoder": few, "generator": {**few, "width": 4, "d_width": 4}})


def test_a_pair_is_trained_once_and_comes_back_frozen(tiny, tmp_path, monkeypatch):
    E, G = parts.pair("c")
    assert E.classes["item"] == classes("c") and not E.training and not any(p.requires_grad for p in G.parameters())
    x = TintedFashion("validation").batch(range(2)).x
    assert G(E(x).h).shape == x.shape and G(E(x).h).dtype == torch.float32
    card = json.loads((tmp_path / "c/generator.json").read_text())
    assert card["encoder"] == digest(E) and card["command"] == "python tools/runs/parts.py 'c'"
    monkeypatch.setattr(parts, "train_generator", lambda run: pytest.fail("trained twice"))
    assert digest(parts.pair("c").G) == digest(G)
    monkeypatch.setattr(parts, "SEED", 32)
    with pytest.raises(SystemExit, match="made with other settings, images or E: remove"):
        parts.pair("c")


def test_a_second_g_sees_all_and_inverts_the_same_e(tiny):
    (E, G), second = parts.pair("a"), parts.pair("a, G of all")
    assert digest(second.E) == digest(E) and digest(second.G) != digest(G)
    assert (
        len(parts.LESSONS["a, G of all"].generator.open("train"))
        == 55_000
        > len(parts.LESSONS["a"].generator.open("train"))
    )
    with pytest.raises(ValueError, match="unknown key 'e'"):
        parts.main(["e"])


def test_letters_and_items_alone(tiny):
    assert parts.pair("letters").E.classes["letter"][:3] == ("A", "B", "C")
    assert list(parts.pair("item only").E.classes) == ["item"]
