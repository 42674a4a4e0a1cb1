"""E, G and D for small images in [-1, 1]: the paper's networks, scaled down.

E is an AlexNet whose fc6 is the code h, G the up-convolutional net of Dosovitskiy & Brox (2016) that inverts it. Shapes
are written beside each layer for the sizes that ship, 32 pixels and codes of 256; B is the batch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.networks.features import Features, check_input

Classes = Mapping[str, Sequence[str]]  # for each head the names of its classes


def he_initialise(net: nn.Module, slope: float) -> None:
    """Weights of He et al. (2015) for rectifiers of this negative slope; biases 0.

    PyTorch's default shrinks the signal at each layer, which costs these plain deep nets many epochs.
    """
    for m in net.modules():
        if isinstance(m, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            inputs = m.weight[0].numel()
            if isinstance(m, nn.ConvTranspose2d):  # (in, out, k, k), and a pixel sees k^2/stride^2 of each input
                inputs = m.in_channels * m.kernel_size[0] * m.kernel_size[1] // (m.stride[0] * m.stride[1])
            nn.init.normal_(m.weight, std=(2 / ((1 + slope**2) * inputs)) ** 0.5)
            assert m.bias is not None
            nn.init.zeros_(m.bias)


def heads_of(classes: Classes, inputs: int) -> nn.ModuleDict:
    """A linear layer for each head: (B, inputs) -> (B, K)."""
    return nn.ModuleDict({name: nn.Linear(inputs, len(names)) for name, names in classes.items()})


def named_classes(classes: Classes) -> dict[str, tuple[str, ...]]:
    """Head -> names of its classes, as a network keeps and stores them. Raises ``ValueError`` if there is no head."""
    if not classes:
        raise ValueError("a classifier needs at least one head, such as classes={'class': ('cat', 'dog')}; got none")
    return {head: tuple(names) for head, names in classes.items()}


def eighth(size: int) -> int:
    """The side of the last maps of an image of ``size`` pixels. Raises ``ValueError`` unless 8 divides it."""
    if size < 8 or size % 8:
        raise ValueError(f"size must be a multiple of 8, which is halved three times; got {size}")
    return size // 8


class Encoder(nn.Module):
    """E = E2∘E1 and, through its heads, the condition network C: image -> Features.

    x (B, 3, size, size) in [-1, 1]. ``e1`` ends at h1, the last pooling layer, ``e2`` at h, fc6 after its ReLU. C is
    the same network read further on, as in the paper, where CaffeNet's fc6 is the code and its fc8 the class.

    Two towers, as AlexNet had one on each GPU. NOT IN PAPER: there the towers meet twice on the way and one became
    blind to colours by itself; here they meet at h1, and the wide one sees value and saturation only. With RGB in the
    same filters E names fewer of the items after as many steps (``book/training_log.md``).
    """

    def __init__(self, classes: Classes, *, size: int = 32, code: int = 256) -> None:
        super().__init__()
        self.classes, self.size, self.code = named_classes(classes), size, code
        self.settings = {"classes": self.classes, "size": size, "code": code}
        self.shape = _tower(2, (32, 64, 96, 96, 48))
        self.colours = _tower(3, (16, 16, 24, 24, 16))
        self.fc6 = nn.Linear(64 * eighth(size) ** 2, code)
        self.fc7 = nn.Linear(code, 128)
        self.heads = heads_of(classes, 128)
        self.dropout = nn.Dropout(0.2)
        he_initialise(self, slope=0.0)

    def e1(self, x: Tensor) -> Tensor:
        check_input("E", x, self.size)
        return torch.cat([self.shape(value_and_saturation(x)), self.colours(x)], 1)  # (B, 64, 4, 4)

    def e2(self, h1: Tensor) -> Tensor:
        return F.relu(self.fc6(h1.flatten(1)))  # (B, 256)

    def forward(self, x: Tensor) -> Features:
        h1 = self.e1(x)
        h = self.e2(h1)
        fc7 = self.dropout(F.relu(self.fc7(self.dropout(h))))  # (B, 128)
        return Features(h1, h, {name: head(fc7) for name, head in self.heads.items()})


def _tower(inputs: int, widths: tuple[int, int, int, int, int]) -> nn.Sequential:
    """AlexNet's five convolutions: (B, inputs, 32, 32) -> (B, widths[4], 4, 4)."""
    a, b, c, d, e = widths
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(inputs, a, 5, padding=2),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),  # (B, a, 16, 16)
            conv2=nn.Conv2d(a, b, 5, padding=2),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),  # (B, b, 8, 8)
            conv3=nn.Conv2d(b, c, 3, padding=1),
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(c, d, 3, padding=1),
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(d, e, 3, padding=1),
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(2),  # (B, e, 4, 4)
        )
    )


