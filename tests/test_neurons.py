"""Which units are taken, what excites them, and what is stored of their chains."""

import neurons
import pytest
import stored
import torch

from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.networks.features import activations
from ppgn_lib.networks.zoo import load


def test_each_item_is_in_one_group():
    assert sorted(item for group in neurons.GROUPS for item in group) == sorted(ITEMS)
    assert all(item in neurons.GROUPS[g] for item, g in zip(ITEMS, neurons.GROUP_OF.tolist(), strict=True))


def test_the_layer_is_conv5_of_both_towers_before_its_relu():
    E, x = load("encoder"), TintedFashion("validation").batch(range(3)).x
    towers = [activations(E, f"{tower}.conv5")(x) for tower in ("shape", "colours")]
    torch.testing.assert_close(neurons.layer()(x), torch.cat(towers, 1))
    assert neurons.layer()(x).min() < 0
    torch.testing.assert_close(activations(neurons.layer(), "conv5")(x), torch.cat(towers, 1))


def test_facets_are_groups_of_many_of_the_most_exciting_photographs():
    activation, group = neurons.seen()
    channel = neurons.units()[0]
    found = neurons.excited(channel)
    above = activation[:, channel] >= found.level
    assert above.sum() == neurons.EXCITED and activation[found.top[0], channel] == activation[:, channel].max()
    for g in range(len(neurons.GROUPS)):
        assert (g in found.facets) == ((group[above] == g).sum() >= neurons.SHARE)
    assert neurons.FEWEST <= len(found.facets) <= neurons.MOST and len(neurons.units()) == neurons.UNITS


@pytest.fixture
def few(monkeypatch, tmp_path):
    monkeypatch.setattr(neurons, "STORE", tmp_path / "neurons.safetensors")
    monkeypatch.setattr(neurons, "CHAINS", 2)
    monkeypatch.setattr(neurons, "LABELLED", 40)
    neurons.without_condition.cache_clear()
    monkeypatch.setattr(neurons.protocol, "STEPS", 12)


def test_a_unit_is_climbed_and_stored_once(few, monkeypatch):
    channel = neurons.units()[0]
    name = f"conv5.{channel}"
    assert neurons.main([name, neurons.UNSTEERED]) == 0
    tensors, about = stored.read_tensors(neurons.STORE)
    entry = about["found"][name]
    assert tensors[name].shape == (2, 256)
    for head in neurons.HEADS:
        assert len(tensors[f"{name}.{head}"]) == len(entry[f"{head}_facets"]) <= 1, (
            "of two pictures there is one at most"
        )
        assert {entry[f"{head}_facets_{of}"] for of in ("photographs", neurons.UNSTEERED)} <= {0, 1}
    assert set(map(len, (entry["group"], entry["sure"], entry["activation"]))) == {2}
    assert entry["facets"] == neurons.excited(channel).facets and about["found"][neurons.UNSTEERED]["activation"] == []
    with torch.no_grad():
        unsteered = load("generator")(tensors[neurons.UNSTEERED].float()).clamp(-1, 1)
        without = neurons.layer()(unsteered)[:, channel, neurons.ROW, neurons.COLUMN]
    assert (torch.tensor(entry["activation"]) > without).all(), "the same starts, and the condition climbs"
    monkeypatch.setattr(neurons, "followed", lambda channel: pytest.fail("computed twice"))
    assert neurons.main([name]) == 0


def test_a_unit_that_is_not_taken(few):
    with pytest.raises(ValueError, match=r"unknown key 'conv5\.999'"):
        neurons.main(["conv5.999"])


def test_a_facet_is_named_by_what_most_of_it_are_taken_for():
    p = torch.eye(3)[[0, 2, 2]]
    assert neurons._named(p, ("a", "b", "c")) == {"size": 3, "name": "c", "of_name": 2}


def test_photographs_and_chains_without_a_condition_are_as_many_as_those_that_excite(few, monkeypatch):
    asked = []
    monkeypatch.setattr(neurons, "facets", lambda p, threshold: asked.append(len(p)) or [])
    found = neurons._compared(neurons.units()[0], 2)
    assert asked == [2] * 4 and set(found.values()) == {0}
    assert set(neurons._compared(neurons.units()[0], 0).values()) == {0} and len(asked) == 4
