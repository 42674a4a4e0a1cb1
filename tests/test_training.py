"""Losses by hand, who learns in a step, the pausing rule, resuming."""

import dataclasses
import json
import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from ppgn_lib import losses, options
from ppgn_lib.evaluators import Evaluator
from ppgn_lib.networks import Discriminator, Encoder, Generator
from ppgn_lib.training.__main__ import main
from ppgn_lib.training.classifier import augment, train_classifier
from ppgn_lib.training.config import ClassifierConfig, DenoiserConfig, GeneratorConfig, read_config
from ppgn_lib.training.denoiser import train_denoiser
from ppgn_lib.training.generator import Adversaries, Previews, Turn, digest, pause, train_generator
from ppgn_lib.training.loop import batch_indices

TINY = GeneratorConfig(width=4, d_width=4, steps=4, batch=8, save_every=2, log_every=2)


def cpu() -> Fabric:
    return Fabric(accelerator="cpu", devices=1, precision="32-true")


def test_losses_by_hand():
    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, 4.0]])
    assert losses.image_loss(a, b).item() == pytest.approx((1 + 4) / 2)
    assert losses.feature_loss(a, b).item() == pytest.approx(((1 + 4) / 2) / ((0 + 16) / 2))
    logits = torch.tensor([0.0, math.log(3)])  # D = 1/2 and 3/4
    assert losses.gan_loss(logits).item() == pytest.approx((-math.log(1 / 2) - math.log(3 / 4)) / 2)
    both = (-math.log(1 / 2) - math.log(3 / 4)) / 2 + (-math.log(1 / 2) - math.log(1 / 4)) / 2
    assert losses.d_loss(logits, logits).item() == pytest.approx(both)
    smooth = (-math.log(1 / 2) - 0.9 * math.log(3 / 4) - 0.1 * math.log(1 / 4)) / 2
    assert losses.d_loss(logits, torch.full((2,), -100.0), 0.9).item() == pytest.approx(smooth)


@pytest.mark.parametrize(
    ("ratio", "turn"), [(0.05, (False, True)), (0.1, (True, True)), (10, (True, True)), (11, (True, False))]
)
def test_pausing_rule(ratio, turn):
    assert pause(ratio) == Turn(*turn)


def weights(net):
    return {key: value.clone() for key, value in net.state_dict().items()}


def same(net, before):
    return all(torch.equal(value, before[key]) for key, value in net.state_dict().items())


@pytest.mark.parametrize(
    ("ratio", "d_learns", "g_learns"), [(1.0, True, True), (0.01, False, True), (100.0, True, False)]
)
def test_each_step_changes_only_whose_turn_it_is(encoder, ratio, d_learns, g_learns):
    pair = Adversaries(TINY, encoder, cpu())
    pair.ratio = torch.tensor(ratio)
    before = {name: weights(net) for name, net in {**pair.nets, "e": encoder}.items()}
    pair.step(torch.rand(8, 3, 32, 32) * 2 - 1, 0)
    assert same(pair.nets["d"], before["d"]) is not d_learns
    assert same(pair.nets["g"], before["g"]) is not g_learns
    assert same(encoder, before["e"])


def test_step_of_d_alone_leaves_g_and_the_reverse(encoder):
    pair = Adversaries(TINY, encoder, cpu())
    x = torch.rand(8, 3, 32, 32) * 2 - 1
    real = encoder(x)
    g, d = weights(pair.nets["g"]), weights(pair.nets["d"])
    pair._step_d(x, pair.g(real.h).detach(), real.h, train=True)
    assert same(pair.nets["g"], g) and not same(pair.nets["d"], d)
    d = weights(pair.nets["d"])
    pair._step_g(x, pair.g(real.h), real, train=True)
    assert same(pair.nets["d"], d) and not same(pair.nets["g"], g)


