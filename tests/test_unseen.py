"""Which items are asked of which pair, and what is stored of them."""

import ablation
import parts
import pytest
import stored
import torch
import trials
import unseen

from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.networks.zoo import load
from ppgn_lib.training import classifier


def test_every_item_is_unseen_in_two_pairs_and_those_of_a_kind_are_asked_at_every_step():
    found = unseen.sets()
    asked = [item for pair in "abcd" for item in found[f"{pair}.noiseless"].items]
    assert sorted(asked) == sorted(2 * list(range(10)))
    for pairs in unseen.STEPS.values():
        names = [pairs] if pairs in parts.LESSONS else list(pairs)
        items = [item for name in names for item in found[f"{name}.like"].items]
        assert sorted(items) == sorted(unseen.LIKE), "each once, by a pair that has not seen it"
    for name, of in found.items():
        if name.endswith((".seen", ".beside")):
            assert list(found).index(of.tuned_as) < list(found).index(name)
        if of.condition:
            assert set(of.items) == set(unseen.seen_by(of.condition))
    similar = {pair: found[f"{pair}.like"].items for pair in "cd"}
    for pair, items in similar.items():
        for item in items:
            kind = next(kind for kind in unseen.KINDS if ITEMS[item] in kind)
            assert any(ITEMS[seen] in kind for seen in unseen.seen_by(pair)), "one of its kind was seen"
    for pair in "ab":
        for item in found[f"{pair}.like"].items:
            kind = next(kind for kind in unseen.KINDS if ITEMS[item] in kind)
            assert not any(ITEMS[seen] in kind for seen in unseen.seen_by(pair)), "and none here"


@pytest.fixture
def small(monkeypatch, tmp_path):
    monkeypatch.setattr(parts, "WORK", tmp_path / "parts")
    monkeypatch.setattr(classifier, "accuracies", lambda net, data: {})
    few = {"steps": 1, "batch": 4, "log_every": 1}
    monkeypatch.setattr(parts, "SHORTER", {"encoder": few, "generator": {**few, "width": 4, "d_width": 4}})
    monkeypatch.setattr(unseen, "STORE", tmp_path / "unseen.safetensors")
    monkeypatch.setattr(unseen, "TUNING_CHAINS", 2)
    monkeypatch.setattr(unseen, "COMPARED", 10)
    monkeypatch.setattr(unseen, "SETTINGS", {name: of[:2] for name, of in unseen.SETTINGS.items()})
    monkeypatch.setattr(unseen.protocol, "STEPS", 2)
    by_evaluator = unseen.metrics.judge_with(load("evaluator"), "item")
    monkeypatch.setattr(unseen.metrics, "imagenet", lambda: by_evaluator)  # EfficientNet takes minutes here
    monkeypatch.setattr(trials, "REAL", 10)
    monkeypatch.setattr(unseen.ablation, "PHOTOGRAPHS", 10)
    caches = (unseen.ablation.photographs, unseen._taught)
    for cache in caches:
        cache.cache_clear()
    of = unseen.sets()
    monkeypatch.setattr(unseen, "sets", lambda: {name: one._replace(chains=3) for name, one in of.items()})
    yield
    for cache in caches:
        cache.cache_clear()


def test_a_set_is_tuned_judged_item_by_item_and_stored_once(small, monkeypatch):
    assert unseen.main(["c.noiseless", "c.beside"]) == 0
    tensors, about = stored.read_tensors(unseen.STORE)
    first, beside = (about["found"][name] for name in ("c.noiseless", "c.beside"))
    assert len(first["points"]) == 2 and beside["points"] == [] and beside["setting"] == first["setting"]
    items = first["numbers"]["items"]
    assert set(items) == {"pullover", "dress", "sandal", "shirt", "ankle boot"}
    for found in items.values():
        assert len(found["named"]) == 3 and found["nearest_seen"] in unseen.seen_by("c")
    assert tensors["c.noiseless"].shape == (10, 3, 32, 32)
    assert list(tensors) == ["c.noiseless"], "pictures that nobody shows are not stored"
    assert beside["numbers"] != first["numbers"], "another condition from the same starts"
    monkeypatch.setattr(unseen, "measured", lambda *of: pytest.fail("computed twice"))
    assert unseen.main(["c.noiseless"]) == 0


def test_a_setting_has_to_be_there_first(small):
    with pytest.raises(SystemExit, match=r"d\.seen has the setting of d\.noiseless: run that first"):
        unseen.main(["d.seen"])
    with pytest.raises(ValueError, match=r"unknown key 'e\.seen'"):
        unseen.main(["e.seen"])


def test_photographs_after_each_pair_are_judged_item_by_item(small, monkeypatch):
    monkeypatch.setattr(unseen, "PAIRS", "c")
    assert unseen.main([unseen.AGAIN]) == 0
    tensors, about = stored.read_tensors(unseen.STORE)
    named = about["found"][unseen.AGAIN]["named"]["c"]
    assert list(named) == list(ITEMS) and all(0 <= share <= 1 for share in named.values())
    x = ablation.photographs().x[::10]  # the first of each item
    assert torch.equal(tensors["reconstructions.photographs"], ablation.as_bytes(x))
    E, G = parts.pair("c")
    expected = ablation.as_bytes(trials.drawn(G, E(x).h)).int()
    assert (tensors["reconstructions.c"].int() - expected).abs().max() <= 1
    monkeypatch.setattr(unseen, "reconstructions", lambda: pytest.fail("computed twice"))
    assert unseen.main([unseen.AGAIN]) == 0


def test_letters_have_seen_no_item(small):
    found = unseen.measured(unseen.sets()["letters.like"]._replace(items=[2]), (0.1, 0.1, 0.0))[1]
    assert found["items"]["pullover"]["nearest_seen"] is None and found["unlike"] > 0.1
