"""Conditions and priors: their gradients against formulas, their errors."""

import pytest
import torch
from torch import nn

from ppgn_lib.experts import conditions, priors
from ppgn_lib.experts.units import units
from ppgn_lib.experts.variants import joint
from ppgn_lib.networks import zoo
from ppgn_lib.sampling.chain import Eps, chain, evaluate, value_and_grad
from ppgn_lib.sampling.once import once, one_step

F64 = torch.float64


@pytest.fixture
def networks():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        G = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Unflatten(1, (2, 2, 2))).double()
        C = nn.Sequential(nn.Flatten(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 4)).double()
    return G.requires_grad_(False), C.requires_grad_(False)


@pytest.mark.parametrize("kind", ["classes", "logit", "probability", "unit", "spatial unit", "product"])
def test_gradcheck_through_the_generator(networks, kind):
    G, C = networks
    condition = {
        "classes": conditions.classes(C, [0, 3, 1]),
        "logit": conditions.class_logit(C, [0, 3, 1]),
        "probability": conditions.class_probability(C, [0, 3, 1]),
        "unit": units(C, "3:2"),
        "spatial unit": units(nn.Sequential(nn.Identity()), "0:1", place=(0, 1)),
        "product": conditions.product(conditions.classes(C, 1), units(C, "3:2")),
    }[kind]
    h = torch.randn(3, 5, dtype=F64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    assert torch.autograd.gradcheck(conditions.through(G, condition), h)


def test_released_gradient_lacks_the_other_logits(networks):
    """log softmax has gradient sum_j (1[j=y] - p_j) dl_j; as released only the term j = y is there."""
    G, C = networks
    y, h = 2, torch.randn(3, 5, dtype=F64, generator=torch.Generator().manual_seed(1))
    full = evaluate(h, priors.none, conditions.through(G, conditions.classes(C, y)))
    released = evaluate(h, priors.none, conditions.through(G, conditions.released_classes(C, y)))
    jacobian = torch.autograd.functional.jacobian(lambda h: C(G(h)).sum(0), h).permute(1, 0, 2)  # (3, 4, 5)
    p = C(G(h)).softmax(1)
    assert torch.allclose(released.grad, (1 - p[:, y : y + 1]) * jacobian[:, y])
    others = [j for j in range(4) if j != y]
    assert torch.allclose(full.grad - released.grad, -(p[:, others, None] * jacobian[:, others]).sum(1))
    assert torch.allclose(released.log_p, full.log_p)


def test_gradients_of_table_s2(networks):
    """d s_y = s_y (dl_y - sum_j s_j dl_j), d log s_y is that without the factor, d l_y has no sum."""
    G, C = networks
    y, h = 2, torch.randn(3, 5, dtype=F64, generator=torch.Generator().manual_seed(1))

    def grad(condition):
        return evaluate(h, priors.none, conditions.through(G, condition(C, y))).grad

    jacobian = torch.autograd.functional.jacobian(lambda h: C(G(h)).sum(0), h).permute(1, 0, 2)  # (3, 4, 5)
    s = C(G(h)).softmax(1)
    mean = (s[:, :, None] * jacobian).sum(1)
    assert torch.allclose(grad(conditions.class_logit), jacobian[:, y])
    assert torch.allclose(grad(conditions.classes), jacobian[:, y] - mean)
    assert torch.allclose(grad(conditions.class_probability), s[:, y : y + 1] * (jacobian[:, y] - mean))


def test_condition_of_one_chain_does_not_feel_another(networks):
    """d log p_i / d h_j = 0 for i != j."""
    G, C = networks
    h = torch.randn(3, 5, dtype=F64, generator=torch.Generator().manual_seed(1))
    for condition in (conditions.classes(C, 1), conditions.released_classes(C, 1), units(C, "3:1")):
        jacobian = torch.autograd.functional.jacobian(conditions.through(G, condition), h)  # (3, 3, 5)
        assert jacobian[~torch.eye(3, dtype=torch.bool)].abs().max() == 0


def test_gaussian_prior_is_the_score():
    h = torch.randn(2, 3, dtype=F64, requires_grad=True)
    score = torch.autograd.grad(torch.distributions.Normal(0.0, 2.0**0.5).log_prob(h).sum(), h)[0]
    assert torch.allclose(priors.gaussian(2.0)(h), score)


@pytest.mark.parametrize("variance", [0.0, -1.0, float("nan")])
def test_gaussian_prior_needs_a_positive_variance(variance):
    with pytest.raises(ValueError, match="positive"):
        priors.gaussian(variance)


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (4, ValueError, r"0\.\.\.3"),
        (-1, ValueError, r"0\.\.\.3"),
        ([0, 1], ValueError, "each of 3 chains"),
        (1.5, TypeError, "integers"),
        ("sandal", TypeError, "index_of"),
    ],
)
def test_class_that_does_not_exist(networks, y, error, message):
    G, C = networks
    with pytest.raises(error, match=message):
        conditions.classes(C, y)(G(torch.zeros(3, 5, dtype=F64)))