def value_and_saturation(x: Tensor) -> Tensor:
    """V and S of HSV for images (B, 3, H, W) in [-1, 1]: (B, 2, H, W), moved to [-1, 1] as well.

    What item it is shows in the shading, whatever the tint: value has the shading without the hue, and saturation
    tells item from background.
    """
    value = x.amax(1, keepdim=True) / 2 + 0.5
    saturation = 1 - (x.amin(1, keepdim=True) / 2 + 0.5) / value.clamp(min=0.1)  # nothing real is darker than 0.2
    return 2 * torch.cat([value, saturation], 1) - 1


class Generator(nn.Module):
    """G: code (B, code) -> image (B, 3, size, size), nominally in [-1, 1] but not clipped.

    Three fully connected layers, then transposed convolutions only, leaky slope 0.3, the last layer linear
    and no BatchNorm: the released generator layer for layer, with fewer stages and channels.
    """

    def __init__(self, *, code: int = 256, size: int = 32, width: int = 32) -> None:
        super().__init__()
        self.code, self.size, self.width = code, size, width
        self.settings = {"code": code, "size": size, "width": width}
        w, self.side = width, eighth(size)
        self.defc7 = nn.Linear(code, 512)
        self.defc6 = nn.Linear(512, 512)
        self.defc5 = nn.Linear(512, 4 * w * self.side**2)
        self.up = nn.ModuleList(
            [
                nn.ConvTranspose2d(4 * w, 4 * w, 4, stride=2, padding=1),  # (B, 4w, 8, 8)
                nn.ConvTranspose2d(4 * w, 4 * w, 3, padding=1),
                nn.ConvTranspose2d(4 * w, 2 * w, 4, stride=2, padding=1),  # (B, 2w, 16, 16)
                nn.ConvTranspose2d(2 * w, 2 * w, 3, padding=1),
                nn.ConvTranspose2d(2 * w, w, 4, stride=2, padding=1),  # (B, w, 32, 32)
                # NOT IN PAPER: one more layer at full size. The released net ends with a stride-2 layer, which
                # at 32x32 leaves its 2x2 pattern in the picture.
                nn.ConvTranspose2d(w, w, 3, padding=1),
                nn.ConvTranspose2d(w, 3, 3, padding=1),  # (B, 3, 32, 32)
            ]
        )
        he_initialise(self, slope=0.3)

    def forward(self, h: Tensor) -> Tensor:
        if h.ndim != 2 or h.shape[1] != self.code:
            raise ValueError(f"G takes codes of shape (B, {self.code}); got {tuple(h.shape)}")
        for fc in (self.defc7, self.defc6, self.defc5):
            h = F.leaky_relu(fc(h), 0.3)
        x = h.view(-1, 4 * self.width, self.side, self.side)
        *hidden, last = self.up
        for layer in hidden:
            x = F.leaky_relu(layer(x), 0.3)
        return last(x)


class Discriminator(nn.Module):
    """D: (image, code) -> one logit a pair, (B,); log D = logsigmoid of it.

    NOT IN PAPER: the paper writes D(x); its training code also shows D the code, so that a sharp picture of
    the wrong thing does not pass. ``h`` enters beside the pooled image features.
    """

    def __init__(self, *, code: int = 256, size: int = 32, width: int = 32) -> None:
        super().__init__()
        self.settings = {"code": code, "size": size, "width": width}
        w = width
        self.convs = nn.ModuleList(
            [
                nn.Conv2d(3, w, 4, stride=2, padding=1),  # (B, w, 16, 16)
                nn.Conv2d(w, 2 * w, 3, padding=1),
                nn.Conv2d(2 * w, 2 * w, 4, stride=2, padding=1),  # (B, 2w, 8, 8)
                nn.Conv2d(2 * w, 4 * w, 3, padding=1),
                nn.Conv2d(4 * w, 4 * w, 4, stride=2, padding=1),  # (B, 4w, 4, 4)
            ]
        )
        self.image = nn.Linear(4 * w * eighth(size) ** 2, 256)
        self.code = nn.Linear(code, 256)
        self.fc = nn.Linear(512, 256)
        self.out = nn.Linear(256, 1)
        he_initialise(self, slope=0.2)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.2)
        pair = torch.cat([F.leaky_relu(self.image(x.flatten(1)), 0.2), F.leaky_relu(self.code(h), 0.2)], dim=1)
        return self.out(F.leaky_relu(self.fc(pair), 0.2)).squeeze(1)
