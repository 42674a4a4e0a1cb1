"""What notebooks show of the judged sets."""

import judged_sets
import judgements as script
import pytest
import torch

from ppgn_lib.book.judgements import Judgements, judged_table
from ppgn_lib.metrics import protocol

JUDGEMENTS = Judgements()


def test_numbers_and_classes_are_those_of_the_store():
    """Also that the mean over classes is the number beside it."""
    assert set(JUDGEMENTS.found) == set(script.entries())
    for name in judged_sets.SETS:
        found = JUDGEMENTS[name]
        for what in ("kid", "kid_foreign"):
            assert found.by_class[what].mean().item() == pytest.approx(found.numbers[what].value)
    with pytest.raises(ValueError, match="did you mean 'joint_few'"):
        JUDGEMENTS["joint_fex"]


def test_set_records_what_its_table_shows():
    kept = {}
    JUDGEMENTS["joint"].keep("here", lambda key, number: kept.update({key: number}))
    JUDGEMENTS["joint_few"].keep("there", lambda key, number: kept.update({key: number}))
    assert "here.two_sample_accuracy" in kept and "there.two_sample_accuracy" not in kept
    assert kept["here.kid"] == JUDGEMENTS["joint"].numbers["kid"] != kept["there.kid"]
    table = judged_table({"A": JUDGEMENTS["joint"], "B": JUDGEMENTS["joint_few"]}).data
    assert str(kept["here.two_sample_accuracy"]) in table and f"| B | 20 | {kept['there.accuracy']}" in table
    assert "told apart" not in judged_table({"B": JUDGEMENTS["joint_few"]}).data
    assert "told apart" not in judged_table({"A": JUDGEMENTS["joint"]}, without=["told apart"]).data


def test_sets_are_of_the_size_and_the_classes_that_they_say():
    for name in ("noiseless_few", "ppgn_x_annealed", "real_next_class"):
        x, y = judged_sets.pictures(name)
        assert x.shape == (10 * JUDGEMENTS[name].per_class, 3, 32, 32) and x.abs().max() <= 1
        assert torch.equal(y.bincount(), torch.full((10,), JUDGEMENTS[name].per_class))
    assert y[0] == 1  # photographs of the first class, taken for the second
    first = protocol.first_of(judged_sets.pictures("joint")[0], judged_sets.FEW)
    assert torch.equal(judged_sets.pictures("joint_few")[0], first)


def test_photographs_that_are_compared_are_not_the_references():
    own, other = judged_sets.references().x.flatten(1), judged_sets.photographs(20, skip=judged_sets.REFERENCES).x
    assert not (torch.cdist(other.flatten(1), own) < 1e-3).any()
