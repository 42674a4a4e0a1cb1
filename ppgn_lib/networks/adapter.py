"""Networks of others as conditions: what lies between a picture in [-1, 1] and what they were trained on.

::

    net = torchvision.models.resnet50(weights="DEFAULT").eval().requires_grad_(False)
    condition = classes(Adapted(net, **TORCHVISION), 281)  # tabby cat

"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

TORCHVISION: dict[str, Any] = {
    "size": 224,
    "low": 0.0,
    "high": 1.0,
    "mean": (0.485, 0.456, 0.406),
    "std": (0.229, 0.224, 0.225),
}
CAFFE: dict[str, Any] = {"size": 227, "low": 0.0, "high": 255.0, "mean": (104.0, 117.0, 123.0), "order": "BGR"}


class Adapted(nn.Module):
    """A network that takes pictures (B, 3, H, W) in [-1, 1] of any size; gradients go through.

    Parameters
    ----------
    net
        Images (B, 3, size, size), on its own scale -> anything.
    size
        Pixels of the side that it wants; None: as the pictures are. Bilinear, and where a picture is made smaller what
        is too fine is filtered out first.
    low, high
        Its black and its white, before mean and std.
    mean, std
        Subtracted, and divided by: one number, or one a channel, in ``order``.
    order
        Of its channels.

    Raises
    ------
    ValueError
        size, high - low or a std is not above 0, mean or std has neither 1 nor 3 numbers. At a call: pictures in grey.

    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        net: nn.Module,
        *,
        size: int | None = None,
        low: float = -1.0,
        high: float = 1.0,
        mean: float | Sequence[float] = 0.0,
        std: float | Sequence[float] = 1.0,
        order: Literal["RGB", "BGR"] = "RGB",
    ) -> None:
        super().__init__()
        if size is not None and size < 1:
            raise ValueError(f"size must be at least 1 pixel; got {size}")
        if not high > low:
            raise ValueError(f"white must be above black; got low={low}, high={high}")
        if order not in ("RGB", "BGR"):
            raise ValueError(f"order must be RGB or BGR; got {order!r}")
        self.net, self.size, self.low, self.high, self.order = net, size, low, high, order
        for name, given in (("mean", mean), ("std", std)):
            numbers = torch.as_tensor(given, dtype=torch.float32).reshape(-1)
            if len(numbers) not in (1, 3):
                raise ValueError(f"{name} must be one number, or one a channel; got {len(numbers)}")
            self.register_buffer(name, numbers[:, None, None], persistent=False)
        if not bool((self.std > 0).all()):
            raise ValueError(f"std must be above 0; got {std}")
        self.train(net.training)

    def forward(self, x: Tensor) -> Any:
        """What the network says of x (B, 3, H, W) in [-1, 1]."""
        return self.net(self.prepared(x))

    def prepared(self, x: Tensor) -> Tensor:
        """The pictures as the network was trained on them."""
        if x.ndim != 4 or x.shape[1] != 3 or not x.is_floating_point():
            raise ValueError(f"pictures must be (B, 3, H, W) in [-1, 1]; got {x.dtype} {tuple(x.shape)}")
        if self.size is not None and x.shape[2:] != (self.size, self.size):
            x = F.interpolate(x, (self.size, self.size), mode="bilinear", antialias=True, align_corners=False)
        x = self.low + (x + 1) / 2 * (self.high - self.low)
        if self.order == "BGR":
            x = x.flip(1)
        return (x - self.mean) / self.std
