"""Series of sounds: small networks, their trainings, what judges them, and the experiment."""

import numpy as np
import pytest
import sound_judges
import sounds
import stored
import torch
from torch.nn import functional as F

from ppgn_lib.book import speech
from ppgn_lib.data.vowels import COEFFICIENTS, MOMENTS, SPEAKERS, Vowels, cepstra, vowels
from ppgn_lib.experts.priors import none
from ppgn_lib.metrics.series import random_features
from ppgn_lib.networks.series import RecurrentClassifier, SeriesClassifier, best_linear
from ppgn_lib.training.series import denoiser_of, taught


def test_a_denoiser_of_a_moment_removes_noise_and_one_seed_makes_one_network():
    x = vowels("train").x
    R, again = (denoiser_of(x, 0.5, steps=60, seed=3) for _ in range(2))
    noisy = x + 0.5 * torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    assert F.mse_loss(R(noisy), x) < 0.5 * 0.25 and not R.training
    assert torch.equal(R(noisy), again(noisy)) and not torch.equal(
        denoiser_of(x, 0.5, steps=60, seed=4)(noisy), R(noisy)
    )
    with pytest.raises(ValueError, match="sigma must be finite and positive"):
        denoiser_of(x, 0.0, steps=1, seed=0)


@pytest.mark.parametrize(
    "net", [SeriesClassifier(COEFFICIENTS, MOMENTS, SPEAKERS), RecurrentClassifier(COEFFICIENTS, SPEAKERS)]
)
def test_classifiers_learn_who_speaks(net):
    train = vowels("train")
    C = taught(net, train.x, train.y, steps=100, seed=0)
    near = vowels("validation")
    assert (C(near.x).argmax(1) == near.y).double().mean() > 0.7
    assert not C.training and not any(p.requires_grad for p in C.parameters())


