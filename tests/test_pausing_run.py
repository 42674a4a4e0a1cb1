"""Trainings with and without pausing and BatchNorm: who rests, what unrest is, whose statistics are whose."""

import math

import ablation
import pausing
import pytest
import stored
import torch
from lightning_fabric import Fabric
from torch import nn

from ppgn_lib import metrics
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.training.generator import Adversaries


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Two steps of two pictures with small nets; four photographs a class, and a faster judge."""
    monkeypatch.setattr(ablation, "BUDGET", {**ablation.BUDGET, "batch": 2, "width": 4, "d_width": 4, "log_every": 1})
    monkeypatch.setattr(ablation, "PHOTOGRAPHS", 4)
    monkeypatch.setattr(pausing, "PAPER", {**pausing.PAPER, "steps": 2})
    monkeypatch.setattr(pausing, "PHOTOGRAPHS", 2)
    monkeypatch.setattr(pausing, "STATISTICS", 3)
    monkeypatch.setattr(pausing, "WORK", tmp_path / "runs")
    monkeypatch.setattr(pausing, "STORE", tmp_path / "pausing.safetensors")
    monkeypatch.setattr(pausing.parts, "fabric", lambda: Fabric(accelerator="cpu", devices=1, precision="32-true"))
    monkeypatch.setattr(metrics, "imagenet", lambda: metrics.judge_with(load("selector"), "item"))  # a faster one
    ablation.photographs.cache_clear()
    yield tmp_path
    ablation.photographs.cache_clear()


def pair_of(name):
    kind = pausing.NormedAdversaries if name == "batch_norm" else Adversaries
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    return kind(pausing.settings_of(name, 21), load("encoder"), fabric)


def pictures(count=4):
    return torch.rand(count, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_kinds_differ_in_pausing_and_batch_norm_only():
    rule, without, normed = (dict(pausing.settings_of(name, 21)) for name in pausing.ARMS)
    assert {key for key in rule if rule[key] != without[key]} == {"pause_d_below", "pause_g_above"}
    assert {key for key in rule if rule[key] != normed[key]} == {"batch_norm"}
    weights = {key: rule[f"{key}_weight"] for key in ("image", "h1", "h", "gan")}
    assert weights.pop("h") == 0 and all(weights.values())
    assert (rule["real_label"], rule["beta1"], rule["steps"], rule["batch"]) == (1.0, 0.9, 1000, 32)
    assert (rule["pause_d_below"], rule["pause_g_above"], rule["width"]) == (0.1, 10.0, 16)


@pytest.mark.parametrize("ratio", [1e-9, 1e9])
def test_without_pausing_nobody_rests(tiny, ratio):
    """Whatever the ratio of the last losses was; with the rule one of both does, and stays as it is."""
    for name in pausing.ARMS:
        pair = pair_of(name)
        pair.ratio = torch.tensor(ratio)
        before = {who: [p.clone() for p in net.parameters()] for who, net in pair.nets.items()}
        losses = pair.step(pictures())
        moved = {
            who: any(not torch.equal(a, b) for a, b in zip(before[who], net.parameters(), strict=True))
            for who, net in pair.nets.items()
        }
        rests = {"d": ratio < 1, "g": ratio > 1} if name != "no_rule" else {"d": False, "g": False}
        assert {who: bool(losses[f"{who}_rests"]) for who in "dg"} == rests
        assert moved == {who: not rests[who] for who in "dg"}


def test_unrest_by_hand():
    def of(means):
        return pausing.unrest([{"image": mean} for mean in means])

    falling = [2.0 * 0.9**i for i in range(40)]
    assert of(falling) == pytest.approx(math.log(0.9))
    jump = [*falling]
    jump[30] = falling[29] * math.exp(0.5)
    assert of(jump) == pytest.approx(0.5)
    early = [*falling]
    early[10] *= 5  # over before the last twenty
    assert of(early) == pytest.approx(math.log(0.9))
    low = [*falling]
    low[10] = falling[25] / math.exp(0.2)  # a minimum in the first half counts
    assert of(low) > 0.2
    assert of([1.0] * 39 + [100.0]) == 1.0 and of([]) == 1.0


def test_batch_norm_is_where_dcgan_has_it(tiny):
    """After all layers of G but the last, and all convolutions of D but the first; not in D's linear layers."""
    g, d = pausing.NormedGenerator(width=4), pausing.NormedDiscriminator(width=4)
    assert len(g.flat_norms) == 3 and len(g.norms) == len(g.up) - 1
    assert [type(norm) for norm in d.norms] == [nn.Identity] + [nn.BatchNorm2d] * (len(d.convs) - 1)
    order = []
    for net in (g, d):
        for name, module in net.named_modules():
            if not list(module.children()) and not isinstance(module, nn.Identity):
                module.register_forward_hook(lambda m, _, out, name=name: order.append(name))
    h = torch.rand(4, 256, generator=torch.Generator().manual_seed(0))
    d(g(h), h)
    of_g = [f"defc{7 - i}" for i in range(3)]
    of_g = [name for i, fc in enumerate(of_g) for name in (fc, f"flat_norms.{i}")]
    of_g += [name for i in range(6) for name in (f"up.{i}", f"norms.{i}")] + ["up.6"]
    of_d = ["convs.0"] + [name for i in range(1, 5) for name in (f"convs.{i}", f"norms.{i}")]
    assert order == of_g + of_d + ["image", "code", "fc", "out"]


