"""EfficientNet as condition: which classes, which items would be right, and that it is stored once."""

import foreign
import pytest
import stored
import torch
import trials
from torch import nn

from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.networks.adapter import Adapted


def test_classes_are_imagenets_and_items_ours():
    for name, items in foreign.NAMES.items():
        assert 0 <= foreign.number_of(name) < 1000 and set(items) <= set(ITEMS)
    found = torch.tensor([ITEMS.index("sandal"), ITEMS.index("sandal"), ITEMS.index("shirt")])
    assert foreign.right_items(["sandal", "volcano", "jersey"], found) == [True, False, True]


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A random network in place of EfficientNet, which takes minutes."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = nn.Sequential(nn.Conv2d(3, 4, 4, 4), nn.ReLU(), nn.Flatten(), nn.Linear(256, 1000))
    net.eval().requires_grad_(False)
    monkeypatch.setattr(foreign, "guide", lambda: Adapted(net))
    monkeypatch.setattr(foreign.efficientnet, "efficientnet_lite1", lambda: net)
    monkeypatch.setattr(foreign, "CHAINS", 2)
    monkeypatch.setattr(foreign, "OF_ITEM", 2)
    monkeypatch.setattr(foreign, "SETTINGS", foreign.SETTINGS[:2])
    monkeypatch.setattr(foreign.protocol, "STEPS", 2)
    monkeypatch.setattr(trials, "REAL", 10)
    monkeypatch.setattr(foreign, "STORE", tmp_path / "foreign.safetensors")


def test_classes_are_tuned_together_and_stored_once(small, monkeypatch):
    assert foreign.main(["sandal", "volcano"]) == 0
    tensors, about = stored.read_tensors(foreign.STORE)
    assert len(about["found"]["tuning"]["points"]) == 2 and about["items"]["sandal"] == ["sandal"]
    for name in ("sandal", "volcano"):
        found = about["found"][name]
        assert tensors[name].shape == (2, 256) and len(found["item"]) == len(found["named_by_sibling"]) == 2
        assert found["p"] == pytest.approx(found["p_sibling"], rel=1e-4), "the same network here"
    photographs = about["found"][foreign.PHOTOGRAPHS]
    counts = {name: len(of["p"]) for name, of in photographs["of_classes"].items()}
    assert counts["sandal"] == 2 and counts["jersey"] == 6 and counts["volcano"] == 20
    assert all(0 <= of["first"] <= len(of["p"]) for of in photographs["of_classes"].values())
    assert list(photographs["named_most"]) == list(ITEMS)
    monkeypatch.setattr(foreign, "measured", lambda *of: pytest.fail("computed twice"))
    assert foreign.main(["sandal"]) == 0
    with pytest.raises(ValueError, match="unknown key 'sandals'; did you mean 'sandal'"):
        foreign.main(["sandals"])
