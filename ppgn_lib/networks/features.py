"""What a network sees in an image, in one form for all networks; and what any layer of any network computes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ppgn_lib.checks import count
from ppgn_lib.data.images import check_images

Function = Callable[[Tensor], Tensor]


class Features(NamedTuple):
    """What a classifier computes on its way from an image to its logits."""

    h1: Tensor  # (B, *H1)  maps of an inner layer: the paper's pool5
    h: Tensor  # (B, H)    of an encoder the code, the paper's fc6 after its ReLU; of a judge its pooled features
    logits: Mapping[str, Tensor]  # for each head, by its name, (B, K)


def check_frozen(name: str, net: Any) -> None:
    """Raise ``ValueError`` for a network in training mode that has BatchNorm or dropout, which would couple chains."""
    if isinstance(net, nn.Module) and net.training:
        layers = nn.modules.batchnorm._BatchNorm | nn.modules.dropout._DropoutNd
        if any(isinstance(module, layers) for module in net.modules()):
            raise ValueError(
                f"{name} must not be in training mode, where BatchNorm and dropout make chains depend on each other "
                f"and on chance: call {name}.eval() first"
            )


def logits_of(seen: Features | Mapping[str, Tensor] | Tensor, head: str | None = None) -> Tensor:
    """The logits (B, K) of one head; of the only one if none is named. A network that returns a tensor has one head.

    ``seen`` may also be the mapping of heads to logits alone.

    Raises
    ------
    ValueError
        There is no such head, several and none is named, or the logits are not (B, K).
    TypeError
        The network returns something else.

    """
    heads = seen if isinstance(seen, Mapping) else getattr(seen, "logits", None)
    if isinstance(seen, Tensor):
        if head is not None:
            raise ValueError(f"the network returns a tensor and has no heads; got head={head!r}: leave it out")
        logits = seen
    elif not isinstance(heads, Mapping):
        raise TypeError(f"a network must return logits (B, K), heads with such, or Features; got {type(seen).__name__}")
    elif head is None and len(heads) == 1:
        (logits,) = heads.values()
    elif head is not None and head in heads:
        logits = heads[head]
    else:
        raise ValueError(f"head must be one of {', '.join(heads)}; got {head!r}")
    if logits.ndim != 2:
        raise ValueError(f"logits must be (B, K), a row for each image; got {tuple(logits.shape)}")
    return logits


def code_of(seen: Features | Tensor) -> Tensor:
    """The code ``h``: of an encoder that returns ``Features``, or a tensor that is the code itself.

    Raises ``TypeError`` for anything else.
    """
    code = seen if isinstance(seen, Tensor) else getattr(seen, "h", None)
    if not isinstance(code, Tensor):
        raise TypeError(f"an encoder must return codes (B, H) or Features; got {type(seen)}")
    return code


def encode(E: Callable[[Tensor], Features], x: Tensor) -> Tensor:
    """The codes of real images, where a chain may start: ``E(x).h``, (B, H), without gradient.

    Raises as ``data.images.check_images`` does when x are not images (B, 3, H, W) in [-1, 1].
    """
    with torch.no_grad():
        return code_of(E(check_images(x)))


def check_input(name: str, x: Tensor, size: int | None = None, multiple: int = 1) -> None:
    """Raise unless ``x`` may be images (B, 3, size, size) for a network called ``name``.

    With ``size`` None any height and width that are multiples of ``multiple``. A chain may leave [-1, 1], so the
    range is not checked strictly: what has no negative pixel and goes far beyond 1 is an image of 0-255.

    Raises
    ------
    TypeError
        x is not floating point.
    ValueError
        Another shape, or a range of 0-255.

    """
    if not isinstance(x, Tensor) or not x.is_floating_point():
        got = x.dtype if isinstance(x, Tensor) else type(x).__name__
        raise TypeError(f"{name} takes floating point images in [-1, 1]; got {got}: for 0-255 use x / 127.5 - 1")
    wanted = f"(B, 3, {size}, {size})" if size else "(B, 3, H, W)"
    if x.ndim != 4 or x.shape[1] != 3 or (size and tuple(x.shape[2:]) != (size, size)):
        raise ValueError(f"{name} takes images {wanted}; got {tuple(x.shape)}: resize first")
    if x.shape[2] % multiple or x.shape[3] % multiple:
        raise ValueError(f"{name} takes images whose sides are multiples of {multiple}; got {tuple(x.shape)}")
    if x.numel():
        low, high = x.detach().aminmax()
        if bool((low >= 0) & (high > 8)):
            raise ValueError(f"{name} takes images in [-1, 1]; got up to {high:.3g}: for 0-255 use x / 127.5 - 1")


def activations(net: nn.Module, layer: str, nonlinearity: Function | None = None) -> Function:
    """What a named layer of any network computes: images -> its output, ``activations(alexnet, "features.10")``.

    The output is taken as the layer gives it, so that of a convolution is *before* its nonlinearity, even where the
    next layer overwrites it in place. For the values after it name the nonlinearity's own layer, or hand the
    ``nonlinearity`` over where the network applies it without a layer.

    Raises
    ------
    ValueError
        There is no layer of that name; the message has the nearest one. At the first call: the layer did not run, or
        its output is not a tensor.

    """
    _layer(net, layer)

    def of(x: Tensor) -> Tensor:
        (found,) = _run(net, x, (layer,))[1]
        return found if nonlinearity is None else nonlinearity(found)

    return of


class FromLayers(nn.Module):
    """Any network with named layers as an encoder E: images (B, 3, H, W) in [-1, 1] -> ``Features``.

    ``FromLayers(alexnet, h1="features.12", h="classifier.2", size=224, prepare=normalise)`` makes torchvision's
    AlexNet one whose code is fc6 after its ReLU.

    Parameters
    ----------
    net
        The network; its output is the logits (B, K) of one head, "class".
    h1, h
        Names of the layers whose outputs are h1 and the code; the code is flattened to (B, H).
    size
        Height and width of its images.
    prepare
        From [-1, 1] to what the network takes; nothing by default.
    names
        Of the K classes.

    Raises
    ------
    ValueError
        As ``activations`` does.

    """

    def __init__(
        self,
        net: nn.Module,
        *,
        h1: str,
        h: str,
        size: int,
        prepare: Function | None = None,
        names: Sequence[str] = (),
    ) -> None:
        super().__init__()
        size = count(size, "size")
        for layer in (h1, h):
            _layer(net, layer)
        self.net, self.layers, self.size, self.prepare = net, (h1, h), size, prepare or (lambda x: x)
        self.classes = {"class": tuple(names)}

    def forward(self, x: Tensor) -> Features:
        """Images (B, 3, size, size) in [-1, 1] -> Features."""
        check_input("E", x, self.size)
        logits, (h1, h) = _run(self.net, self.prepare(x), self.layers)
        return Features(h1, h.flatten(1), {"class": logits})

    def e1(self, x: Tensor) -> Tensor:
        """The lower half, x -> h1."""
        return self(x).h1

    def e2(self, h1: Tensor) -> Tensor:
        """The upper half, h1 -> h. The lower one runs on a grey image as well and is overruled: twice the work."""
        grey = h1.new_zeros(len(h1), 3, self.size, self.size)
        _, (_, h) = _run(self.net, self.prepare(grey), self.layers, {self.layers[0]: h1})
        return h.flatten(1)


def _run(
    net: nn.Module, x: Tensor, layers: Sequence[str], instead: Mapping[str, Tensor] | None = None
) -> tuple[Any, list[Tensor]]:
    """The network's output and those of some layers; ``instead`` takes the place of a layer's own output."""
    found: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[..., Any]:
        def hook(_module: nn.Module, _arguments: Any, output: Any) -> Any:
            output = output if instead is None else instead.get(name, output)
            if not isinstance(output, Tensor):
                raise ValueError(f"layer {name!r} must give a tensor; got {type(output).__name__}")
            found[name] = output.clone()  # a nonlinearity that works in place would overwrite it
            return output

        return hook

    with ExitStack() as stack:
        for name in layers:
            stack.callback(_layer(net, name).register_forward_hook(keep(name)).remove)
        output = net(x)
    missing = [name for name in layers if name not in found]
    if missing:
        raise ValueError(f"layer {missing[0]!r} did not run when the network did")
    return output, [found[name] for name in layers]


def _layer(net: nn.Module, name: str) -> nn.Module:
    known = dict(net.named_modules())
    if not name or name not in known:
        names = [n for n in known if n]
        near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.0)
        offer = f"did you mean {near[0]!r}? All: {', '.join(names)}" if near else "the network has no named layers"
        raise ValueError(f"no layer {name!r}; {offer}")
    return known[name]
