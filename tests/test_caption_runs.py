"""Chains for captions, and for two conditions at once: what is asked for, what is measured, and that it is stored once."""

import caption_judges
import caption_texts
import captions
import parts
import pytest
import several
import stored
import torch
import trials

from ppgn_lib.data.captions import NOUNS, held_out, meant, vocabulary
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.networks import zoo
from ppgn_lib.networks.captioner import Captioner


def test_captions_say_their_labels_and_twins_differ_in_the_colour_alone():
    taught, twins, away, few = (caption_texts.asked(kind, 0) for kind in ("taught", "twins", "held out", "few"))
    for what in (taught, twins, away, few):
        assert [list(meant(text)) for text in what.texts] == what.labels.tolist()
        item, colour, background = what.labels.T
        assert (colour != background).all()
        out = held_out({"item": item, "colour": colour})
        assert out.all() if what is away else not out.any()
    assert taught.labels[:, 0].bincount().tolist() == [caption_texts.AN_ITEM] * 10
    assert (taught.labels != twins.labels).int().tolist() == [[0, 1, 0]] * 40
    for a, b, (_, one, _), (_, other, _) in zip(
        taught.texts, twins.texts, taught.labels.tolist(), twins.labels.tolist(), strict=True
    ):
        swap = a.replace("an orange", "a orange").replace(COLOURS[one], COLOURS[other])
        assert swap == b.replace("an orange", "a orange")
    assert few.texts == [text for i, text in enumerate(taught.texts) if i % caption_texts.AN_ITEM < caption_texts.FEW]
    assert taught.texts != caption_texts.asked("taught", 1).texts


def test_cut_captions_end_with_the_item():
    whole, cut = caption_texts.asked("taught", 0), caption_texts.asked("up to the item", 0)
    assert not cut.whole and whole.whole
    for text, short, item in zip(whole.texts, cut.texts, whole.labels[:, 0].tolist(), strict=True):
        assert text.startswith(short) and short.endswith(NOUNS[ITEMS[item]])


def test_tuning_asks_for_as_many_items_that_were_seen_as_of_others():
    for pair in ("a", "b", "c", "d", "a, G of all", "b, G of all"):
        asked = set(captions.for_tuning(captions.SETS[pair]).labels[:, 0].tolist())
        known = set(parts.LESSONS[pair].encoder.open("validation").classes["item"])
        seen = {item for item in asked if ITEMS[item] in known}
        assert len(seen) == len(asked - seen) == min(len(known), 10 - len(known))
    assert captions.taught(captions.SETS["b, G of all"]) == {"categories": [5, 7, 8, 9], "in_pictures": list(range(10))}
    assert captions.for_tuning(captions.SETS["captions"]).texts == caption_texts.asked("taught", 1).texts


def test_step_sizes_of_parts_are_shares_of_that_of_captions(monkeypatch):
    monkeypatch.setattr(captions, "so_far", lambda name: {"setting": [0.1, 0.2, 0.0]} if name == "captions" else None)
    assert captions.settings_of("a") == [(0.1, 0.1, 0.0), (0.1, 0.2, 0.0), (0.3, 0.1, 0.0), (0.3, 0.2, 0.0)]
    assert captions.settings_of("item only") == captions.SETTINGS
    with pytest.raises(SystemExit, match="x has its setting from classes: run that first"):
        captions.needed("classes", "x")


def test_what_is_tuned_with_is_not_asked_for_later():
    drawn, tuned = (
        caption_texts.asked("taught", caption_texts.DRAWN_BY),
        caption_texts.asked("taught", caption_texts.TUNED_BY),
    )
    later = {
        tuple(row)
        for row in (drawn.labels.tolist() + caption_texts.asked("twins", caption_texts.DRAWN_BY).labels.tolist())
    }
    assert not later & {tuple(row) for row in tuned.labels.tolist()}
    pairs = [set(zip(*(of.tolist() for of in several.pairs(seed, 1)), strict=True)) for seed in (0, 1)]
    assert len(pairs[0]) == len(pairs[1]) == 20 and not pairs[0] & pairs[1]


def test_settings_are_ordered_by_what_the_most_accurate_reaches():
    points = [
        {"setting": [0.1, eps2, 0.0], "accuracy": accuracy, "kid": 0.1}
        for eps2, accuracy in ((0.05, 0.5), (0.1, 0.9), (0.2, 0.8))
    ]
    assert [eps2 for _, eps2, _ in captions.in_order(points)] == [0.1, 0.2, 0.05]


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A captioner of random weights, short chains, few captions, the evaluator in place of EfficientNet."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        nets = [
            Captioner(vocabulary().words, classes={"item": ITEMS}, code=32, hidden=16).eval().requires_grad_(False)
            for _ in range(2)
        ]
    load = zoo.load
    for module in (captions, caption_judges, several, trials):
        monkeypatch.setattr(module, "load", lambda name: nets[0] if name == "captioner" else load(name))
    monkeypatch.setattr(caption_judges, "second", lambda: nets[1])
    monkeypatch.setattr(stored, "made_with", lambda *of, **more: {"code": "any"})
    monkeypatch.setattr(captions.protocol, "STEPS", 2)
    by_evaluator = captions.metrics.judge_with(load("evaluator"), "item")
    monkeypatch.setattr(captions.metrics, "imagenet", lambda: by_evaluator)
    monkeypatch.setattr(trials, "REAL", 10)
    monkeypatch.setattr(captions.ablation, "PHOTOGRAPHS", 10)
    monkeypatch.setattr(caption_judges, "SKIPPED", 20)
    monkeypatch.setattr(caption_judges, "RECONSTRUCTIONS", 3)
    monkeypatch.setattr(captions, "STORE", tmp_path / "captions.safetensors")
    monkeypatch.setattr(several, "STORE", tmp_path / "several.safetensors")
    monkeypatch.setattr(caption_texts, "AN_ITEM", 1)
    for module in (captions, several):
        monkeypatch.setattr(module, "STARTS", 2)
        monkeypatch.setattr(module, "TUNING_STARTS", 2)
        monkeypatch.setattr(module, "SETTINGS", module.SETTINGS[:2])
    caption_texts.asked.cache_clear()
    captions.ablation.photographs.cache_clear()
    yield nets
    caption_texts.asked.cache_clear()
    captions.ablation.photographs.cache_clear()


