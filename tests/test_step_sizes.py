"""What is measured of the chains of each setting: mixing, which chains count, and where noise goes in bursts."""

import pytest
import step_sizes
import torch

T, B = 11, 4


def all_good():
    return torch.ones(T, B, dtype=torch.bool)


def test_chains_that_rest_do_not_mix():
    cluster = torch.arange(B).expand(T, B)
    assert step_sizes.moved(cluster, all_good(), 5) == (0.0, B)


def test_chains_that_forget_where_they_were_mix_as_different_chains_do():
    generator = torch.Generator().manual_seed(0)
    cluster = torch.randint(10, (200, 20), generator=generator)
    share, counted = step_sizes.moved(cluster, torch.ones_like(cluster, dtype=torch.bool), 5)
    assert share == pytest.approx(1, abs=0.02) and counted == 20


def test_only_good_states_count():
    """A chain that shows its second cluster in states that nobody accepts has not moved."""
    cluster = torch.zeros(T, B, dtype=torch.long)
    cluster[:, 1] = 1
    cluster[6:, 0] = 2
    good = all_good()
    good[6:, 0] = False
    share, counted = step_sizes.moved(cluster, good, 5)
    assert share == 0 and counted == B


def test_chain_without_two_states_far_enough_apart_is_not_counted():
    good = all_good()
    good[4:, 0] = False
    assert step_sizes.moved(torch.arange(B).expand(T, B), good, 5)[1] == B - 1


@pytest.mark.parametrize("good", [torch.zeros(T, B, dtype=torch.bool), all_good()])
def test_nothing_is_said_where_nothing_counts_or_all_are_alike(good):
    assert step_sizes.moved(torch.zeros(T, B, dtype=torch.long), good, 5)[0] is None


def test_bursts_without_noise_are_the_chain_without_bursts():
    y, seeds = torch.tensor([3]), [1]
    quiet = list(step_sizes.bursts((0.1, 0.2, 0.0), y, seeds, 50))
    plain = list(step_sizes.runs.noiseless((0.1, 0.2, 0.0), y, seeds, 50))
    assert len(quiet) == len(plain) == 51
    assert torch.equal(quiet[-1], plain[-1])


def test_noise_comes_in_the_last_updates_of_a_period_only():
    y, seeds = torch.tensor([3]), [1]
    loud = list(step_sizes.bursts((0.1, 0.2, 0.5), y, seeds, 50))
    plain = list(step_sizes.runs.noiseless((0.1, 0.2, 0.0), y, seeds, 50))
    same = [torch.equal(a, b) for a, b in zip(loud, plain, strict=True)]
    assert same == [t <= step_sizes.QUIET for t in range(51)]
