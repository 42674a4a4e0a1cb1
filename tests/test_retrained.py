"""Three trainings of G: that the variants take the G and the settings they should, and can be sampled."""

import ablation
import pytest
import retrained
import torch

from ppgn_lib.networks.zoo import digest


@pytest.fixture(scope="module")
def g(tmp_path_factory):
    """G of each row of the ablation that is used, after two steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ablation, "WORK", tmp_path_factory.mktemp("ablation"))
        patch.setattr(ablation, "BUDGET", {**ablation.BUDGET, "steps": 2, "batch": 4, "log_every": 1})
        return {name: retrained.generator(name, 11) for name in retrained.SAMPLERS}


def test_noiseless_and_dgn_am_share_a_generator_and_joint_has_its_own(g):
    assert digest(g["noiseless"]) == digest(g["dgn_am"]) != digest(g["joint"])
    assert not any(p.requires_grad for net in g.values() for p in net.parameters())
    joint, plain = (dict(ablation.settings_of(retrained.SAMPLERS[name].row, 11)) for name in ("joint", "noiseless"))
    assert {key for key in joint if joint[key] != plain[key]} == {"x_noise", "h1_noise", "h_noise", "h_weight"}


@pytest.mark.parametrize("name", list(retrained.SAMPLERS))
def test_chains_start_at_the_same_codes_and_are_drawn_by_their_own_generator(g, name, monkeypatch):
    monkeypatch.setattr(retrained.protocol, "STEPS", 2)
    sampler = retrained.SAMPLERS[name]
    y = torch.arange(10)
    states = list(retrained.walk(g[name], sampler, (0.1, 0.1, 0.0), y, retrained.SEEDS_FROM))
    rival = retrained.SAMPLERS["noiseless"]
    others = list(retrained.walk(g["noiseless"], rival, (0.1, 0.1, 0.0), y, retrained.SEEDS_FROM))
    assert len(states) == 3 and torch.equal(states[0], others[0])
    assert torch.equal(states[-1], others[-1]) == (name == "noiseless")
    x = retrained.drawn(g[name], states[-1])
    assert x.shape == (10, 3, 32, 32) and torch.equal(x, g[name](states[-1]).clamp(-1, 1))


def test_prior_of_dgn_am_is_none_and_that_of_joint_has_noise(g):
    h = torch.rand(2, 256, generator=torch.Generator().manual_seed(0))
    condition = retrained.conditions.classes(retrained.load("encoder"), torch.tensor([1, 2]), "item")
    priors = {
        name: [sampler.experts(g[name], condition, seeds).prior(h) for seeds in ([0, 1], [2, 3])]
        for name, sampler in retrained.SAMPLERS.items()
    }
    assert not priors["dgn_am"][0].any()
    assert torch.equal(*priors["noiseless"]) and not torch.equal(*priors["joint"])


def test_clusters_of_accepted_states_and_of_any():
    """Chain 0 is always accepted, chain 1 never; then one that rests, and has the least there is."""
    features = torch.randn(12, 2, 144, generator=torch.Generator().manual_seed(0))
    accepted = torch.tensor([True, False]).expand(12, 2)
    found = retrained.clusters_visited(features, accepted, torch.tensor([3, 3]))
    assert found["clusters_kept"].value == 0.5 and found["clusters_accepted"].n == 0
    assert found["clusters"].value > 1 and found["clusters"].n == 2
    still = retrained.clusters_visited(features[:1].expand(12, 2, 144), accepted, torch.tensor([3, 3]))
    assert still["clusters"].value == pytest.approx(1)


def test_settings_are_chosen_once_and_diverging_chains_run_again_at_the_next_best(tmp_path, monkeypatch):
    monkeypatch.setattr(retrained, "STORE", tmp_path / "retrained.safetensors")
    with pytest.raises(SystemExit, match="from 'noiseless' with seed 11: run that first"):
        retrained.add("dgn_am", 11, None)
    points = [
        {"setting": s, "accuracy": 0.9, "kid": kid} for s, kid in zip(retrained.SETTINGS, (0.3, 0.1, 0.2), strict=True)
    ]
    monkeypatch.setattr(retrained, "tuning", lambda *of: points)
    tried = []

    def measured(g, sampler, setting):
        tried.append(setting)
        if setting == retrained.SETTINGS[1]:
            raise FloatingPointError
        return torch.zeros(10, 3, 4, 4, dtype=torch.uint8), {"kid": [1.0, 0.9, 1.1, 5]}

    monkeypatch.setattr(retrained, "measured", measured)
    retrained.add("noiseless", 11, None)
    assert tried == [retrained.SETTINGS[1], retrained.SETTINGS[2]]
    monkeypatch.setattr(retrained, "tuning", None)  # what the first seed chose is taken
    retrained.add("noiseless", 12, None)
    assert retrained.so_far("noiseless", 12)["setting"] == list(retrained.SETTINGS[2])
    retrained.add("dgn_am", 11, None)
    assert tried[-1] == (0.0, *retrained.SETTINGS[2][1:])
    assert retrained.so_far("dgn_am", 11)["setting"] == list(tried[-1]) and retrained.so_far("dgn_am", 12) is None
