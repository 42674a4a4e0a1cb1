"""Losses by hand, who learns in a step, the pausing rule, resuming."""

import math

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from ppgn_lib.networks.small import Discriminator, Encoder, Generator
from ppgn_lib.networks.zoo import digest
from ppgn_lib.training import losses
from ppgn_lib.training.acgan import train_acgan
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.generator import Adversaries, Turn, pause, train_generator
from ppgn_lib.training.loop import Run, batch_indices, fit
from ppgn_lib.training.previews import Previews
from ppgn_lib.training.recipes import RECIPES
from ppgn_lib.training.settings import GeneratorSettings, Settings
from ppgn_lib.training.source import SHIPPED

STEPS = {"steps": 4, "batch": 8, "save_every": 2, "log_every": 2}
TINY = GeneratorSettings(width=4, d_width=4, **STEPS)
CLASSES = {"class": ("left", "right")}


def cpu() -> Fabric:
    return Fabric(accelerator="cpu", devices=1, precision="32-true")


def train(name, folder, settings, **inputs):
    """What the recipe's training returns, without weights and card."""
    return RECIPES[name].train(Run(name, settings, folder, cpu(), SHIPPED, inputs))


def tiny(name, **changes):
    return RECIPES[name].settings.changed(**{**RECIPES[name].small, **STEPS, **changes})


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


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler:UserWarning")  # nobody rests in a real first step
@pytest.mark.parametrize(
    ("ratio", "d_learns", "g_learns"), [(1.0, True, True), (0.01, False, True), (100.0, True, False)]
)
def test_each_step_changes_only_whose_turn_it_is(encoder, ratio, d_learns, g_learns):
    pair = Adversaries(TINY, encoder, cpu())
    pair.ratio = torch.tensor(ratio)
    before = {name: weights(net) for name, net in {**pair.nets, "e": encoder}.items()}
    pair.step(torch.rand(8, 3, 32, 32) * 2 - 1)
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
    pair = Adversaries(TINY.changed(**zero | ({weight: 1.0} if weight else {})), encoder, cpu())
    before = weights(pair.nets["g"])
    pair.step(torch.rand(8, 3, 32, 32) * 2 - 1)
    assert same(pair.nets["g"], before) is (weight is None)


@pytest.mark.parametrize("where", ["x_noise", "h1_noise", "h_noise", None])
def test_g_of_joint_sees_a_noisy_code_and_is_compared_with_the_clean_picture(encoder, where):
    """The code is that of Sec. 3.4's three denoisers: noise on x, h1 and h in turn."""
    pair = Adversaries(TINY.changed(**({where: 0.1} if where else {})), encoder, cpu())
    x = torch.rand(8, 3, 32, 32) * 2 - 1
    real = encoder(x)
    torch.manual_seed(3)
    found = pair._noisy_code(x, real)
    torch.manual_seed(3)
    z_x, z_1, z_h = torch.randn_like(x), torch.randn_like(real.h1), torch.randn_like(real.h)
    expected = {
        "x_noise": lambda: encoder(x + 0.1 * z_x).h,
        "h1_noise": lambda: encoder.e2(real.h1 + 0.1 * z_1),
        "h_noise": lambda: real.h + 0.1 * z_h,
        None: lambda: real.h,
    }[where]()
    torch.testing.assert_close(found, expected)
    assert torch.equal(found, real.h) is (where is None)


