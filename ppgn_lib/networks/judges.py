"""The two networks that judge samples and never take part in making them.

The **selector** chooses step sizes on the validation split, the **evaluator** reports on the test
split. They differ from each other and from E in architecture and seed: a picture that only fools the network it was
climbed on, or chosen by, should not fool the one that reports.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.apart import reports
from ppgn_lib.networks.features import Features, check_input
from ppgn_lib.networks.small import Classes, heads_of, named_classes


class Selector(nn.Module):
    """A small residual network on RGB: mean pooling, no fully connected code."""

    def __init__(self, classes: Classes, *, width: int = 24) -> None:
        super().__init__()
        self.classes = named_classes(classes)
        self.settings = {"classes": self.classes, "width": width}
        w = width
        self.stem = conv_norm(3, w, 1)
        self.blocks = nn.Sequential(_Residual(w, w, 1), _Residual(w, 2 * w, 2), _Residual(2 * w, 4 * w, 2))
        self.heads = heads_of(classes, 4 * w)

    def forward(self, x: Tensor) -> Features:
        check_input("the selector", x, multiple=4)
        h1 = self.blocks(F.relu(self.stem(x)))  # (B, 4w, 8, 8)
        h = h1.mean((2, 3))  # (B, 4w)
        return Features(h1, h, {name: head(h) for name, head in self.heads.items()})


class Evaluator(nn.Module):
    """Two towers of plain convolutions: one sees shape and shading without hue, one sees RGB.

    What item it is shows in the shading, whatever the tint; in RGB a network has to learn that anew for 56 pairs of
    colours. So the wide tower gets value, saturation and the *key*, value where the pixel is as saturated as items
    are and nearly 0 on the wall, almost the grey photograph; the narrow one is for the names of the colours. The book's
    log of trainings has what led to it.
    """

    def __init__(self, classes: Classes, *, width: int = 28) -> None:
        super().__init__()
        self.classes = named_classes(classes)
        self.settings = {"classes": self.classes, "width": width}
        self.shape, self.colours = _tower(3, width), _tower(3, 8)
        self.dropout = nn.Dropout(0.3)
        self.heads = heads_of(classes, 4 * (width + 8))

    def forward(self, x: Tensor) -> Features:
        reports("the evaluator")
        check_input("the evaluator", x, multiple=4)
        h1 = torch.cat([self.shape(without_hue(x)), self.colours(x)], 1)  # (B, 4w + 32, 8, 8)
        h = h1.mean((2, 3))
        top = self.dropout(h)
        return Features(h1, h, {name: head(top) for name, head in self.heads.items()})


def without_hue(x: Tensor) -> Tensor:
    """Value, saturation and key of images (B, 3, H, W) in [-1, 1]: (B, 3, H, W), in [-1, 1] as well.

    Value and saturation are those of HSV. Walls of the tinted photographs have saturations up to 0.39, items from 0.5
    on: the key is the value, faded out from 0.5 down to 0.36, so that a fifth of the value is the most a wall keeps.
    """
    value = x.amax(1, keepdim=True) / 2 + 0.5
    saturation = 1 - (x.amin(1, keepdim=True) / 2 + 0.5) / value.clamp(min=0.1)  # nothing real is darker than 0.2
    key = value * ((saturation - 0.36) / 0.14).clamp(0, 1)
    return 2 * torch.cat([value, saturation, key], 1) - 1


class _Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = conv_norm(inputs, outputs, stride)
        self.second = conv_norm(outputs, outputs, 1)
        same = stride == 1 and inputs == outputs
        self.skip = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.second(F.relu(self.first(x))) + self.skip(x))


def _tower(inputs: int, width: int) -> nn.Sequential:
    w = width
    return nn.Sequential(
        _pair(inputs, w), nn.MaxPool2d(2), _pair(w, 2 * w), nn.MaxPool2d(2), _pair(2 * w, 4 * w)
    )  # (B, 4w, 8, 8)


def _pair(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(conv_norm(inputs, outputs, 1), nn.ReLU(), conv_norm(outputs, outputs, 1), nn.ReLU())


def conv_norm(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """A convolution of 3x3 pixels and BatchNorm: (B, inputs, H, W) -> (B, outputs, H / stride, W / stride)."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs))
