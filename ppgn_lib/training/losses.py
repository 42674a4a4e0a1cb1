"""The training losses, Eqs. 19-22, each as a mean so that its size does not depend on batch or image size.

The paper sums over pixels of 0-255 images and over the batch; here images are in [-1, 1] and every loss is
a mean, so the paper's weights do not carry over (``GeneratorSettings`` has ours and says why).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def image_loss(x_hat: Tensor, x: Tensor) -> Tensor:
    """Eq. 19, ``L_img = |x_hat - x|^2``: mean over pixels of images in [-1, 1]."""
    return F.mse_loss(x_hat.float(), x.float())


def feature_loss(hat: Tensor, target: Tensor) -> Tensor:
    """Eq. 20, ``L_h1 = |h1_hat - h1|^2``, or Eq. 23 for h, as a share of the mean square: predicting 0 costs 1."""
    return F.mse_loss(hat.float(), target.float()) / target.float().square().mean()


def gan_loss(d_fake: Tensor) -> Tensor:
    """Eq. 21, ``L_GAN = -log D(G(h))``, mean over the batch. ``d_fake``: D's logits, (B,)."""
    return F.softplus(-d_fake.float()).mean()


def d_loss(d_real: Tensor, d_fake: Tensor, real_label: float = 1.0) -> Tensor:
    """Eq. 22, ``L_D = -[log D(x) + log(1 - D(G(h)))]``, mean over the batch; logits of shape (B,).

    ``real_label`` below 1 smooths the real side only (NOT IN PAPER).
    """
    real = F.binary_cross_entropy_with_logits(d_real.float(), torch.full_like(d_real, real_label, dtype=torch.float32))
    return real + F.softplus(d_fake.float()).mean()
