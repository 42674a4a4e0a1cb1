"""Pictures on a grid: each once, and like beside like."""

import numpy as np
import pytest
import torch

from ppgn_lib.book.layout import on_a_grid


def test_each_picture_has_a_place_and_neighbours_are_alike():
    """Four well separated groups: neighbours on the grid are nearly always of one group, at random in a quarter."""
    groups = torch.arange(64) % 4
    features = 20 * torch.eye(4)[groups] + torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
    order = on_a_grid(features, 8)
    assert sorted(order.tolist()) == list(range(64))
    there = groups.numpy()[order].reshape(8, 8)
    same = np.concatenate([(there[1:] == there[:-1]).ravel(), (there[:, 1:] == there[:, :-1]).ravel()])
    assert same.mean() > 0.7


def test_a_grid_that_is_not_full_is_refused():
    with pytest.raises(ValueError, match="a grid of side 3 needs 9 pictures; got 8"):
        on_a_grid(torch.rand(8, 2), 3)
