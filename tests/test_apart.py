"""Tuning and reporting kept apart: the evaluator and the test images are shut while something is tuned."""

import pytest
import torch

from ppgn_lib import apart
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.metrics import judge_with, judgement, protocol
from ppgn_lib.networks.judges import Evaluator, Selector

CLASSES = {"item": ITEMS, "colour": COLOURS}
X = torch.zeros(1, 3, 32, 32)
TEST, VALIDATION = TintedFashion("test"), TintedFashion("validation")


def selector(x):
    return judge_with(Selector(CLASSES, width=4).eval(), "item")(x)


SHUT = {
    "the evaluator": lambda: Evaluator(CLASSES, width=4).eval()(X),
    "evaluator, as a judge": lambda: judgement(judge_with(Evaluator(CLASSES, width=4).eval(), "item"), X),
    "the test split": lambda: TEST.batch([0]),
    "test split, as real images": lambda: protocol.real_images(TEST, selector, 1),
}


@pytest.mark.parametrize("what", SHUT)
def test_what_reports_is_shut_in_tuning_and_open_before_and_after(what):
    SHUT[what]()
    name = what.partition(",")[0]
    with (
        apart.tuning(),
        pytest.raises(PermissionError, match=f"{name} must not be used in tuning.*the selector on val"),
    ):
        SHUT[what]()
    SHUT[what]()


def test_what_tunes_stays_open():
    """The other judge and the other splits; how many test images there are is no secret."""
    with apart.tuning():
        assert len(protocol.real_images(VALIDATION, selector, 1).x) == 10
        assert TintedFashion("train").batch([0]).x.shape == (1, 3, 32, 32) and len(TEST) == 10_000


def is_shut():
    try:
        apart.reports("a test")
    except PermissionError:
        return True
    return False


def test_inner_tuning_does_not_open_the_outer_one():
    with apart.tuning():
        with apart.tuning():
            assert is_shut()
        assert is_shut()
    assert not is_shut()


def test_tuning_that_fails_leaves_all_open():
    with pytest.raises(FloatingPointError), apart.tuning():
        raise FloatingPointError("diverged")
    assert not is_shut()
    with apart.tuning(), pytest.raises(FloatingPointError), apart.tuning():
        raise FloatingPointError("diverged")
    assert not is_shut()


def test_a_tuning_function_may_be_marked_as_a_whole():
    shut = apart.tuning()(is_shut)
    assert shut() and shut() and not is_shut()
