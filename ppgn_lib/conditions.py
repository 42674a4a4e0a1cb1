"""Conditions: functions ``x -> log p(y|x)`` with one value per chain, differentiated by autograd.

A condition takes what its network takes, mostly images; ``through(G, condition)`` makes it one on codes.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib.sampling import LogProb

Logits = Callable[[Tensor], Tensor]


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


def classes(C: Logits, y: int | Sequence[int] | Tensor) -> LogProb:
    """``log p(y|x) = log softmax(C(x))_y``: the class condition of Eq. 11 (row c of Table S2).

    Parameters
    ----------
    C
        Images (B, ...) -> logits (B, K).
    y
        A class for all chains, or one a chain (B,), in 0 ... K-1.

    Raises
    ------
    TypeError
        y is not made of integers.
    ValueError
        y is out of range, or of another length than the chains; at the first evaluation.

    """
    labels = _labels(y)

    def log_prob(x: Tensor) -> Tensor:
        logits = C(x)
        return F.log_softmax(logits, 1).gather(1, _column(labels, logits)).squeeze(1)

    return log_prob


def released_classes(C: Logits, y: int | Sequence[int] | Tensor) -> LogProb:
    """As ``classes`` in value, with the gradient of the authors' code: ``(1 - p_y) dl_y/dx``.

    NOT IN PAPER: their script sets the logits' gradient at y only, and so drops ``-p_j dl_j/dx`` of the others.
    """
    labels = _labels(y)

    def log_prob(x: Tensor) -> Tensor:
        logits = C(x)
        column = _column(labels, logits)
        log_p = F.log_softmax(logits, 1).gather(1, column).squeeze(1).detach()
        target = (1 - log_p.exp()) * logits.gather(1, column).squeeze(1)
        return log_p + target - target.detach()

    return log_prob


def class_logit(C: Logits, y: int | Sequence[int] | Tensor) -> LogProb:
    """The logit ``l_y(x)`` in place of a log-probability (row a of Table S2): the logarithm of no density in y."""
    labels = _labels(y)

    def value(x: Tensor) -> Tensor:
        logits = C(x)
        return logits.gather(1, _column(labels, logits)).squeeze(1)

    return value


def class_probability(C: Logits, y: int | Sequence[int] | Tensor) -> LogProb:
    """``p(y|x)`` in place of its logarithm (row b of Table S2): the gradient vanishes with p."""
    condition = classes(C, y)
    return lambda x: condition(x).exp()


def unit(C: Logits, channel: int, row: int | None = None, column: int | None = None) -> LogProb:
    """A hidden unit as condition: log softmax over the channels of a layer, at one place of it if it is spatial.

    ``C``: images -> activations before their ReLU, (B, K) or (B, K, height, width). Source: the released code.

    Raises
    ------
    ValueError
        There is no such unit in the layer.

    """

    def log_prob(x: Tensor) -> Tensor:
        activation = C(x)
        if activation.ndim == 4:
            height, width = activation.shape[2:]
            if row is None or column is None or not (0 <= row < height and 0 <= column < width):
                raise ValueError(f"row and column must be within {height} x {width}; got {row}, {column}")
            activation = activation[:, :, row, column]
        if not 0 <= channel < activation.shape[1]:
            raise ValueError(f"channel must be in 0...{activation.shape[1] - 1}; got {channel}")
        return F.log_softmax(activation, 1)[:, channel]

    return log_prob


def product(*experts: LogProb) -> LogProb:
    """Product of experts (Eq. 2): log-probabilities add."""
    if not experts:
        raise ValueError("a product needs at least one expert")
    return lambda x: torch.stack([expert(x) for expert in experts]).sum(0)


def through(G: Callable[[Tensor], Tensor], condition: LogProb) -> LogProb:
    """A condition on images as a condition on codes: x = G(h) (Eq. 9)."""
    return lambda h: condition(G(h))


def _labels(y: int | Sequence[int] | Tensor) -> Tensor:
    if isinstance(y, str):
        raise TypeError(f"y must be a class number, got the name {y!r}: conditions.index_of({y!r}, names) finds it")
    labels = torch.as_tensor(y)
    if labels.dtype.is_floating_point or labels.dtype == torch.bool:
        raise TypeError(f"y must be integers, got {labels.dtype}")
    return labels.long()


def _column(labels: Tensor, logits: Tensor) -> Tensor:
    """Y as (B, 1) on the logits' device."""
    if logits.ndim != 2:
        raise ValueError(f"C must return logits (B, K); got {tuple(logits.shape)}")
    n, k = logits.shape
    if labels.ndim > 1 or (labels.ndim == 1 and len(labels) != n):
        raise ValueError(f"y must be one class or one for each of {n} chains; got shape {tuple(labels.shape)}")
    if not bool(((labels >= 0) & (labels < k)).all()):
        raise ValueError(f"y must be in 0...{k - 1}, the classes of C; got {labels.tolist()}")
    return labels.to(logits.device).expand(n).unsqueeze(1)
