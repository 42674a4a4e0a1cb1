"""A wider perceptron of codes: its widths, its training, and chains that compare with the stored ones."""

import ablation
import alternatives
import pytest
import side_by_side
import stored
import torch
import trials
import wider
from lightning_fabric import Fabric
from torch import nn

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.code_denoisers import CodeAutoencoder
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.training.card import as_stored
from ppgn_lib.training.code_denoiser import train_code_autoencoder
from ppgn_lib.training.loop import Run
from ppgn_lib.training.source import SHIPPED

FEW = {"images": 64, "tints": 1, "batch": 8, "steps": 3}


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Three steps of eight codes of 64 photographs."""
    settings_of = wider.settings_of
    monkeypatch.setattr(wider, "settings_of", lambda seed: settings_of(seed).changed(**FEW))
    monkeypatch.setattr(wider, "WORK", tmp_path / "runs")
    monkeypatch.setattr(wider, "STORE", tmp_path / "wider.safetensors")
    wider.codes.cache_clear()
    yield tmp_path
    wider.codes.cache_clear()


def widths(net):
    return [layer.out_features for layer in net.layers]


def test_every_hidden_layer_is_twice_as_wide():
    paper, wide = CodeAutoencoder(), wider.WiderAutoencoder()
    assert widths(wide) == [512, 256, 128, 62, 128, 256, 512, 256]
    assert widths(wide)[:-1] == [2 * width for width in widths(paper)[:-1]]
    assert wide(torch.rand(2, 256)).shape == (2, 256) and wide.layers[0].in_features == 256
    slopes = [net.layers[1].weight.std().item() * net.layers[1].in_features ** 0.5 for net in (paper, wide)]
    assert slopes[0] == pytest.approx(slopes[1], rel=0.05), "He's weights, whatever the width"


def test_training_is_that_of_the_library(tiny):
    """The paper's perceptron comes out bit for bit as `python -m ppgn_lib.training code_autoencoder` makes it."""
    ours = wider.autoencoder("paper", 21)
    (tiny / "library").mkdir()
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    run = Run(
        "code_autoencoder", wider.settings_of(21), tiny / "library", fabric, SHIPPED, {"encoder": load("encoder")}
    )
    library = train_code_autoencoder(run).net
    as_stored(library)
    assert digest(ours) == digest(library)
    assert not any(p.requires_grad for p in ours.parameters())
    again = wider.autoencoder("paper", 21)  # from its checkpoint
    assert digest(again) == digest(ours) != digest(wider.autoencoder("paper", 22))


def test_settings_are_the_shipped_perceptrons():
    settings = dict(wider.settings_of(21))
    assert settings.pop("seed") == 21 and settings["steps"] == 6000 and settings["sigma"] == 0.056
    assert digest(wider.autoencoder("paper", wider.SHIPPED_SEED)) == digest(load("code_autoencoder"))


def test_chains_of_the_shipped_perceptron_are_the_first_of_the_stored_ones(monkeypatch):
    monkeypatch.setattr(protocol, "STEPS", 2)
    setting = (0.1, 0.2, 0.0)
    first = alternatives.REPORT["seeds_from"]
    assert list(protocol.seeds_of(first, 20, 10))[::20] == list(protocol.seeds_of(first, 1, 10))
    *_, ends = side_by_side.ppgn_h(setting, torch.arange(10), list(protocol.seeds_of(first, 1, 10)))
    assert torch.equal(wider.walk(load("code_autoencoder"), setting, chains=1), ends.half())


class Grows(nn.Module):
    """A prior that drives codes away, faster and faster."""

    def forward(self, h):
        return h + 1e3 * h**3


def test_a_chain_that_runs_away_keeps_its_last_code(monkeypatch):
    monkeypatch.setattr(protocol, "STEPS", 6)
    ends = wider.walk(Grows(), (1.0, 0.0, 0.0), chains=1)
    assert ends.isfinite().all() and ends.abs().max() == wider.HALF
    assert wider.pictures(ends).isfinite().all()


def test_what_a_perceptron_leaves_of_its_noise(tiny, monkeypatch):
    """The identity leaves all of it; pictures of photographs' own codes are recognised."""
    monkeypatch.setattr(ablation, "PHOTOGRAPHS", 4)
    monkeypatch.setattr(metrics, "imagenet", lambda: metrics.judge_with(load("selector"), "item"))  # a faster one
    ablation.photographs.cache_clear()
    test = TintedFashion("test")
    index = trials.first_of_each(test.labels()["item"], wider.CHAINS)
    ends = load("encoder")(test.batch(index).x).h.half()
    shown, found = wider.measured(nn.Identity(), ends)
    ablation.photographs.cache_clear()
    assert found["noise_left"][0] == pytest.approx(1, abs=0.02) and found["accuracy"][0] > 0.7
    assert shown.shape == (10, 3, 32, 32)


def test_wide_ones_share_the_setting_of_the_first_seed(tiny, monkeypatch):
    monkeypatch.setattr(wider, "real_accuracy", lambda: 0.95)
    tuned, walked = [], []

    def tuning(R):
        tuned.append(digest(R))
        return [{"setting": list(s), "accuracy": 0.5 + i / 10, "kid": 1.0} for i, s in enumerate(wider.SETTINGS)]

    def walk(R, setting, *of, **more):
        walked.append((type(R), tuple(setting)))
        return torch.zeros(10 * wider.CHAINS, 256).half()

    monkeypatch.setattr(wider, "tuning", tuning)
    monkeypatch.setattr(wider, "walk", walk)
    monkeypatch.setattr(wider, "measured", lambda R, ends: (torch.zeros(1), {"accuracy": [float(ends.abs().sum())]}))
    with pytest.raises(SystemExit, match="chosen on seed 6"):
        wider.main(["--seeds", "21"])
    assert wider.main(["--seeds", "6", "21"]) == 0
    assert tuned == [digest(wider.autoencoder("wider", 6))]
    paper = wider.of_side_by_side()[1]
    assert walked == [
        (wider.WiderAutoencoder, wider.SETTINGS[2]),
        (CodeAutoencoder, paper),
        (wider.WiderAutoencoder, wider.SETTINGS[2]),
    ]
    found = stored.read_tensors(wider.STORE)[1]["found"]
    assert set(found) == {"tuning.wider", "paper.6", "wider.6", "paper.21", "wider.21"}
    assert found["paper.6"]["numbers"]["accuracy"][0] > 0, "the stored chains, not new ones"
    assert wider.main(["--seeds", "6", "21"]) == 0 and len(walked) == 3
