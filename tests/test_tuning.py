"""The search for multipliers: what it chooses, and what it calls by name."""

import pytest
import torch

from ppgn_lib import Eps, apart, conditions, evaluate, metrics, priors
from ppgn_lib.metrics import Judgement, tuning
from ppgn_lib.metrics.protocol import Real
from ppgn_lib.networks.zoo import load

H0 = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
Y = torch.tensor([0, 0, 1, 1])


def logits(h):
    """Class 1 on the right."""
    return torch.stack([-h[:, 0], h[:, 0]], 1)


def judge(h):
    return Judgement(h, logits(h))


def contrary(h):
    return Judgement(h, -logits(h))


def shrink(h):
    return -h


CONDITION = conditions.classes(logits, Y)


def test_most_accurate_is_first_and_a_diverged_one_last():
    settings = [Eps(0.1, 0.0), Eps(3e30, 1.0), Eps(0.1, 1.0)]
    found = tuning.tune(shrink, CONDITION, judge, H0, Y, G=lambda h: h, settings=settings, steps=20, progress=False)
    assert found.best.eps == Eps(0.1, 1.0) and found.best.accuracy.value == 1
    assert [point.status for point in found.points] == ["ok", "ok", "diverged"]
    assert "diverged" in str(found) and len(str(found).splitlines()) == 4


def test_of_accurate_ones_the_nearest_to_real_images():
    """Both settings are right in all; one runs away, the other stays where real ones are."""
    real = Real(H0, Y, judge(torch.tensor([[-1.0, 0.0], [-1.1, 0.0], [1.0, 0.0], [1.1, 0.0]])))
    settings = [Eps(0.0, 9.0), Eps(0.5, 0.5)]
    found = tuning.tune(shrink, CONDITION, judge, H0, Y, G=torch.nn.Identity(), settings=settings, real=real, steps=30)
    assert [p.accuracy.value for p in found.points] == [1, 1]
    assert found.best.kid.value <= found.points[1].kid.value


def test_dead_gradient_and_fooled_condition_are_named():
    far = 400 * H0 + 100
    dead = tuning.tune(
        shrink, conditions.class_probability(logits, 0), judge, far, Y, settings=[Eps(0.1, 1.0)], progress=False
    )
    assert dead.points[0].status == "dead gradient"
    with pytest.raises(ValueError, match=r"no setting can be used: dead gradient\. The condition does not answer"):
        _ = dead.best
    fooled = tuning.tune(
        priors.none,
        conditions.classes(logits, Y.repeat(5)),
        contrary,
        H0.repeat(5, 1),
        Y.repeat(5),
        settings=[Eps(0.0, 1.0)],
        steps=50,
        progress=False,
    )
    assert fooled.points[0].status == "fooled condition" and fooled.points[0].certainty > 0.9


def test_grid_makes_both_arrows_equally_long_at_ratio_1():
    state = evaluate(H0, shrink, CONDITION)
    (eps,) = tuning.grid(state, eps1=(0.2,), ratios=(1.0,))
    field, grad = (t.norm(dim=1).median() for t in (eps.eps1 * state.prior, eps.eps2 * state.grad))
    assert field.item() == pytest.approx(grad.item())
    with pytest.raises(ValueError, match="the gradient must be finite and not zero"):
        tuning.grid(state._replace(grad=torch.zeros_like(H0)))


def test_evaluator_cannot_tune():
    x = torch.zeros(2, 3, 32, 32)
    with apart.tuning(), pytest.raises(PermissionError, match="evaluator"):
        metrics.judgement(metrics.judge_with(load("evaluator"), "item"), x)
