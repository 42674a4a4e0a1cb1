"""PPGN-h with its noise in three places: where the noise is, and what becomes of chains that run away."""

import itertools

import noise_place
import pytest
import stored
import torch

from ppgn_lib import Eps, Noise, chain, conditions, evaluate, update, variants
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

Y, SEEDS = torch.tensor([3, 8, 5]), [1, 2, 3]


def half(h):
    """An R that halves a code."""
    return h / 2


def test_the_noise_is_where_the_place_says():
    h, gradient, noise = torch.randn(3, 4, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    eps1, eps2 = noise_place.EPS1, noise_place.EPS2
    quiet = h - eps1 * h / 2 + eps2 * gradient
    wanted = {
        "without": quiet,
        "after": quiet + noise,
        "stays": quiet + noise - eps1 * noise / 2,
        "inside": quiet + eps1 * noise / 2,  # so little gets through
    }
    for name, place in noise_place.PLACES.items():
        torch.testing.assert_close(place(half, h, gradient, noise), wanted[name])


def test_noise_that_stays_is_noise_after_with_the_gradient_taken_aside():
    """Without a gradient h + n of the one runs as h of the other does, from there on."""
    stream = torch.randn(6, 4, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    none, h = torch.zeros(4, 8, dtype=torch.float64), torch.ones(4, 8, dtype=torch.float64)
    other = h + stream[0]
    for noise, following in itertools.pairwise(stream):
        h = noise_place.stays(half, h, none, noise)
        other = noise_place.after(half, other, none, following)
        torch.testing.assert_close(h + following, other)


@pytest.mark.parametrize(("place", "size"), [("after", noise_place.SIZE), ("without", 0.0)])
def test_eq_11_is_that_of_the_library_judged_after_an_update_without_noise(place, size):
    G, eps = load("generator"), Eps(noise_place.EPS1, noise_place.EPS2, size)
    experts = variants.ppgn_h(load("code_autoencoder"), G, conditions.classes(load("encoder"), Y, "item"))
    states = list(chain(rectified_normal(SEEDS, G.code), *experts, eps, steps=3, seeds=SEEDS))
    first, last = noise_place.walk(place, Y, SEEDS, (0, 3))
    for state, found in ((states[0], first), (states[3], last)):
        wanted = update(state, Eps(eps.eps1, eps.eps2), torch.zeros_like(state.h))
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)


def test_all_places_have_the_same_starts_and_the_same_noise():
    first = {place: next(noise_place.walk(place, Y, SEEDS, (0,))) for place in noise_place.PLACES}
    assert torch.equal(first["after"], first["without"]) and torch.equal(first["inside"], first["without"])
    G, h = load("generator"), rectified_normal(SEEDS, 256)
    h = h + noise_place.SIZE * Noise(SEEDS).draw(h)
    experts = variants.ppgn_h(load("code_autoencoder"), G, conditions.classes(load("encoder"), Y, "item"))
    wanted = update(evaluate(h, *experts), Eps(noise_place.EPS1, noise_place.EPS2), torch.zeros_like(h))
    torch.testing.assert_close(first["stays"], wanted, atol=1e-4, rtol=1e-4)  # judged is the code with its noise
    later = {place: list(noise_place.walk(place, Y, SEEDS, (0, 2)))[1] for place in noise_place.PLACES}
    away = {place: (h - later["without"]).norm() for place, h in later.items()}
    assert 0 < away["inside"] < away["after"] / 3


def test_a_chain_that_runs_away_becomes_grey_and_touches_no_other(monkeypatch):
    plain = list(noise_place.walk("after", Y, SEEDS, (1, 2)))
    begin = rectified_normal(SEEDS, 256)
    begin[1] = 1e38  # G's first layer overflows
    monkeypatch.setattr(noise_place, "rectified_normal", lambda seeds, size: begin)
    lost = list(noise_place.walk("after", Y, SEEDS, (1, 2)))
    for a, b in zip(plain, lost, strict=True):
        assert not b[1].isfinite().all()
        torch.testing.assert_close(b[[0, 2]], a[[0, 2]])
    x, whole = noise_place.pictures(lost[-1])
    assert whole.tolist() == [True, False, True] and not x[1].any() and x[0].any()
    far, finite = noise_place.pictures(torch.full((1, 256), 1e6))
    assert finite.all() and far.abs().max() == 1, "far off and finite: counts as it is"


def test_no_distance_counts_beyond_that_of_two_classes():
    features = torch.tensor([[[0.0], [5.0]], [[1.0], [5.0]], [[9.0], [5.0]]])
    assert noise_place.movement(features, 3.0).tolist() == [2.0, 0.0]


@pytest.fixture
def small(monkeypatch, tmp_path):
    sizes = {"STARTS": 2, "QUIET_STARTS": 2, "FIRST": 0, "EVERY": 2, "PHOTOGRAPHS": 5, "SHOWN": 1}
    for name, value in {**sizes, "STORE": tmp_path / "noise_place.safetensors"}.items():
        monkeypatch.setattr(noise_place, name, value)
    monkeypatch.setattr(noise_place.protocol, "STEPS", 4)
    by_evaluator = noise_place.metrics.judge_with(load("evaluator"), "item")
    monkeypatch.setattr(noise_place.metrics, "imagenet", lambda: by_evaluator)  # EfficientNet takes longer
    noise_place.photographs.cache_clear()
    yield
    noise_place.photographs.cache_clear()


def test_places_are_judged_and_stored_once(small, monkeypatch):
    assert noise_place.main(["after", "without"]) == 0
    tensors, about = stored.read_tensors(noise_place.STORE)
    for place in ("after", "without"):
        entry = about["found"][place]
        assert tensors[place].shape == (10, 3, 32, 32) and tensors[place].dtype == torch.uint8
        assert len(entry["recognised"]) == len(entry["movement"]) == len(entry["finite"]) == 20
        assert len(entry["kid_foreign"]) == 10 and max(entry["movement"]) <= entry["two_classes"]
    monkeypatch.setattr(noise_place, "measured", lambda place: pytest.fail("computed twice"))
    assert noise_place.main(["after"]) == 0
    monkeypatch.setattr(noise_place, "SIZE", 0.3)
    assert stored.entry_of(noise_place.STORE, "after", noise_place.belongs_to()) is None
    with pytest.raises(ValueError, match="did you mean 'inside'"):
        noise_place.main(["insde"])


def test_grey_is_not_recognised_and_does_not_move(small, monkeypatch):
    """Whatever the evaluator takes grey for."""
    monkeypatch.setattr(
        noise_place, "walk", lambda place, y, seeds, at: iter([torch.full((len(y), 256), torch.nan)] * len(at))
    )
    shown, found = noise_place.measured("after")
    assert not shown.any() and not any(found["recognised"]) and not any(found["finite"])
    assert found["movement"] == [0.0] * 20 and all(torch.tensor(found["kid_foreign"]).isfinite())