def test_a_set_of_captions_is_measured_and_stored_once(small, monkeypatch):
    assert captions.main(["captions", "up to the item", "classes"]) == 0
    tensors, about = stored.read_tensors(captions.STORE)
    whole, cut, classes = (about["found"][name] for name in ("captions", "up to the item", "classes"))
    assert cut["points"] == [] and cut["setting"] == whole["setting"] and len(whole["points"]) == 2
    assert tensors["captions.first"].shape == (10, 3, 32, 32) and tensors["captions.first"].dtype == torch.uint8
    wrong = [i for i, (item, *_) in enumerate(whole["seen"]) if item != i // 2]
    assert set(whole["nothing"]) <= set(wrong)
    fools = [whole["log_p"][i] >= whole["level"][i // 2] for i in whole["nothing"]]
    assert fools == sorted(fools, reverse=True), "those that fool come first"
    assert len(tensors["captions.nothing"]) == min(len(whole["nothing"]), captions.MOST_SHOWN)
    assert len(about["found"]["photographs"]["right_before_wrong"]) > 60
    for found in (whole, cut, classes):
        assert torch.tensor(found["seen"]).shape == (20, 3) and set(found["kid_foreign"]) == set(ITEMS)
        assert len(found["nearest"]) == 20
    for found in (whole, cut):
        assert all(len(found[what]) == 20 for what in ("log_p", "log_p_second", "cosine", "length"))
        assert all(p < 0 for p in found["log_p"])
        assert len(found["reconstructions"]["nearest"]) == 30
    assert all(-1 <= c <= 1 for c in whole["cosine"]) and None in cut["cosine"]
    assert len(whole["level"]) == len(whole["level_second"]) == len(cut["level"]) == 10 and "log_p" not in classes
    monkeypatch.setattr(captions, "measured", lambda *of: pytest.fail("computed twice"))
    assert captions.main(["captions"]) == 0


def test_conflict_of_words_is_that_of_their_gradients(small):
    """Words that pull along one line: 1; colours against the item: the mean of -1, -1 and 1."""
    words = vocabulary().encode("a red bag on a blue background")
    along = torch.zeros(2, words.shape[1], 3)
    along[:, [1, 2, 5], 0] = torch.tensor([[1.0, 2.0, 3.0], [1.0, -2.0, 3.0]])
    along[:, 0, 1] = 9.0  # of a word that names nothing
    found = caption_judges._cosines(along, words.expand(2, -1))
    assert found == pytest.approx([1, -1 / 3])
    assert caption_judges._cosines(along[:1, :3], words[:, [0, 0, 2]]) == [None], "the item alone"


def test_colours_asked_for_are_taught_ones_and_words_are_those_before_the_item():
    asked = several.pairs(0, 3)
    assert asked.item.bincount().tolist() == [3 * several.COLOURS_AN_ITEM] * 10
    assert not held_out({"item": asked.item, "colour": asked.colour}).any()
    assert several.pairs(1, 3).colour.tolist() != asked.colour.tolist()


def test_two_conditions_and_each_alone_start_alike_and_are_stored_once(small, monkeypatch):
    assert several.main([]) == 0
    tensors, about = stored.read_tensors(several.STORE)
    found = about["found"]
    assert list(found["tuning"]["setting"]) in [list(setting) for setting in several.SETTINGS]
    assert len(found["tuning"]["points"]) == 2
    for name in several.SETS:
        assert tensors[name].shape == (20, 256)
        assert torch.tensor(found[name]["right"]).shape == (20, 2, 2) and found[name]["item"] == found["both"]["item"]
    ends = [tensors[name].float() for name in several.SETS]
    assert all(not torch.equal(ends[0], other) for other in ends[1:])
    asked = several.pairs(0, 1)
    x = torch.rand(20, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    both, item, colour = (several.SETS[name](asked, 0.3)(x) for name in ("both", "item", "colour"))
    torch.testing.assert_close(both, item + colour)
    torch.testing.assert_close(colour, 0.3 * several.SETS["colour"](asked, 1.0)(x))
    monkeypatch.setattr(several, "measured", lambda *of: pytest.fail("computed twice"))
    assert several.main([]) == 0
