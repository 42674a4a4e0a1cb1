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


def test_all_go_on_to_the_next_best_setting_where_chains_of_one_diverge(tmp_path, monkeypatch):
    monkeypatch.setattr(retrained, "STORE", tmp_path / "retrained.safetensors")
    monkeypatch.setattr(retrained.ablation, "SEEDS", (11, 12))
    monkeypatch.setattr(retrained.stored, "made_with", lambda *of: {})  # it reads many files
    monkeypatch.setattr(retrained, "accuracy_of_photographs", lambda: 0.95)
    monkeypatch.setattr(retrained, "generator", lambda name, seed: (name, seed))
    kids = {"noiseless": (0.3, 0.1, 0.2), "joint": (0.3, 0.3, 0.4)}  # together: the second, the first, the third

    def tuning(g, sampler):
        assert g[1] == 11
        return [
            {"setting": s, "accuracy": 0.9, "kid": kid} for s, kid in zip(retrained.SETTINGS, kids[g[0]], strict=True)
        ]

    made = []

    def measured(g, sampler, setting, y, seeds_from):
        made.append((*g, setting, seeds_from))
        if g == ("joint", 12) and setting == retrained.SETTINGS[1]:
            raise FloatingPointError
        return torch.zeros(10, 3, 4, 4, dtype=torch.uint8), {"kid": [1.0, 0.9, 1.1, 5]}

    monkeypatch.setattr(retrained, "tuning", tuning)
    monkeypatch.setattr(retrained, "measured", measured)
    assert retrained.main(["noiseless"]) == 0
    assert [setting for *_, setting, _ in made] == [retrained.SETTINGS[1]] * 2
    monkeypatch.setattr(retrained, "tuning", None)  # once
    assert retrained.main(["joint"]) == 0 and retrained.unfinished(["noiseless.11"], retrained.common())
    made.clear()
    assert retrained.main([]) == 0
    assert [(name, seed) for name, seed, *_ in made] == [(n, s) for n in ("noiseless", "dgn_am") for s in (11, 12)]
    assert {setting for *_, setting, _ in made} == {retrained.SETTINGS[0]}
    starts = [seeds_from for *_, seeds_from in made]
    assert starts[0] == starts[2] and starts[1] >= starts[0] + retrained.CHAINS and starts[1] < starts[0] + 1000
    assert all(retrained.so_far(key)["setting"] == list(retrained.SETTINGS[0]) for key in retrained.samples())