def test_no_other_linear_map_removes_more_noise():
    """In expectation: |x W - x|^2 + sigma^2 |W|^2."""
    x = torch.randn(50, 6, dtype=torch.float64) @ torch.randn(6, 6, dtype=torch.float64)
    best = best_linear(x, 0.7)

    def error(W):
        return (x @ W - x).square().sum() / len(x) + 0.49 * W.square().sum()

    for seed in range(5):
        other = torch.randn(6, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
        assert error(best) < error(best + 0.01 * other)


def test_random_features_are_the_same_for_all_and_do_not_see_an_offset_within_the_kernel():
    x = vowels("test").x[:8]
    found = random_features(x, count=50)
    assert found.shape == (8, 50) and ((found >= 0) & (found <= 1)).all()
    torch.testing.assert_close(random_features(x[3:4], count=50), found[3:4])
    assert (random_features(x, count=50, seed=1) != found).any()
    inner = random_features(x + 100.0, count=50) - found  # but for the border, where the padding is another number
    assert inner.abs().max() <= 4 / MOMENTS + 1e-9


def test_the_spectrum_of_a_resonance_has_its_peak_where_it_is_and_rings_at_it():
    """c_n = r^n cos(n w) 2 / n is a pair of poles at r exp(+-i w)."""
    w, r = 2 * np.pi * 1500 / speech.RATE, 0.95
    n = np.arange(1, 60)
    c = 2 * r**n * np.cos(n * w) / n
    loud = speech.spectrum(torch.from_numpy(c)[None, :, None], bins=501)[0, :, 0]
    assert abs(loud.argmax().item() * speech.RATE / 2 / 500 - 1500) < 30
    h = speech.ringing(c, 200)
    expected = r ** np.arange(200) * np.sin((np.arange(200) + 1) * w) / np.sin(w)
    np.testing.assert_allclose(h[:50], expected[:50], atol=1e-8)


def test_a_vowel_can_be_heard():
    x = cepstra(vowels("test").x[:1])[0]
    sound = speech.spoken(x, seconds=0.2)
    assert sound.shape == (0.2 * speech.RATE,) and np.isfinite(sound).all() and np.abs(sound).max() == 1
    assert abs(sound[0]) < 0.01 and abs(sound[-1]) < 0.01
    assert not np.allclose(speech.spoken(x, seconds=0.2, pitch=200), sound)
    with pytest.raises(ValueError, match="seconds must be finite and positive"):
        speech.spoken(x, seconds=0)


def test_coefficients_are_those_that_were_measured():
    from safetensors.torch import load_file

    from ppgn_lib.data.files import locate
    from ppgn_lib.data.vowels import resampled

    raw = load_file(locate("vowels/japanese_vowels.safetensors"))
    every = torch.stack(
        [resampled(x[:, :n]) for x, n in zip(raw["series"].float(), raw["length"].tolist(), strict=True)]
    )
    mine = cepstra(vowels("test").x)
    off = torch.cdist(mine.flatten(1), every.flatten(1)).amin(1)
    assert off.max() < 0.01


def test_judges_take_a_chain_that_diverged_for_a_failure():
    test = vowels("test")
    reporter = sound_judges.Reporter()
    lost = test.x.clone()
    lost[:5] = torch.nan
    named = reporter.named(test.x, test.y)
    assert named.double().mean() > 0.85 and not reporter.named(lost, test.y)[:5].any()
    assert torch.equal(reporter.named(lost, test.y)[5:], named[5:])
    assert sound_judges.error(test.x, test.x, 8).max() == 0
    torch.testing.assert_close(
        sound_judges.error(lost, test.x, 8)[:5], test.x[:5, :, 8:].square().mean((1, 2)).double()
    )


def test_copies_are_told_and_the_own_speaker_is_the_nearest():
    train, test = vowels("train"), vowels("test")
    copies, new = (sound_judges.nearest_distance(of.x[:9], of.y[:9], train) for of in (train, test))
    assert copies.max() < 0.05 * new.min(), "0 but for the rounding of differences of squares"
    others = Vowels(train.x, (train.y + 1) % SPEAKERS)
    assert (
        sound_judges.nearest_distance(test.x, test.y, others) > sound_judges.nearest_distance(test.x, test.y, train)
    ).double().mean() > 0.9
    reporter, same = sounds.of_all_seeds()
    own = sound_judges.kid_by_speaker(reporter, test, train)
    for k in range(1, SPEAKERS):
        shifted = [(c + k) % SPEAKERS for c in range(SPEAKERS)]
        assert all(map(float.__lt__, own, sound_judges.kid_by_speaker(reporter, test, train, shifted)))
    others_nearest = sound_judges.nearest_other(reporter, train)
    assert all(other != c for c, other in enumerate(others_nearest))
    assert same["kid_other"] == sound_judges.kid_by_speaker(reporter, train, test, others_nearest)
    assert sound_judges.ratio(2 * test.x[:9], test.x[:9]) == pytest.approx(2)


def test_only_the_chains_that_diverge_are_lost():
    y = torch.arange(4)
    x = sounds.ends(
        none,
        lambda x: (torch.where(y == 2, 1e38, 0.0)[:, None, None] * x.square()).sum((1, 2)),
        sounds.Eps(0.1, 1.0),
        0,
        4,
    )
    assert sound_judges.finite(x).tolist() == [True, True, False, True]


def test_sounds_run_once_and_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(sounds, "STORE", tmp_path / "sounds.safetensors")
    small = {"STEPS_R": 20, "STEPS_C": 20, "CHAINS": 3, "TUNING_CHAINS": 2, "UPDATES": 3, "SHOWN": 2}
    for name, value in small.items():
        monkeypatch.setattr(sounds, name, value)
    monkeypatch.setattr(sounds, "SETTINGS", [(0.1, 3.0, 0.0), (0.1, 3.0, 1.0)])
    assert sounds.main(["--seeds", "0", "1"]) == 0
    tensors, about = stored.read_tensors(sounds.STORE)
    assert set(about["found"]) == {"0", "1"} and tensors["0.denoiser.ends"].shape == (18, COEFFICIENTS, MOMENTS)
    found = about["found"]["1"]
    assert len(found["named_real"]) == SPEAKERS and all(len(found[name]["kid"]) == SPEAKERS for name in sounds.NOISE_OF)
    assert found["denoiser"]["lost"] == 0 and about["found"]["0"]["error_denoiser"] != found["error_denoiser"]
    monkeypatch.setattr(sounds, "followed", lambda seed: pytest.fail("computed twice"))
    assert sounds.main(["--seeds", "1"]) == 0
    with pytest.raises(SystemExit):
        sounds.main(["--seeds", "7"])


def test_the_noise_of_a_setting_is_that_of_its_prior():
    eps = sounds.eps_of((0.1, 3.0, 1.0), "gaussian")
    assert eps.eps3 == pytest.approx(0.2**0.5) and sounds.eps_of((0.1, 3.0, 0.5), "denoiser").eps3 == pytest.approx(
        0.5 * 0.2**0.5 * 0.35
    )
