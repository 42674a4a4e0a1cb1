"""How soon chains forget where they were: the measure, the choice of the noise, and that all is stored once."""

import memory
import pytest
import stored
import torch

from ppgn_lib import Eps, chain, conditions, update, variants
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

T, CHAINS = 151, 6
OWN = [0.95] * 10  # the share of pairs of photographs in different clusters


def draw(*shape, of=20, seed=0):
    return torch.randint(of, shape, generator=torch.Generator().manual_seed(seed))


def found(cluster, good=None):
    """What all ten classes have in common."""
    good = torch.ones_like(cluster, dtype=torch.bool) if good is None else good
    return memory.by_class(cluster.repeat(1, 10), good.repeat(1, 10), OWN, memory.EVERY, memory.CURVE)


def test_a_chain_that_rests_has_forgotten_nothing():
    chains, forgotten = found(torch.arange(CHAINS).expand(T, CHAINS))
    assert chains == [CHAINS] * 10
    assert all(forgotten[str(updates)] == [0.0] * 10 for updates in memory.CURVE)


def test_a_chain_of_independent_states_has_forgotten_all():
    _, forgotten = found(draw(T, CHAINS))
    for updates in ("20", "100"):
        assert forgotten[updates][0] == pytest.approx(1, abs=0.05)


def test_who_halves_his_memory_every_20_updates_has_forgotten_31_of_32_parts_after_100():
    """With many clusters a state is that of 20 updates before with a chance of a half, else another."""
    cluster, moves = draw(T, 300, of=20), torch.rand(T, 300, generator=torch.Generator().manual_seed(1))
    stays = moves < 0.5 ** (memory.EVERY / 20)
    for t in range(1, T):
        cluster[t] = torch.where(stays[t], cluster[t - 1], cluster[t])
    _, forgotten = found(cluster)
    assert forgotten["20"][0] == pytest.approx(1 / 2, abs=0.03)
    assert forgotten["100"][0] == pytest.approx(31 / 32, abs=0.03)


def test_who_only_trembles_forgets_no_more_in_100_updates_than_in_20():
    own = 3 * torch.arange(CHAINS) + draw(T, CHAINS, of=3)  # three clusters of its own
    _, forgotten = found(own)
    assert forgotten["20"][0] == pytest.approx(2 / 3, abs=0.05)
    assert forgotten["100"][0] == pytest.approx(forgotten["20"][0], abs=0.05)


def test_chains_that_have_all_gone_to_the_same_clusters_are_measured_by_photographs():
    cluster = draw(T, CHAINS, of=2)
    assert memory.between(cluster, torch.ones_like(cluster, dtype=torch.bool)) == pytest.approx(0.5, abs=0.05)
    assert found(cluster)[1]["20"][0] == pytest.approx(0.5 / 0.95, abs=0.05)


