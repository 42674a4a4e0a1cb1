"""Hidden units by name."""

import pytest
import torch
from torch import nn

from ppgn_lib import evaluate, variants
from ppgn_lib.experts.units import units
from ppgn_lib.networks.features import activations

X = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_it_is_the_unit_of_its_number(encoder):
    layer = activations(encoder, "shape.conv5")
    found = units(encoder, "shape.conv5:17", place=(4, 3))(X)
    torch.testing.assert_close(found, layer(X)[:, :, 4, 3].log_softmax(1)[:, 17])
    mean = layer(X).mean((2, 3)).log_softmax(1)[:, 17]
    torch.testing.assert_close(units(encoder, "shape.conv5:17", place="mean")(X), mean)
    torch.testing.assert_close(units(encoder, "fc6:200")(X), activations(encoder, "fc6")(X).log_softmax(1)[:, 200])
    after = layer(X).relu()[:, :, 4, 3].log_softmax(1)[:, 17]
    torch.testing.assert_close(units(encoder, "shape.conv5:17", place=(4, 3), nonlinearity=torch.relu)(X), after)


def test_all_channels_of_a_layer_are_one_distribution(encoder):
    every = [units(encoder, f"fc7:{k}")(X) for k in range(128)]
    torch.testing.assert_close(torch.stack(every).exp().sum(0), torch.ones(3))


def test_each_chain_may_have_its_own(encoder, generator):
    names = ["shape.conv5:1", "shape.conv5:30", "shape.conv5:7"]
    together = units(encoder, names, place="mean")
    alone = torch.cat([units(encoder, name, place="mean")(x[None]) for name, x in zip(names, X, strict=True)])
    torch.testing.assert_close(together(X), alone)
    h = torch.rand(3, 256, generator=torch.Generator().manual_seed(1))
    state = evaluate(h, *variants.dgn_am(generator, together))
    first = evaluate(h[:1], *variants.dgn_am(generator, units(encoder, names[0], place="mean")))
    torch.testing.assert_close(state.grad[:1], first.grad)


@pytest.mark.parametrize(
    ("names", "place", "said"),
    [
        ("shape.conv9:1", "mean", "shape.conv"),
        ("shape.conv5", "mean", "LAYER:CHANNEL, such as 'conv5:17'; got 'shape.conv5'"),
        ("shape.conv5:-1", "mean", "LAYER:CHANNEL"),
        (["fc6:1", "fc7:1"], None, "of one layer; got fc6:1, fc7:1"),
        ([], None, "of one layer; got none"),
        ("fc6:256", None, r"fc6 has the channels 0\.\.\.255; got 256"),
        ("fc6:1", "mean", "needs a place"),
        ("shape.conv5:1", None, "needs a place"),
        ("shape.conv5:1", (8, 0), "within 8 x 8; got 8, 0"),
        (["fc6:1", "fc6:2"], None, "one for each of 3 chains; got 2"),
    ],
)
def test_units_that_there_are_not(encoder, names, place, said):
    with pytest.raises(ValueError, match=said):
        units(encoder, names, place=place)(X)


def test_a_network_in_training_mode():
    net = nn.Sequential(nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2))
    with pytest.raises(ValueError, match="training mode"):
        units(net, "0:1", place="mean")