def test_learning_rate_halves_and_goes_on_after_a_resume():
    """In step t it is lr * 0.5^(t // halve_every), exactly, whoever rests."""
    encoder = Encoder(CLASSES, size=8, code=4).eval()
    settings = TINY.changed(halve_every=3, lr=1e-3)
    x, rates = torch.zeros(4, 3, 8, 8), []
    pair = Adversaries(settings, encoder, cpu())
    for t in range(11):
        if t == 5:
            saved = {name: item.state_dict() for name, item in pair.objects().items()}
            pair = Adversaries(settings, encoder, cpu())
            for name, item in pair.objects().items():
                item.load_state_dict(saved[name])
        pair.ratio = torch.tensor((0.01, 1.0, 100.0)[t % 3] if t else 1.0)
        rates.append([adam.param_groups[0]["lr"] for adam in (pair.adam_g, pair.adam_d)])
        pair.step(x)
    assert rates == [[1e-3 * 0.5 ** (t // 3)] * 2 for t in range(11)]


def test_g_and_d_are_of_the_encoders_code_and_size():
    pair = Adversaries(TINY, Encoder(CLASSES, size=16, code=5).eval(), cpu())
    assert pair.nets["g"](torch.rand(2, 5)).shape == (2, 3, 16, 16)
    assert pair.nets["d"](torch.rand(2, 3, 16, 16), torch.rand(2, 5)).shape == (2,)


def test_encoder_has_to_fit_the_data(tmp_path):
    with pytest.raises(ValueError, match=r"E has 16 pixels, the data 32: take the same --size"):
        train("generator", tmp_path, TINY, encoder=Encoder(CLASSES, size=16))
    with pytest.raises(ValueError, match="G inverts an Encoder; got Linear"):
        train("generator", tmp_path, TINY, encoder=torch.nn.Linear(1, 1))


def test_training_goes_on_from_g_and_d_among_the_inputs(encoder, tmp_path):
    """With a learning rate that moves nothing G stays what it was; other widths are an error."""
    g, d = Generator(width=4), Discriminator(width=4)
    still = TINY.changed(lr=1e-30)
    trained = train("joint_generator", tmp_path / "a", still, encoder=encoder, generator=g, discriminator=d)
    for net, before in ((trained.g, g), (trained.d, d)):
        torch.testing.assert_close(weights(net), weights(before), atol=1e-6, rtol=0)
    with pytest.raises(ValueError, match="to train G on, take the width that it has, 4; got 8"):
        train("joint_generator", tmp_path / "b", still.changed(width=8), encoder=encoder, generator=g)


def test_resumed_training_ends_bit_identical(encoder, tmp_path):
    whole, _, log, previews = train("generator", tmp_path / "whole", TINY, encoder=encoder)
    train("generator", tmp_path / "parts", TINY.changed(steps=2), encoder=encoder)
    resumed, _, resumed_log, resumed_previews = train("generator", tmp_path / "parts", TINY, encoder=encoder)
    assert same(resumed, weights(whole)) and log == resumed_log
    assert previews.steps == resumed_previews.steps == []


def test_previews_at_doublings_survive_a_resume():
    x = torch.rand(2, 3, 8, 8)
    previews = Previews(x, x.neg)
    for done in range(1, 1001):
        previews.take(done)
    assert previews.steps == [250, 500, 1000] and previews.pictures[0].shape == (2, 3, 8, 8)
    again = Previews(x, x.neg)
    again.load_state_dict(previews.state_dict())
    assert again.steps == previews.steps and all(map(torch.equal, again.pictures, previews.pictures))


def test_rows_of_the_previews_end_with_the_stored_weights(tmp_path):
    previews = Previews(torch.zeros(2, 3, 8, 8), lambda: torch.ones(2, 3, 8, 8))
    for done in (250, 500):
        previews.take(done)
    assert previews.write(tmp_path / "a.png", 500) == [250, 500]  # not 250, 500, 500
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"


ONE_CYCLE = [name for name, recipe in RECIPES.items() if recipe.train not in (train_generator, train_acgan)]


@pytest.mark.parametrize("name", ONE_CYCLE)
def test_classifiers_and_denoisers_resume_bit_identical(name, tmp_path, encoder):
    config, inputs = tiny(name), ({"encoder": encoder} if RECIPES[name].needs else {})
    whole, whole_log = train(name, tmp_path / "whole", config, **inputs)

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
            train(name, tmp_path / "parts", config, **inputs)
    resumed, log = train(name, tmp_path / "parts", config, **inputs)
    assert same(resumed, weights(whole)) and log == whole_log and len(log) == 2


@pytest.mark.parametrize("name", ["evaluator", "denoiser"])
def test_one_cycle_cannot_be_made_longer(name, tmp_path):
    """Its learning rate is one cycle over all steps."""
    train(name, tmp_path, tiny(name))
    with pytest.raises(ValueError, match=r"other settings \(steps\)"):
        train(name, tmp_path, tiny(name, steps=5))


def test_checkpoint_belongs_to_one_encoder_and_its_settings(encoder, tmp_path):
    train("generator", tmp_path, TINY, encoder=encoder)
    saved = torch.load(tmp_path / "generator.ckpt", weights_only=True)["config"]
    assert saved == {**dict(TINY), "encoder": digest(encoder)}
    with pytest.raises(ValueError, match=r"other settings \(encoder\)"):
        train("generator", tmp_path, TINY, encoder=Encoder(CLASSES))
    with pytest.raises(ValueError, match=r"other settings \(lr\)"):
        train("generator", tmp_path, TINY.changed(lr=1e-3), encoder=encoder)


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


def test_number_of_steps_from_numpy(tmp_path):
    log = fit(Run("toy", Settings(steps=np.int64(3), lr=1, log_every=1), tmp_path, cpu()), lambda t: {"loss": t}, {})
    assert [row["loss"] for row in log] == [0, 1, 2]
