"""What a network says of images that it had no part in making.

Accuracy and score have the form of the Inception accuracy and score, with another network in Inception's place:
by default our evaluator, so they are called accuracy and score *by the evaluator* and compare with nothing
outside this book. ``inception`` plugs torchvision's Inception-v3 in where its weights are to be had.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.metrics.intervals import Estimate, mean_with_interval, with_interval


class Seen(NamedTuple):
    """What a judging network says of N images."""

    features: Tensor  # (N, F)
    logits: Tensor  # (N, K)


Judge = Callable[[Tensor], Seen]  # images (B, 3, H, W) in [-1, 1] -> Seen


def by(evaluator: nn.Module, head: str = "item") -> Judge:
    """Our evaluator as a judge of one of its labels: item, colour or background. Images come to its device."""

    def judge(x: Tensor) -> Seen:
        judgement = evaluator(x.to(next(evaluator.parameters()).device))
        return Seen(judgement.features, getattr(judgement, head))

    return judge


def inception(net: nn.Module | None = None) -> Judge:
    """Inception-v3 of torchvision as a judge: images are resized to 299x299, features are its last pooling (2048).

    Parameters
    ----------
    net
        ``torchvision.models.inception_v3(transform_input=False)`` with weights of one's own. Without it, the ImageNet
        weights of torchvision are downloaded (104 MB) and their hash is checked.

    Note that the Inception score and FID of the literature come from other weights (TensorFlow's of 2015).

    """
    from torchvision.models import Inception_V3_Weights, inception_v3
    from torchvision.models.feature_extraction import create_feature_extractor

    if net is None:
        net = inception_v3(weights=None, init_weights=False, transform_input=False)
        url = Inception_V3_Weights.IMAGENET1K_V1.url
        net.load_state_dict(torch.hub.load_state_dict_from_url(url, check_hash=True, weights_only=True))
    parts = create_feature_extractor(net.eval(), {"flatten": "features", "fc": "logits"})

    def judge(x: Tensor) -> Seen:
        seen = parts(F.interpolate(x, size=(299, 299), mode="bilinear", antialias=True, align_corners=False))
        return Seen(seen["features"], seen["logits"])

    return judge


@torch.no_grad()
def see(judge: Judge, x: Tensor, size: int = 500) -> Seen:
    """What the judge sees in images (N, 3, H, W), taken in blocks of ``size``; returned on the CPU."""
    blocks = [judge(block) for block in x.split(size)]
    return Seen(torch.cat([b.features.cpu() for b in blocks]), torch.cat([b.logits.cpu() for b in blocks]))


def accuracy(logits: Tensor, y: Tensor) -> Estimate:
    """Share of images that the judging network assigns to their class, with its interval.

    Parameters
    ----------
    logits
        (N, K) of N images, or (T, N, K) of T states of each of N chains: then the interval is over chains, since the
        states of one chain resemble one another.
    y
        (N,) the class of each image, or that each chain was asked for.

    Raises ``ValueError`` for other shapes.

    """
    if logits.ndim not in (2, 3) or y.shape != logits.shape[-2:-1]:
        raise ValueError(
            f"logits must be (N, K) or (T, N, K) and y (N,); got {tuple(logits.shape)} and {tuple(y.shape)}"
        )
    right = (logits.argmax(-1) == y).double()
    return mean_with_interval(right.mean(0) if logits.ndim == 3 else right)


def score(logits: Tensor) -> Estimate:
    """``exp(mean_x KL(p(y|x) || p(y)))``, p(y) the mean over all N images: 1 (worst) to K (best).

    The form of the Inception score (Salimans et al. 2016), for whatever network gave the logits (N, K).
    """

    def of(rows: Tensor) -> float:
        p = rows.softmax(1)
        return float(torch.exp((p * (rows.log_softmax(1) - p.mean(0).log())).sum(1).mean()))

    return with_interval(of, logits.double())


@torch.no_grad()
def in_blocks(f: Callable[[Tensor], Tensor], x: Tensor, size: int = 500) -> Tensor:
    """``f`` over axis 0 in blocks of fixed size, so that memory stays flat and results do not depend on len(x)."""
    return torch.cat([f(block) for block in x.split(size)])