def test_unknown_class_name_offers_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'sandal'"):
        conditions.index_of("sandals", ["coat", "sandal"])


def test_a_step_of_the_joint_chain_runs_g_and_e_once(encoder, generator):
    """And gives what separate passes give."""
    calls = {"G": 0, "E": 0}

    def counted(name, net):
        def run(x):
            calls[name] += 1
            return net(x)

        return run

    h = torch.rand(2, 256, generator=torch.Generator().manual_seed(0))
    G, E = counted("G", generator), counted("E", encoder)
    state = evaluate(
        h,
        *joint(
            G, E, conditions.classes(E, [3, 5], "item"), conditions.weighted(0.5, conditions.classes(E, 1, "colour"))
        ),
    )
    assert calls == {"G": 1, "E": 1}
    separate = evaluate(
        h,
        priors.autoencoder(lambda h: encoder(generator(h)).h),
        conditions.through(
            generator,
            lambda x: conditions.classes(encoder, [3, 5], "item")(x) + conditions.classes(encoder, 1, "colour")(x) / 2,
        ),
    )
    for found, expected in zip(state, separate, strict=True):
        assert torch.equal(found, expected)


def test_once_computes_anew_for_another_or_changed_argument():
    calls = []
    f = once(lambda x: calls.append(1) or 2 * x)
    x = torch.ones(2)
    with one_step():
        f(x), f(x)
        assert len(calls) == 1
        f(x.clone())
        assert len(calls) == 2
        f(x)
        x += 1
        assert f(x).tolist() == [4, 4] and len(calls) == 4


def test_once_does_not_hand_a_result_without_graph_to_who_needs_one():
    f, x = once(lambda x: x**2), torch.ones(2, requires_grad=True)
    with one_step():
        with torch.no_grad():
            f(x)
        assert torch.autograd.grad(f(x).sum(), x)[0].tolist() == [2, 2]


@pytest.mark.parametrize("head", ["items", None])
def test_head_that_is_unknown_or_not_named(encoder, generator, head):
    with pytest.raises(ValueError, match=r"item, colour, background; got"):
        chain(torch.rand(2, 256), *joint(generator, encoder, conditions.classes(encoder, 0, head)), Eps(0, 1), steps=1)


def test_generator_and_encoder_whose_images_or_codes_do_not_fit(encoder, generator):
    h = torch.rand(2, 256)
    with pytest.raises(ValueError, match=r"E takes images \(B, 3, 32, 32\); got \(2, 3, 64, 64\)"):
        chain(
            h,
            *joint(lambda h: generator(h).repeat(1, 1, 2, 2), encoder, conditions.classes(encoder, 0, "item")),
            Eps(0.1, 1),
            steps=1,
        )
    with pytest.raises(ValueError, match=r"G takes codes of shape \(B, 256\); got \(2, 128\)"):
        chain(h[:, :128], *joint(generator, encoder, conditions.classes(encoder, 0, "item")), Eps(0.1, 1), steps=1)


@pytest.mark.parametrize("length", [1, 128])
def test_encoder_whose_code_has_another_length(generator, length):
    prior = priors.autoencoder(lambda h: generator(h).flatten(1)[:, :length])
    with pytest.raises(ValueError, match="E does not fit G"):
        chain(torch.rand(2, 256), prior, lambda h: h.sum(1), Eps(0.1, 1), steps=1)


def test_joint_chain_of_real_networks_is_itself_in_a_batch(encoder, generator):
    """Float64, so that kernels that round differently with the batch size stay below 1e-9."""
    encoder, generator = encoder.double(), generator.double()
    h = torch.rand(3, 256, dtype=F64, generator=torch.Generator().manual_seed(0))
    keywords = {"eps": Eps(0.1, 1.0, 0.1), "steps": 10}
    *_, together = chain(
        h, *joint(generator, encoder, conditions.classes(encoder, [1, 2, 3], "item")), seeds=[5, 6, 7], **keywords
    )
    *_, alone = chain(h[1:2], *joint(generator, encoder, conditions.classes(encoder, 2, "item")), seeds=[6], **keywords)
    assert (together.h[1:2] - alone.h).abs().max() < 1e-9


