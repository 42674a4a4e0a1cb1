"""AC-GAN: its two networks, its losses, a training that can be resumed."""

import pytest
import torch
from lightning_fabric import Fabric

from ppgn_lib.networks import zoo
from ppgn_lib.networks.acgan import AuxiliaryDiscriminator, ClassGenerator
from ppgn_lib.training.acgan import Players, report_acgan, train_acgan
from ppgn_lib.training.loop import Run
from ppgn_lib.training.settings import AcganSettings
from ppgn_lib.training.source import SHIPPED

SMALL = AcganSettings(width=8, d_width=2, noise=10, steps=4, batch=20, log_every=1, save_every=2)


def fabric():
    return Fabric(accelerator="cpu", devices=1, precision="32-true")


@pytest.mark.parametrize("size", [32, 64])
def test_shapes_follow_from_the_size_and_the_classes(size):
    G, D = ClassGenerator(7, noise=5, size=size, width=4).eval(), AuxiliaryDiscriminator(7, size=size, width=2).eval()
    x = G(torch.randn(3, 5), torch.tensor([0, 3, 6]))
    source, classes = D(x)
    assert x.shape == (3, 3, size, size) and x.abs().max() <= 1
    assert source.shape == (3,) and classes.shape == (3, 7)


def test_g_is_told_the_class_and_refuses_what_does_not_fit():
    G = ClassGenerator(3, noise=5, width=4).eval()
    z = torch.randn(2, 5)
    assert (G(z, torch.tensor([0, 1])) - G(z, torch.tensor([1, 1]))).abs().flatten(1).amax(1).gt(0).tolist() == [
        True,
        False,
    ]
    with pytest.raises(ValueError, match=r"noise \(B, 5\) and a class for each; got \(2, 4\)"):
        G(z[:, :4], torch.tensor([0, 1]))
    with pytest.raises(ValueError, match=r"\(3,\)"):
        G(z, torch.tensor([0, 1, 2]))


def test_each_player_changes_its_own_weights_only_and_the_average_follows():
    players = Players(SMALL, 10, 32, fabric())
    x, y = torch.rand(20, 3, 32, 32) * 2 - 1, torch.arange(20) % 10
    before = {name: {k: v.clone() for k, v in net.state_dict().items()} for name, net in players.nets.items()}
    made = players.g(torch.randn(20, 10), y)
    players._step_d(x, y, made.detach(), y, train=True)
    weights = [k for k, v in players.nets["g"].named_parameters()]
    assert all(torch.equal(players.nets["g"].state_dict()[k], before["g"][k]) for k in weights)
    assert not torch.equal(players.nets["d"].state_dict()["source.weight"], before["d"]["source.weight"])
    after_d = players.nets["d"].state_dict()["source.weight"].clone()
    players._step_g(made, y)
    assert torch.equal(players.nets["d"].state_dict()["source.weight"], after_d)
    assert not torch.equal(players.nets["g"].state_dict()["first.weight"], before["g"]["first.weight"])
    losses = players.step(x, y)
    assert set(losses) == {"d", "d_class", "d_rests", "g", "g_class"} and losses["d_rests"] == 0
    assert torch.isfinite(players.average.module(torch.randn(2, 10), y[:2])).all()


def test_d_rests_while_it_is_too_good_and_g_goes_on():
    """By the losses of the step before, which a checkpoint has."""
    players = Players(SMALL.changed(pause_d_below=0.5), 10, 32, fabric())
    x, y = torch.rand(20, 3, 32, 32) * 2 - 1, torch.arange(20) % 10
    for ratio, rests in ((0.49, 1), (0.51, 0)):
        players.objects()["ratio"].load_state_dict({"last": torch.tensor(ratio)})
        before = {name: [w.clone() for w in net.parameters()] for name, net in players.nets.items()}
        losses = players.step(x, y)
        same = {name: all(map(torch.equal, before[name], net.parameters())) for name, net in players.nets.items()}
        assert losses["d_rests"] == rests and same == {"d": bool(rests), "g": False}
        assert float(players.ratio.last) == pytest.approx(losses["d"] / losses["g"])


def test_classes_are_learned_by_both():
    """On pictures of one colour a class: D names real ones, and G's are named as what was asked for."""
    y = torch.arange(40) % 2
    with torch.random.fork_rng():
        torch.manual_seed(0)  # of the weights too; of six seeds on one machine the smallest difference was 0.45
        players = Players(SMALL.changed(lr=5e-3, d_lr=5e-3, width=16, d_width=4), 2, 32, fabric())
        x = (y * 1.6 - 0.8)[:, None, None, None].expand(-1, 3, 32, 32) + 0.05 * torch.randn(40, 3, 32, 32)
        for _ in range(120):
            losses = players.step(x, y)
        z = torch.randn(40, 10)
    assert losses["d_class"] < 0.2
    made = players.g.eval()(z, y)
    assert made[y == 1].mean() - made[y == 0].mean() > 0.3


def test_a_training_is_resumed_where_it_was_killed_and_its_files_are_read_again(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for folder in (whole, cut):
        folder.mkdir()
    pausing = SMALL.changed(pause_d_below=1.9)  # a high one: D rests until G's loss has fallen
    trained = train_acgan(Run("acgan", pausing, whole, fabric(), SHIPPED))
    assert [entry["d_rests"] for entry in trained.log[:3]] == [1, 1, 0], "the third step asks what the second one left"
    train_acgan(Run("acgan", pausing.changed(steps=2), cut, fabric(), SHIPPED))
    resumed = train_acgan(Run("acgan", pausing, cut, fabric(), SHIPPED))
    for a, b in zip(trained.g.state_dict().values(), resumed.g.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b)
    report_acgan(Run("acgan", pausing, whole, fabric(), SHIPPED), trained)
    G = zoo.load_file(whole / "acgan.safetensors").float()
    z, y = torch.randn(2, 10), torch.tensor([1, 2])
    torch.testing.assert_close(G(z, y), trained.g.float()(z, y), atol=2e-3, rtol=0)
    assert (whole / "acgan_discriminator.json").exists() and (whole / "acgan_previews.png").exists()
