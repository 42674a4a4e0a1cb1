"""What the selector says of settings."""

import pytest
import torch
import trials

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load


def test_photographs_are_taken_for_their_class_noise_is_not_and_what_diverges_is_marked():
    validation = TintedFashion("validation")
    y = protocol.classes_of(4)
    items = validation.labels()["item"]
    photographs = validation.batch(torch.cat([(items == c).nonzero()[-4:, 0] for c in range(10)])).x

    def ends(setting, y):
        if setting == (2.0,):
            raise FloatingPointError("step 3")
        return photographs if setting == (0.0,) else torch.rand_like(photographs) * 2 - 1

    real, noise, diverged = trials.tried([(0.0,), (1.0,), (2.0,)], y, ends)
    assert real["accuracy"] > 0.7 > 0.3 > noise["accuracy"] and real["kid"] < noise["kid"]
    assert diverged == {"setting": (2.0,), "diverged": True}
    assert protocol.choose([real, noise, diverged], 0.9)["setting"] == (0.0,)


def test_the_evaluator_stays_shut_meanwhile():
    shut = []

    def ends(setting, y):
        with pytest.raises(PermissionError, match="evaluator"):
            load("evaluator")(torch.zeros(1, 3, 32, 32))
        shut.append(setting)
        raise FloatingPointError

    trials.tried([(0.0,)], torch.arange(10), ends)
    assert shut == [(0.0,)]


def test_settings_from_the_best_one_down():
    points = [
        {"setting": (1.0,), "accuracy": 0.9, "kid": 0.3},
        {"setting": (2.0,), "diverged": True},
        {"setting": (3.0,), "accuracy": 0.5, "kid": 0.1},
        {"setting": (4.0,), "accuracy": 0.95, "kid": 0.2},
    ]
    assert trials.from_best(points, 0.9) == [(4.0,), (1.0,), (3.0,)]


def test_distance_to_what_a_picture_was_to_be_and_what_diverges_is_not_chosen():
    x = TintedFashion("validation").batch(range(20)).x

    def ends(setting):
        if setting == "lost":
            raise FloatingPointError
        return {"same": x, "near": (x + 0.05).clamp(-1, 1), "others": x.roll(1, 0)}[setting]

    tried = trials.distances(["others", "lost", "near", "same"], x, ends)
    found = dict(tried)
    assert found["same"] < 1e-5 < found["near"] < found["others"] and found["lost"] is None
    assert trials.nearest_of(tried) == "same"
    with pytest.raises(FloatingPointError, match="all of 1 settings"):
        trials.nearest_of([("lost", None)])


def test_diverging_chains_go_on_to_the_next_setting():
    tried = []

    def measured(setting):
        tried.append(setting)
        if len(tried) < 3:
            raise FloatingPointError
        return "whole"

    assert trials.first_whole([(1.0,), (2.0,), (3.0,), (4.0,)], measured) == ((3.0,), "whole")
    assert tried == [(1.0,), (2.0,), (3.0,)]
    with pytest.raises(FloatingPointError, match="chains of all settings diverge"):
        trials.first_whole([(1.0,)], lambda _: (_ for _ in ()).throw(FloatingPointError()))