def test_photographs_and_pictures_are_in_separate_batches(tiny):
    """D's loss on photographs does not depend on the pictures: no statistics in common."""
    pair, sizes = pair_of("batch_norm"), []
    pair.nets["d"].convs[1].register_forward_hook(lambda m, inputs, out: sizes.append(len(out)))
    pair.step(pictures())
    assert sizes == [4, 4, 4] and pair.nets["g"].training and pair.nets["d"].training
    assert not pair.encoder.training


def test_statistics_of_the_average_are_taken_anew():
    """They are the means over the batches, not what the last training step left; weights stay."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        g = pausing.NormedGenerator(width=4)
    batches = torch.rand(5, 32, 256, generator=torch.Generator().manual_seed(1)).unbind()
    g.flat_norms[0].running_mean.fill_(1e3)
    weights = [p.clone() for p in g.parameters()]
    pausing.with_statistics(g, batches)
    expected = torch.stack([g.defc7(h).mean(0) for h in batches]).mean(0)
    torch.testing.assert_close(g.flat_norms[0].running_mean, expected, atol=1e-5, rtol=1e-5)
    assert all(torch.equal(a, b) for a, b in zip(weights, g.parameters(), strict=True))
    pausing.with_statistics(g, batches[:1])
    with torch.no_grad():
        in_training, frozen = g(batches[0]), g.eval()(batches[0])
    # Running variances have 1/(n-1), those of a batch 1/n; n is 32 in the linear layers.
    assert (in_training - frozen).norm() < 0.1 * in_training.norm()


@pytest.mark.parametrize("name", ["rule", "batch_norm"])
def test_a_training_that_was_stopped_ends_as_one_that_was_not(tiny, name):
    settings, E = pausing.settings_of(name, 21), load("encoder")
    whole = pausing.trained(tiny / "whole", settings, E)
    pausing.trained(tiny / "stopped", settings.changed(steps=1), E)
    resumed = pausing.trained(tiny / "stopped", settings, E)
    assert digest(whole.g) == digest(resumed.g) and not whole.g.training
    assert resumed.rests.steps == whole.rests.steps == 2 and resumed.rests.rested == whole.rests.rested
    assert resumed.log == whole.log and len(whole.log) == 2


def test_a_training_that_breaks_down_is_restless_and_grey(tiny):
    settings = pausing.settings_of("no_rule", 21).changed(lr=1e30, steps=4)
    outcome = pausing.trained(tiny / "broken", settings, load("encoder"))
    assert outcome.g is None and 1 <= outcome.rests.steps < 4
    shown, found = pausing.measured(outcome)
    assert found["broke_down"] and found["numbers"]["unrest"] == [1.0]
    assert found["numbers"]["kid_foreign"][0] > 0 and set(shown.unique().tolist()) <= {127, 128}


def test_each_is_stored_once(tiny, monkeypatch):
    assert pausing.main(["rule", "batch_norm", "--seeds", "21"]) == 0
    tensors, about = stored.read_tensors(pausing.STORE)
    assert set(tensors) == set(about["found"]) == {"rule.21", "batch_norm.21"}
    for found in about["found"].values():
        assert 0 <= found["numbers"]["rests"][0] <= 1 and found["numbers"]["unrest"][0] <= 1
    monkeypatch.setattr(pausing, "trained", lambda *of: pytest.fail("trained twice"))
    assert pausing.main(["rule", "--seeds", "21"]) == 0
    with pytest.raises(ValueError, match="did you mean 'rule'"):
        pausing.main(["rules"])
