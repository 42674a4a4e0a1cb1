"""Facets: clusters by a classifier's probabilities."""

import pytest
import torch

from ppgn_lib.metrics.facets import facets, kinds, threshold_for


def near(label, count, sure=0.9, classes=4):
    """As many rows that are nearly sure of a class."""
    p = torch.full((count, classes), (1 - sure) / (classes - 1))
    p[:, label] = sure
    return p


def test_what_a_classifier_is_sure_of_is_a_kind_and_the_largest_comes_first():
    p = torch.cat([near(2, 3), near(0, 5), near(1, 1)])
    assert kinds(p, 0.5).tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 2]
    assert [len(members) for members in facets(p, 0.5)] == [5, 3], "a single picture is no facet"
    assert len(facets(p, 0.5, least=1)) == 3
    assert kinds(p, 0.98).tolist() == [0] * 9, "nothing is farther apart than probabilities with no class in common"


def test_the_distance_is_hellingers():
    p = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    apart = float((1 - 0.5**0.5) ** 0.5)  # by hand: sqrt(1 - sum sqrt(p q))
    assert kinds(p, apart + 0.01).tolist() == [0, 0] and len(set(kinds(p, apart - 0.01).tolist())) == 2


def test_the_most_typical_picture_is_first():
    p = torch.cat([near(0, 1, 0.6), near(0, 3, 0.9)])
    (members,) = facets(p, 0.7)
    assert members[0] != 0 and members[-1] == 0


def test_the_threshold_agrees_with_labels():
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(3).repeat_interleave(20)
    p = (4 * torch.nn.functional.one_hot(y, 3) + torch.randn(60, 3, generator=generator)).softmax(1)
    found = kinds(p, threshold_for(p, y))
    right = sum(int((found[y == c] == found[y == c].mode().values).sum()) for c in range(3))
    assert right >= 54 and len({int(found[y == c].mode().values) for c in range(3)}) == 3


@pytest.mark.parametrize(
    ("p", "threshold", "said"),
    [
        (torch.ones(3, 2), 0.5, "sum 1; got"),
        (torch.ones(3), 0.5, r"got \(3,\)"),
        (torch.ones(3, 1), 1.5, "between 0 and 1; got 1.5"),
    ],
)
def test_bad_input(p, threshold, said):
    with pytest.raises(ValueError, match=said):
        kinds(p, threshold)


@pytest.mark.parametrize("count", [0, 1])
def test_of_few_pictures(count):
    assert kinds(near(0, count), 0.5).tolist() == [0] * count and facets(near(0, count), 0.5) == []