@pytest.mark.parametrize("weight", ["image_weight", "h1_weight", "h_weight", "gan_weight", None])
def test_each_loss_moves_g_by_its_weight(encoder, weight):
    """One loss alone moves G; with all weights zero nothing does."""
    zero = dict.fromkeys(("image_weight", "h1_weight", "h_weight", "gan_weight"), 0.0)
    pair = Adversaries(dataclasses.replace(TINY, **zero | ({weight: 1.0} if weight else {})), encoder, cpu())
    before = weights(pair.nets["g"])
    pair.step(torch.rand(8, 3, 32, 32) * 2 - 1, 0)
    assert same(pair.nets["g"], before) is (weight is None)


def test_learning_rate_halves(encoder):
    pair = Adversaries(GeneratorConfig(width=4, d_width=4, halve_every=10, lr=1e-3), encoder, cpu())
    rates = []
    for t in (0, 9, 10, 25):
        pair.step(torch.zeros(4, 3, 32, 32), t)
        rates.append(pair.adam_g.param_groups[0]["lr"])
    assert rates == [1e-3, 1e-3, 5e-4, 2.5e-4]


def test_resumed_training_ends_bit_identical(encoder, tmp_path):
    whole, _, log, looks = train_generator(TINY, encoder, tmp_path / "whole", cpu())
    half = GeneratorConfig(**{**vars(TINY), "steps": 2})
    train_generator(half, encoder, tmp_path / "parts", cpu())
    resumed, _, resumed_log, resumed_looks = train_generator(TINY, encoder, tmp_path / "parts", cpu())
    assert same(resumed, weights(whole)) and log == resumed_log and looks.steps == resumed_looks.steps == []


def test_previews_at_doublings_survive_a_resume(encoder):
    pair = Adversaries(TINY, encoder, cpu())
    previews = Previews(pair, count=2)
    for done in range(1, 1001):
        previews.look(done)
    assert previews.steps == [250, 500, 1000] and previews.pictures[0].shape == (2, 3, 32, 32)
    again = Previews(pair, count=2)
    again.load_state_dict(previews.state_dict())
    assert again.steps == previews.steps and all(map(torch.equal, again.pictures, previews.pictures))


ONE_CYCLE = [
    (train_classifier, ClassifierConfig(steps=4, batch=8, save_every=2, log_every=2, shift=1)),
    (train_denoiser, DenoiserConfig(width=8, steps=4, batch=8, save_every=2, log_every=2)),
]


@pytest.mark.parametrize(("train", "config"), ONE_CYCLE)
def test_classifier_and_denoiser_resume_bit_identical(train, config, tmp_path):
    whole, whole_log = train(config, tmp_path / "whole", cpu())

    class Killed(Exception):
        pass

    def killed_after_three(t, calls=[]):  # noqa: B006
        calls.append(t)
        if len(calls) > 3:
            raise Killed
        return seed(t)

    seed = torch.manual_seed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "manual_seed", lambda s: killed_after_three(s))
        with pytest.raises(Killed):
            train(config, tmp_path / "parts", cpu())
    resumed, log = train(config, tmp_path / "parts", cpu())
    assert same(resumed, weights(whole)) and log == whole_log and len(log) == 2


@pytest.mark.parametrize(("train", "config"), ONE_CYCLE)
def test_one_cycle_cannot_be_made_longer(train, config, tmp_path):
    """Its learning rate is one cycle over all steps."""
    train(config, tmp_path, cpu())
    with pytest.raises(ValueError, match=r"other settings \(steps\)"):
        train(dataclasses.replace(config, steps=5), tmp_path, cpu())


def test_checkpoint_belongs_to_one_encoder(encoder, tmp_path):
    train_generator(TINY, encoder, tmp_path, cpu())
    with pytest.raises(ValueError, match=r"other settings \(encoder\)"):
        train_generator(TINY, Encoder(), tmp_path, cpu())