def test_pairs_are_exactly_so_many_places_apart():
    cluster = (torch.arange(T) // 4 % 2)[:, None].expand(T, CHAINS)  # the same again after 8 places
    good = torch.ones(T, CHAINS, dtype=torch.bool)
    for lag, share in ((4, 1), (8, 0)):
        there, moved = memory.pairs(cluster, good, lag)
        assert (there == T - lag).all() and (moved == share * (T - lag)).all()
    assert not memory.pairs(cluster, good, T + 5)[0].any()


def test_only_good_states_count_and_a_chain_needs_twenty_pairs_at_both_distances():
    """A state in another cluster that nobody takes for the class is no movement."""
    cluster, good = torch.zeros(T, CHAINS, dtype=torch.long), torch.ones(T, CHAINS, dtype=torch.bool)
    cluster[::2, 0], good[::2, 0] = 5, False
    good[39:, 1] = False  # 35 pairs 20 updates apart, 19 pairs 100 apart
    good[40:, 2] = False  # 36 and 20
    chains, forgotten = found(cluster, good)
    assert chains[0] == CHAINS - 1 and forgotten["20"][0] == 0
    none, nothing = found(cluster, torch.zeros_like(good))
    assert none == [0] * 10 and nothing["20"] == [None] * 10


def test_the_quickest_of_those_that_are_accepted_else_the_most_accepted():
    points = [
        {"setting": [0.1], "accepted": 0.9, "forgotten": 0.2},
        {"setting": [0.2], "accepted": 0.75, "forgotten": 0.5},
        {"setting": [0.3], "accepted": 0.6, "forgotten": 0.9},
        {"setting": [0.4], "diverged": True},
    ]
    assert memory.ranked(points, 0.9) == [(0.2,), (0.1,), (0.3,)]  # from 0.72 on
    assert memory.ranked(points, 1.2) == [(0.1,), (0.2,), (0.3,)]


def test_states_are_judged_after_one_more_update_without_noise():
    y, seeds, eps = torch.tensor([3, 8]), [1, 2], Eps(0.1, 0.2, 0.3)
    E, G = load("encoder"), load("generator")
    experts = variants.noiseless(G, E, conditions.classes(E, y, "item"))
    states = list(chain(rectified_normal(seeds, G.code), *experts, eps, steps=3, seeds=seeds))
    codes = list(memory.codes_of((0.1, 0.2, 0.3), y, seeds, 3))
    wanted = update(states[-1], Eps(0.1, 0.2), torch.zeros(2, 256))
    torch.testing.assert_close(codes[-1], wanted)
    quiet = list(memory.codes_of((0.1, 0.2, 0.0), y, seeds, 3))
    loud = (states[2].h - quiet[1]).norm(dim=1)
    assert len(codes) == 4 and (loud > 1).all(), "the chain itself has its noise"


@pytest.fixture
def small(monkeypatch, tmp_path):
    sizes = {
        **{"STORE": tmp_path / "memory.safetensors", "SETTINGS": [(0.1, 0.2, 0.1), (0.1, 0.2, 0.3)]},
        **{"STEPS": 5, "FIRST": 0, "EVERY": 1, "CHAINS": 2, "PHOTOGRAPHS": 25, "SHOWN": 2, "SHOWN_EVERY": 2},
        **{"TUNING_STEPS": 3, "TUNING_FIRST": 0, "TUNING_CHAINS": 2, "TUNING_PHOTOGRAPHS": 25},
        **{"APART": (1, 2), "FEWEST": 1, "TUNING_FEWEST": 1, "CURVE": (1, 2, 3)},
    }
    for name, value in sizes.items():
        monkeypatch.setattr(memory, name, value)


def test_chains_with_noise_are_tuned_run_and_stored_once(small, monkeypatch):
    assert memory.main(["noise"]) == 0
    tensors, about = stored.read_tensors(memory.STORE)
    tuned, entry = about["found"]["tuning"], about["found"]["noise"]
    assert [point["setting"] for point in tuned["points"]] == [[0.1, 0.2, 0.1], [0.1, 0.2, 0.3]]
    assert 0.7 < tuned["photographs"] <= 1 and entry["setting"] in [[0.1, 0.2, 0.1], [0.1, 0.2, 0.3]]
    assert tensors["noise.item"].shape == tensors["noise.good"].shape == (6, 20)
    assert tensors["noise.cluster"].shape == (3, 6, 20) and tensors["noise.shown"].shape == (2, 10, 256)
    assert len(entry["accepted"]) == len(entry["forgotten"]["2"]["3"]) == 10
    right = tensors["noise.item"] == torch.arange(10).repeat_interleave(2)
    assert entry["accepted"] == right.double().unflatten(1, (10, 2)).mean((0, 2)).tolist()
    assert not (tensors["noise.good"] & ~right).any(), "what is not accepted is not good"
    monkeypatch.setattr(memory, "RUNS", {"noise": lambda: pytest.fail("computed twice")})
    assert memory.main(["noise"]) == 0
    monkeypatch.setattr(memory, "FEWEST", 2)
    assert stored.entry_of(memory.STORE, "noise", memory.belongs_to("noise")) is None, "another rule, another result"
    with pytest.raises(ValueError, match="did you mean 'noise'"):
        memory.main(["noisy"])


def test_the_stored_chains_without_noise_rest(monkeypatch, tmp_path):
    """As chapter 9 says of them: nearly all rest."""
    monkeypatch.setattr(memory, "STORE", tmp_path / "memory.safetensors")
    monkeypatch.setattr(memory.runs, "PHOTOGRAPHS", 40)
    assert memory.main(["without noise"]) == 0
    entry = stored.read_tensors(memory.STORE)[1]["found"]["without noise"]
    there = [share for share in entry["forgotten"]["0"]["100"] if share is not None]
    assert sum(entry["counted"]) > 30 and sum(there) / len(there) < 0.3
    assert "5" not in entry["forgotten"]["0"], "every tenth state is stored"
