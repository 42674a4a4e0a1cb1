"""A caption as condition: ``log p(y|x) = sum_t log p(w_t | w_<t, x)`` of a captioner (Sec. 4.2 of the paper)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib.networks.features import check_frozen
from ppgn_lib.sampling.chain import LogProb

PAD = 0


def caption(C: Callable[[Tensor, Tensor], Tensor], words: Tensor) -> LogProb:
    """The log-probability of a caption.

    Parameters
    ----------
    C
        Pictures (B, 3, H, W) and words (B, T) -> logits (B, T, V) of each word given those before it.
    words
        Numbers, (1, T) for all chains or (B, T); 0 is padding and does not count. A caption that does not end with the
        word for the end is a partial one: any may follow.

    Raises
    ------
    ValueError
        words is no such tensor, or C is in training mode. At the first evaluation: as many captions as chains are
        needed, or one.

    """
    check_frozen("C", C)
    if words.ndim != 2 or words.dtype != torch.long or not words.numel():
        raise ValueError(f"words must be numbers (B, T), int64; got {words.dtype} {tuple(words.shape)}")

    def log_prob(x: Tensor) -> Tensor:
        return word_by_word(C, words, x).sum(1)

    return log_prob


def word_by_word(C: Callable[[Tensor, Tensor], Tensor], words: Tensor, x: Tensor) -> Tensor:
    """``log p(w_t | w_<t, x)`` of each word, (B, T); 0 for padding."""
    if len(words) not in (1, len(x)):
        raise ValueError(f"there must be one caption, or one for each of {len(x)} chains; got {len(words)}")
    words = words.to(x.device).expand(len(x), -1)
    log_p = F.log_softmax(C(x, words), 2).gather(2, words[..., None]).squeeze(2)
    return log_p.masked_fill(words == PAD, 0.0)