def test_checkpoint_of_other_settings_is_refused(encoder, tmp_path):
    train_generator(TINY, encoder, tmp_path, cpu())
    other = GeneratorConfig(**{**vars(TINY), "lr": 1e-3})
    with pytest.raises(ValueError, match=r"other settings \(lr\)"):
        train_generator(other, encoder, tmp_path, cpu())


def test_batches_go_through_all_images_before_any_comes_twice():
    epoch_of_10 = [batch_indices(10, 3, t, seed=0) for t in range(6)]
    first = np.concatenate([indices for indices, epoch in epoch_of_10 if epoch == 0])
    assert len(set(first.tolist())) == 9
    assert [epoch for _, epoch in epoch_of_10] == [0, 0, 0, 1, 1, 1]


def test_augmentation_moves_by_at_most_shift():
    x = torch.zeros(50, 1, 9, 9)
    x[:, :, 4, 4] = 1
    moved = augment(x, shift=2, flip=False)
    places = {tuple(place[2:].tolist()) for place in moved.nonzero()}
    assert moved.sum() == 50 and all(2 <= r <= 6 and 2 <= c <= 6 for r, c in places) and len(places) > 5


@pytest.mark.parametrize("net", [Encoder(), Evaluator(8)])
def test_networks_give_logits_of_all_heads(net):
    out = net.eval()(torch.zeros(2, 3, 32, 32))
    assert [out.item.shape[1], out.colour.shape[1], out.background.shape[1]] == [10, 8, 8]


def test_generator_and_discriminator_fit():
    h = torch.rand(2, 256)
    assert Discriminator(8)(Generator(8)(h), h).shape == (2,)
    with pytest.raises(ValueError, match=r"\(B, 256\)"):
        Generator(8)(torch.rand(2, 128))


def test_unknown_setting_offers_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'gan_weight'"):
        read_config("generator", None, ["gan_wieght=1"])
    with pytest.raises(ValueError, match="steps must be int"):
        read_config("generator", None, ["steps=many"])
    with pytest.raises(ValueError, match="batch must be at least 1"):
        read_config("encoder", None, ["batch=0"])
    with pytest.raises(ValueError, match="there are 10"):
        batch_indices(10, 64, 0, seed=0)
    assert read_config("evaluator", None, ["network=encoder"]).network == "evaluator"
    with pytest.raises(ValueError, match="key=value"):
        options.parse_assignments(["steps"])


def test_command_line(capsys):
    assert main(["generator", "--list-settings", "--set", "lr=5e-5"]) == 0
    assert "lr = 5e-05" in capsys.readouterr().out
    assert main(["encoder", "--set", "stepps=1"]) == 1
    assert "did you mean 'steps'" in capsys.readouterr().err


def test_two_processes_train_together(tmp_path):
    """Lightning Fabric's launcher on two CPU processes: the card and weights are written once, by the first."""
    command = [sys.executable, "-m", "ppgn_lib.training", "generator", "--accelerator", "cpu", "--devices", "2"]
    command += ["--precision", "32-true", "--threads", "1", "--out", str(tmp_path)]
    for setting in ("steps=2", "batch=8", "width=4", "d_width=4", "save_every=1", "log_every=1"):
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "discriminator.json",
        "discriminator.safetensors",
        "generator.ckpt",
        "generator.json",
        "generator.safetensors",
        "generator_previews.png",
    ]
    assert len(json.loads((tmp_path / "generator.json").read_text())["log"]) == 2


def test_checkpoints_of_the_shipped_images_hold_the_settings_alone(encoder, tmp_path):
    """So that those made before there were folders can still be resumed."""
    train_generator(TINY, encoder, tmp_path, cpu())
    saved = torch.load(tmp_path / "generator.ckpt", weights_only=True)["config"]
    assert saved == {**vars(TINY), "encoder": digest(encoder)}
    config = ClassifierConfig(steps=1, batch=8)
    train_classifier(config, tmp_path, cpu())
    assert torch.load(tmp_path / "encoder.ckpt", weights_only=True)["config"] == vars(config)
