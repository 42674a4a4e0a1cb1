"""Conditions: functions ``x -> log p(y|x)`` with one value per chain, differentiated by autograd.

A condition takes what its network takes, mostly images; ``through(G, condition)`` makes it one on codes.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib.checks import not_negative
from ppgn_lib.networks.features import check_frozen, logits_of
from ppgn_lib.sampling.chain import LogProb
from ppgn_lib.sampling.once import once

Network = Callable[[Tensor], Any]  # images -> logits (B, K), or ``Features`` with logits for each head


def index_of(name: str, names: Sequence[str]) -> int:
    """The number of a class from its name.

    Raises
    ------
    ValueError
        For an unknown name; the message has the nearest one and all others.

    """
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
        raise ValueError(f"no class {name!r}; did you mean {near!r}? There are {', '.join(names)}")
    return list(names).index(name)


Labels = int | Sequence[int] | Tensor


def classes(C: Network, y: Labels, head: str | None = None) -> LogProb:
    """``log p(y|x) = log softmax(C(x))_y``: the class condition of Eq. 11 (row c of Table S2).

    Parameters
    ----------
    C
        Images (B, ...) -> logits (B, K), or ``Features``. It runs once a step, however many experts ask it.
    y
        A class for all chains, or one a chain (B,), in 0 ... K-1.
    head
        Which of C's classifications y belongs to, where it has several.

    Raises
    ------
    TypeError
        y is not made of integers, or C is no network.
    ValueError
        C is in training mode, where BatchNorm or dropout would make chains touch. At the first evaluation: y is out of
        range, or of another length than the chains; C does not return a row of logits for each, or has no such head.

    """
    return _on_logits(C, y, head, lambda logits, column: F.log_softmax(logits, 1).gather(1, column).squeeze(1))


def released_classes(C: Network, y: Labels, head: str | None = None) -> LogProb:
    """As ``classes`` in value, with the gradient of the authors' code: ``(1 - p_y) dl_y/dx``.

    NOT IN PAPER: their script sets the logits' gradient at y only, and so drops ``-p_j dl_j/dx`` of the others.
    """

    def log_prob(logits: Tensor, column: Tensor) -> Tensor:
        log_p = F.log_softmax(logits, 1).gather(1, column).squeeze(1).detach()
        target = (1 - log_p.exp()) * logits.gather(1, column).squeeze(1)
        return log_p + target - target.detach()

    return _on_logits(C, y, head, log_prob)


def class_logit(C: Network, y: Labels, head: str | None = None) -> LogProb:
    """The logit ``l_y(x)`` in place of a log-probability (row a of Table S2): the logarithm of no density in y."""
    return _on_logits(C, y, head, lambda logits, column: logits.gather(1, column).squeeze(1))


def class_probability(C: Network, y: Labels, head: str | None = None) -> LogProb:
    """``p(y|x)`` in place of its logarithm (row b of Table S2): the gradient vanishes with p."""
    condition = classes(C, y, head)
    return lambda x: condition(x).exp()


def _on_logits(C: Network, y: Labels, head: str | None, f: Callable[[Tensor, Tensor], Tensor]) -> LogProb:
    """``f`` of C's logits (B, K) and the wanted classes (B, 1)."""
    if not callable(C):
        raise TypeError(f"C must be a network, images -> logits; got {C!r}")
    check_frozen("C", C)
    labels, C = _labels(y), once(C)

    def condition(x: Tensor) -> Tensor:
        logits = logits_of(C(x), head)
        return f(logits, _column(labels, logits))

    return condition


def product(*experts: LogProb) -> LogProb:
    """Product of experts (Eq. 2): log-probabilities add."""
    if not experts:
        raise ValueError("a product needs at least one condition, such as classes(C, 3); got none")
    for expert in experts:
        if not callable(expert):
            raise TypeError(f"a condition must be a function x -> log p(y|x), such as classes(C, 3); got {expert!r}")
    return lambda x: torch.stack([expert(x) for expert in experts]).sum(0)


def weighted(weight: float, condition: LogProb) -> LogProb:
    """``weight * log p(y|x)``: one expert of a product counts more or less than the others.

    Raises ``ValueError`` unless the weight is finite and not negative.
    """
    not_negative(weight=weight)
    return lambda x: weight * condition(x)


def through(G: Callable[[Tensor], Tensor], condition: LogProb) -> LogProb:
    """A condition on images as a condition on codes: x = G(h) (Eq. 9). G runs once a step, whoever else needs G(h)."""
    G = once(G)
    return lambda h: condition(G(h))


def _labels(y: Labels) -> Tensor:
    if isinstance(y, str):
        raise TypeError(f"y must be a class number, got the name {y!r}: conditions.index_of({y!r}, names) finds it")
    try:
        labels = torch.as_tensor(y)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"y must be a class number, or one a chain; got {y!r}") from None
    if not labels.numel():
        raise ValueError("y must be a class number, or one a chain; got none")
    if labels.dtype.is_floating_point or labels.dtype == torch.bool:
        raise TypeError(f"y must be integers, got {labels.dtype}")
    return labels.long()


def _column(labels: Tensor, logits: Tensor) -> Tensor:
    """Y as (B, 1) on the logits' device."""
    n, k = logits.shape
    if labels.ndim > 1 or (labels.ndim == 1 and len(labels) != n):
        raise ValueError(f"y must be one class or one for each of {n} chains; got shape {tuple(labels.shape)}")
    if not bool(((labels >= 0) & (labels < k)).all()):
        raise ValueError(f"y must be in 0...{k - 1}, the classes of C; got {labels.tolist()}")
    return labels.to(logits.device).expand(n).unsqueeze(1)
