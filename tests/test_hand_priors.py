"""Priors on the book's own data, and the script that tunes them: what counts, what is chosen, what is stored."""

import json

import hand_priors
import pytest
import torch

from ppgn_lib import apart
from ppgn_lib.book import class_gradients, hand_designed
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts import conditions
from ppgn_lib.experts.ascent import CodeAscent
from ppgn_lib.metrics import Judgement
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import value_and_grad

CHECKED = ("command", "protocol", "made_with")


def test_starts_are_the_same_however_many_there_are():
    few, y, seeds = hand_designed.starts(1, 7)
    many, all_y, _ = hand_designed.starts(3, 7)
    assert torch.equal(many[::3], few) and torch.equal(all_y[::3], y) and list(y) == list(range(10))
    assert len(set(hand_designed.starts(3, 7)[2])) == 30 and set(seeds) < set(hand_designed.starts(3, 7)[2])
    full = hand_designed.starts(3, 7, contrast=1.0)[0]
    assert full.abs().max() == 1 and torch.allclose(full[full.abs() < 1], 10 * many[full.abs() < 1])


def test_recognised_is_what_both_networks_say():
    """Pictures of one grey; the climbed network is sure of class 1 above 0.5, and the judge sees it from 0 on."""
    grey = torch.tensor([-0.9, 0.2, 0.6, 3.0])
    x, y = grey.view(4, 1, 1, 1).expand(4, 3, 32, 32), torch.ones(4, dtype=torch.long)

    def logits(x, middle, slope):
        of_one = slope * (x.mean((1, 2, 3)) - middle)
        return torch.stack([-of_one, of_one], 1)

    ok, sure = hand_designed.recognised(lambda x: logits(x, 0.4, 10), lambda x: Judgement(x, logits(x, 0.0, 1)), x, y)
    assert ok.tolist() == [False, False, True, True]
    # of the cut picture
    assert sure.tolist() == pytest.approx(torch.sigmoid(20 * (grey.clamp(max=1) - 0.4)).tolist())
    contrary, _ = hand_designed.recognised(
        lambda x: logits(x, 0.4, 10), lambda x: Judgement(x, -logits(x, 0.0, 1)), x, y
    )
    assert not contrary.any()


def test_unlikely_classes_are_unlikely_and_not_those_of_the_photographs():
    E, G = load("encoder"), load("generator")
    h, y = class_gradients.unlikely(E, G, "validation", 5, 0)
    assert len(h) == len(y) == 5 and (class_gradients.given(E, G, h, y) < class_gradients.UNLIKELY).all()
    items = TintedFashion("validation").batch(range(20)).labels["item"]
    codes = hand_priors.metrics.in_blocks(lambda x: E(x).h, TintedFashion("validation").batch(range(20)).x)
    at = torch.cdist(h, codes).argmin(1)
    assert (y != items[at]).all()


def test_gradients_of_table_s2():
    """(b) is (c) times p, the released one (a) times 1 - p; for each of two chains."""
    E, x, y = load("encoder").double(), TintedFashion("validation").batch(range(2)).x.double(), torch.tensor([3, 8])
    net = class_gradients.item_logits(E)
    p = net(x).softmax(1)[range(2), y].view(2, 1, 1, 1)
    c, a, b, released = (value_and_grad(form(net, y), x)[1] for form in class_gradients.FORMS.values())
    assert list(class_gradients.FORMS)[-1] == class_gradients.RELEASED
    assert torch.allclose(b, p * c, rtol=1e-9, atol=1e-15) and torch.allclose(released, (1 - p) * a, rtol=1e-9)
    assert torch.equal(c, value_and_grad(conditions.classes(E, y, "item"), x)[1])


def test_two_best_settings_are_tried_again_and_the_better_one_is_taken(monkeypatch):
    """Shares by strength and steps; the third setting was lucky at first."""
    shares = {2: {1: [0.1, 0.5], 2: [0.4, 0.2], 3: [0.9, 0.0]}, 8: {1: [0.2, 0.6], 3: [0.3, 0.1]}}
    asked = []

    def tried(name, strength, eps2, chains, first_seed):
        asked.append((strength, chains, first_seed))
        looks = [
            {"steps": steps, "recognised": share, "sure": 0.5}
            for steps, share in zip((6, 24), shares[chains][strength], strict=True)
        ]
        return {"strength": strength, "eps2": eps2, "after": looks}

    monkeypatch.setattr(hand_priors, "tried", tried)
    monkeypatch.setattr(hand_priors, "ROWS", {"one": ((1, 2, 3), (0.3,))})
    found = hand_priors.tuned("one")
    assert found["chosen"] == {"strength": 1, "eps2": 0.3, "steps": 24, "recognised": 0.6, "sure": 0.5}
    assert asked == [(1, 2, 60_000), (2, 2, 60_000), (3, 2, 60_000), (1, 8, 60_500), (3, 8, 60_500)]
    assert [len(found[key]) for key in ("tried", "again")] == [3, 2]