def test_autoencoder_prior_points_from_h_to_its_reconstruction():
    h = torch.tensor([[1.0, -2.0]])
    assert priors.autoencoder(lambda h: 3 * h)(h).tolist() == [[2.0, -4.0]]


def test_what_once_remembers_belongs_to_the_function_and_to_the_step():
    """Wrapped in two places it still runs once; in the next step, or outside of one, anew."""
    calls = []

    def f(x):
        calls.append(1)
        return 2 * x

    x = torch.ones(2)
    for _ in range(2):
        with one_step():
            once(f)(x), once(f)(x), once(once(f))(x)
    assert len(calls) == 2
    once(f)(x), once(f)(x)
    assert len(calls) == 4


def test_prior_that_takes_a_gradient_may_share_the_pass_of_the_condition(networks):
    """An energy on images as prior: its gradient goes back through the same G(h) as the condition's."""
    G, C = networks
    h = torch.randn(3, 5, dtype=F64, generator=torch.Generator().manual_seed(1))
    energy = conditions.through(G, lambda x: -(x**2).flatten(1).sum(1))

    def prior(h):
        return value_and_grad(energy, h)[1]

    found = evaluate(h, prior, conditions.through(G, conditions.classes(C, 1)))
    alone = value_and_grad(lambda h: -(G(h) ** 2).flatten(1).sum(1), h)[1]
    assert torch.allclose(found.prior, alone)


def test_weighted_expert_counts_by_its_weight(networks):
    G, C = networks
    x = G(torch.randn(3, 5, dtype=F64, generator=torch.Generator().manual_seed(1)))
    assert torch.equal(conditions.weighted(0.5, conditions.classes(C, 1))(x), conditions.classes(C, 1)(x) / 2)
    with pytest.raises(ValueError, match="weight must be finite and not negative; got -1"):
        conditions.weighted(-1, conditions.classes(C, 1))


@pytest.mark.parametrize("condition", [conditions.classes, conditions.released_classes, conditions.class_logit])
def test_network_that_returns_one_dimension(condition):
    with pytest.raises(ValueError, match=r"logits must be \(B, K\).*got \(3,\)"):
        condition(lambda x: x.flatten(1).sum(1), 0)(torch.zeros(3, 5))


def test_images_of_0_to_255_are_refused(encoder):
    for network in (encoder, *(zoo.load(name) for name in ("selector", "evaluator"))):
        with pytest.raises(ValueError, match=r"x / 127\.5 - 1"):
            network(255 * torch.rand(2, 3, 32, 32))
        with pytest.raises(TypeError, match=r"x / 127\.5 - 1"):
            network(torch.zeros(2, 3, 32, 32, dtype=torch.uint8))


def test_network_in_training_mode_is_refused():
    """With BatchNorm the first of three chains has another log p than the same one of two."""
    C = nn.Sequential(nn.Linear(5, 3), nn.BatchNorm1d(3))
    with pytest.raises(ValueError, match=r"C must not be in training mode.*call C\.eval\(\) first"):
        conditions.classes(C, 1)
    condition = conditions.classes(C.eval(), 1)
    with pytest.raises(ValueError, match=r"call E\.eval\(\) first"):
        joint(nn.Linear(3, 5), C.train(), condition)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: conditions.classes("C", 1), "C must be a network"),
        (lambda: conditions.classes(len, None), "y must be a class number"),
        (lambda: conditions.classes(len, ["a"]), "y must be a class number"),
        (lambda: conditions.classes(lambda x: (x, x), 1)(torch.zeros(2, 3)), "heads with such, or Features; got tuple"),
        (lambda: conditions.product(3), "a condition must be a function"),
        (lambda: conditions.weighted("1", len), "weight must be a number"),
        (lambda: priors.gaussian("1"), "variance must be a number"),
        (lambda: chain(torch.zeros(2, 3), None, len, Eps(0, 1), steps=1), "prior must be a function"),
        (
            lambda: chain(torch.zeros(2, 3), priors.none, len, Eps(0, 1, 1), steps=1, seeds=2),
            r"such as range\(10\); got 2",
        ),
    ],
)
def test_what_is_of_another_kind_is_told_at_the_call(wrong, message):
    with pytest.raises(TypeError, match=message):
        wrong()
