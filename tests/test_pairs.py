"""Three pairs of E and G: that the variants differ in what they should, and that a pair can be trained and sampled."""

import pairs
import pytest
import torch

from ppgn_lib.networks.zoo import digest, load

LOSSES = ("image_weight", "h1_weight", "h_weight", "gan_weight")


def test_both_generators_go_on_equally_long_and_differ_in_noise_and_loss():
    joint = dict(pairs.settings_of("joint_generator", 21))
    plain = dict(pairs.settings_of("joint_generator", 21, **pairs.CONTROL))
    assert {key for key in joint if joint[key] != plain[key]} == {*pairs.NOISES, "h_weight"}
    assert not any(plain[key] for key in pairs.NOISES) and not plain["h_weight"]
    assert all(joint[key] for key in pairs.NOISES) and all(joint[key] for key in LOSSES)
    other = dict(pairs.settings_of("generator", 22))
    assert {key for key, value in pairs.settings_of("generator", 21) if other[key] != value} == {"seed"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "WORK", tmp_path_factory.mktemp("pairs"))
        tiny = {"steps": 2, "batch": 4, "log_every": 1}
        patch.setattr(pairs, "SHORTER", dict.fromkeys(pairs.SHORTER, tiny))
        found = pairs.trained(21)
        again = pairs.trained(21)  # from the checkpoints
        assert [digest(net) for net in found[:3]] == [digest(net) for net in again[:3]]
        return found


def test_pair_has_three_frozen_networks(pair):
    assert digest(pair.plain) != digest(pair.joint)
    assert not any(p.requires_grad for net in pair[:3] for p in net.parameters())
    assert not any(net.training for net in pair[:3])


def test_noise_is_a_tenth_of_the_mean_activation_as_shipped():
    found = pairs.noise_for(load("encoder"))
    shipped = pairs.settings_of("joint_generator", 21)
    assert found["h"] == pytest.approx(shipped.h_noise, rel=0.02)
    assert found["h1"] == pytest.approx(shipped.h1_noise, rel=0.02)


@pytest.mark.parametrize("name", list(pairs.SAMPLERS))
def test_chains_start_at_the_same_codes_and_are_drawn_by_their_own_generator(pair, name, monkeypatch):
    monkeypatch.setattr(pairs.protocol, "STEPS", 2)
    sampler = pairs.SAMPLERS[name]
    states = list(pairs.walk(pair, sampler, (0.1, 0.1, 0.0), torch.arange(10), pairs.SEEDS_FROM))
    rival = list(pairs.walk(pair, pairs.SAMPLERS["noiseless"], (0.1, 0.1, 0.0), torch.arange(10), pairs.SEEDS_FROM))
    assert len(states) == 3 and torch.equal(states[0], rival[0])
    x = pairs.drawn(pair, sampler, states[-1])
    g = pair.joint if name == "joint" else pair.plain
    assert x.shape == (10, 3, 32, 32) and torch.equal(x, g(states[-1]).clamp(-1, 1))
    if name == "dgn_am":  # no prior at all
        assert not sampler.experts(pair, torch.zeros(1, dtype=torch.long), [0]).prior(states[0][:1]).any()


def test_clusters_of_accepted_states_and_of_any():
    """Chain 0 is always accepted, chain 1 never; then one that rests, and has the least there is."""
    features = torch.randn(12, 2, 144, generator=torch.Generator().manual_seed(0))
    accepted = torch.tensor([True, False]).expand(12, 2)
    found = pairs.clusters_visited(features, accepted, torch.tensor([3, 3]))
    assert found["clusters_kept"].value == 0.5 and found["clusters_accepted"].n == 0
    assert found["clusters"].value > 1 and found["clusters"].n == 2
    still = pairs.clusters_visited(features[:1].expand(12, 2, 144), accepted, torch.tensor([3, 3]))
    assert still["clusters"].value == pytest.approx(1)


def test_diverging_chains_are_run_again_at_the_next_best_setting(tmp_path, monkeypatch):
    monkeypatch.setattr(pairs, "STORE", tmp_path / "pairs.safetensors")
    points = [
        {"setting": s, "accuracy": 0.9, "kid": kid} for s, kid in zip(pairs.SETTINGS, (0.3, 0.1, 0.2), strict=True)
    ]
    monkeypatch.setattr(pairs, "tuning", lambda *of: points)
    tried = []

    def measured(pair, sampler, setting):
        tried.append(setting)
        if setting == pairs.SETTINGS[1]:
            raise FloatingPointError
        return torch.zeros(10, 3, 4, 4, dtype=torch.uint8), {"kid": [1.0, 0.9, 1.1, 5]}

    monkeypatch.setattr(pairs, "measured", measured)
    pairs.add("noiseless", 21, None)
    assert tried == [pairs.SETTINGS[1], pairs.SETTINGS[2]]
    pairs.add("dgn_am", 21, None)
    assert tried[-1] == (0.0, *pairs.SETTINGS[2][1:])
    assert pairs.so_far("dgn_am", 21)["setting"] == list(tried[-1]) and pairs.so_far("dgn_am", 22) is None