def test_of_equal_settings_the_one_that_e_is_surer_of():
    looks = [{"recognised": 0.5, "sure": 0.2}, {"recognised": 0.5, "sure": 0.9}, {"recognised": 0.4, "sure": 1.0}]
    assert max(looks, key=hand_priors.score) is looks[1]


def test_of_equal_step_sizes_the_largest(monkeypatch):
    monkeypatch.setattr(hand_priors, "FACTORS", [0.1, 1.0, 10.0, 100.0])
    monkeypatch.setattr(hand_priors, "successes", lambda form, factor: {1.0: 3, 10.0: 3}.get(factor, 1))
    assert hand_priors.climbed("logit (a)") == {"successes": [1, 3, 3, 1], "factor": 10.0}


def test_chains_whose_numbers_overflow_have_no_success(monkeypatch):
    monkeypatch.setattr(hand_priors, "CLIMB", {"starts": 2, "steps": 2, "seed": 0})
    assert hand_priors.successes("logit (a)", 1e38) == 0


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Two rows and one gradient, of a step or two."""
    monkeypatch.setattr(hand_priors, "STORE", tmp_path / "hand_priors.json")
    monkeypatch.setattr(hand_priors, "LOOKS", [1, 2])
    monkeypatch.setattr(hand_priors, "FIRST", {"chains": 1, "seeds_from": 1})
    monkeypatch.setattr(hand_priors, "AGAIN", {"settings": 1, "chains": 1, "seeds_from": 2})
    monkeypatch.setattr(hand_priors, "ROWS", {"Gaussian": ((0.1,), (0.3,)), "Fourier": ((0.03,), (1.0,))})
    monkeypatch.setattr(hand_priors, "FORMS", ["softmax (b)"])
    monkeypatch.setattr(hand_priors, "FACTORS", [1.0])
    monkeypatch.setattr(hand_priors, "CLIMB", {"starts": 1, "steps": 1, "seed": 0})
    return tmp_path / "hand_priors.json"


def test_what_is_there_is_not_computed_again(tiny, monkeypatch):
    tuned = hand_priors.tuned

    def interrupted(name):
        if name == "Fourier":
            raise KeyboardInterrupt
        with pytest.raises(PermissionError):
            apart.reports("the evaluator")
        return tuned(name)

    monkeypatch.setattr(hand_priors, "tuned", interrupted)
    with pytest.raises(KeyboardInterrupt):
        hand_priors.main([])
    assert list(json.loads(tiny.read_text())["priors"]) == ["Gaussian"]
    apart.reports("the evaluator")  # no longer tuning
    computed = []
    monkeypatch.setattr(hand_priors, "tuned", lambda name: computed.append(name) or tuned(name))
    assert hand_priors.main([]) == 0 and computed == ["Fourier"]
    before = tiny.read_bytes()
    assert hand_priors.main([]) == 0 and computed == ["Fourier"] and tiny.read_bytes() == before
    found = json.loads(before)
    assert [look["steps"] for look in found["priors"]["Fourier"]["tried"][0]["after"]] == [1, 2]
    assert found["gradients"]["softmax (b)"] == {"successes": [0], "factor": 1.0}
    assert hand_priors.main(["--anew"]) == 0 and computed == ["Fourier", "Gaussian", "Fourier"]
    assert tiny.read_bytes() == before
    monkeypatch.setattr(hand_priors, "LOOKS", [1, 3])  # another protocol
    assert hand_priors.so_far(hand_priors.belongs_to()) == {"priors": {}, "gradients": {}}


STORED = json.loads(hand_priors.STORE.read_text())


def test_store_belongs_to_the_present_networks_and_code_and_is_whole():
    """Else: `python tools/runs/adopt.py` if only code has changed that computes the same, `make results` if not."""
    assert {key: STORED[key] for key in CHECKED} == hand_priors.belongs_to()
    assert list(STORED["priors"]) == list(hand_priors.ROWS) == list(hand_priors.families())
    assert list(STORED["gradients"]) == hand_priors.FORMS
    for name, found in STORED["priors"].items():
        assert len(found["tried"]) == 6 and len(found["again"]) == 2
        chosen, family = found["chosen"], hand_priors.families()[name]
        assert family(chosen["strength"])._replace(eps2=chosen["eps2"], steps=chosen["steps"]).steps
        assert isinstance(family(chosen["strength"]), CodeAscent) == (name in ("Fourier", "fixed magnitude"))


def test_stored_numbers_still_come_out_of_the_code(tmp_path, monkeypatch):
    """And another number is noticed."""
    assert hand_priors.differing() == []
    other = json.loads(json.dumps(STORED))
    other["priors"]["Fourier"]["tried"][0]["after"][0]["sure"] += 0.1
    (tmp_path / "other.json").write_text(json.dumps(other))
    monkeypatch.setattr(hand_priors, "STORE", tmp_path / "other.json")
    monkeypatch.setattr(hand_priors, "PROBED", ["Fourier"])
    assert hand_priors.differing() == ["hand-designed priors: Fourier"]
