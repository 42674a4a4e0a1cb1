"""What a network says of images that it had no part in making.

Accuracy and score have the form of the Inception accuracy and score, with another network in Inception's place:
our evaluator for the data that ship, so they are called accuracy and score *by the evaluator* and compare with nothing
outside this book. ``inception`` plugs torchvision's Inception-v3 in where its weights are to be had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.metrics.intervals import Estimate, mean_with_interval, with_interval
from ppgn_lib.networks.features import logits_of


class Judgement(NamedTuple):
    """What a judging network says of N images."""

    features: Tensor  # (N, F)
    logits: Tensor  # (N, K)


Judge = Callable[[Tensor], Judgement]  # images (B, 3, H, W) in [-1, 1] -> Judgement


def judge_with(net: nn.Module, head: str | None = None) -> Judge:
    """A network that returns ``Features`` as a judge by one of its heads, the only one if none is named.

    Its features are ``h``, its logits those of the head. Images come to the network's device. The judge raises
    ``ValueError`` if there is no such head.
    """

    def judge(x: Tensor) -> Judgement:
        seen = net(x.to(next(net.parameters()).device))
        return Judgement(seen.h, logits_of(seen, head))

    return judge


def imagenet(device: torch.device | str = "cpu", size: int = 128) -> Judge:
    """EfficientNet-Lite0 of ImageNet, which nobody trained on the book's pictures, as a judge; features (N, 1280).

    Images are resized to ``size`` pixels, a multiple of 32; its logits are of ImageNet's classes. Raises as
    ``efficientnet_lite0`` does.
    """
    from ppgn_lib.networks.efficientnet import efficientnet_lite0  # here: its package is an extra

    net = efficientnet_lite0().to(device)

    def judge(x: Tensor) -> Judgement:
        x = F.interpolate(x.to(device), size=(size, size), mode="bilinear", antialias=True, align_corners=False)
        features = net.features(x)
        return Judgement(features, net.head(features))

    return judge


def inception(net: nn.Module | None = None, device: torch.device | str = "cpu") -> Judge:
    """Inception-v3 of torchvision as a judge: images are resized to 299x299, features are its last pooling (2048).

    Parameters
    ----------
    net
        ``torchvision.models.inception_v3(transform_input=False)`` with weights of one's own. Without it, the ImageNet
        weights of torchvision are downloaded (104 MB) and their hash is checked.
    device
        Where the network is put, and the images to be judged.

    Note that the Inception score and FID of the literature come from other weights (TensorFlow's of 2015).

    """
    from torchvision.models import Inception_V3_Weights, inception_v3
    from torchvision.models.feature_extraction import create_feature_extractor

    if net is None:
        net = inception_v3(weights=None, init_weights=False, transform_input=False)
        url = Inception_V3_Weights.IMAGENET1K_V1.url
        net.load_state_dict(torch.hub.load_state_dict_from_url(url, check_hash=True, weights_only=True))
    parts = create_feature_extractor(net.eval().to(device), {"flatten": "features", "fc": "logits"})

    def judge(x: Tensor) -> Judgement:
        x = x.to(next(parts.parameters()).device)
        seen = parts(F.interpolate(x, size=(299, 299), mode="bilinear", antialias=True, align_corners=False))
        return Judgement(seen["features"], seen["logits"])

    return judge


@torch.no_grad()
def judgement(judge: Judge, x: Tensor | Iterable[Tensor], size: int = 500) -> Judgement:
    """What the judge says of images (N, 3, H, W), taken in blocks of ``size``; returned on the CPU.

    Of more images than fit into memory: an iterable of such blocks instead of x.
    """
    blocks = []
    for block in x.split(size) if isinstance(x, Tensor) else x:
        judged = judge(block)
        blocks.append((judged.features.cpu(), judged.logits.cpu()))
    return Judgement(*map(torch.cat, zip(*blocks, strict=True)))


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
        of_all = p.mean(0).clamp(min=torch.finfo(p.dtype).tiny)  # a class that is never seen adds 0, not 0 * inf
        return float(torch.exp((p * (rows.log_softmax(1) - of_all.log())).sum(1).mean()))

    return with_interval(of, logits.double())


@torch.no_grad()
def in_blocks(f: Callable[[Tensor], Tensor], x: Tensor, size: int = 500) -> Tensor:
    """``f`` over axis 0 in blocks of fixed size, so that memory stays flat and results do not depend on len(x)."""
    return torch.cat([f(block) for block in x.split(size)])
