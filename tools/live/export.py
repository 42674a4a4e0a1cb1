"""One step of Noiseless Joint PPGN-h, with its gradient, as an ONNX graph for the reader's browser.

    python tools/live/export.py             write book/_static/live
    python tools/live/export.py --check     1 if that was made from other networks

The graph is traced from the library's own functions: what ``chain`` evaluates at h is what the page evaluates. Inputs
are a code and, for each head, weights of its classes: 1 for the one that is asked for, all 0 for none. Weights are
stored with 16 bits and computed with in 32.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch._decomp import core_aten_decompositions
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn import functional as F

from ppgn_lib import Eps, chain, conditions, variants
from ppgn_lib.data.files import replacing
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks import small
from ppgn_lib.networks.features import encode, logits_of
from ppgn_lib.networks.zoo import digest, load
from ppgn_lib.sampling.chain import LogProb, value_and_grad
from ppgn_lib.sampling.once import once, one_step
from ppgn_lib.sampling.starts import rectified_normal

FOLDER = Path(__file__).resolve().parents[2] / "book/_static/live"
GRAPH = "step.onnx.gz"
RUNTIMES = {  # of the package onnxruntime-web
    "processor": "ort-wasm-simd-threaded.wasm.gz",
    "gpu": "ort-wasm-simd-threaded.jsep.wasm.gz",
}
HEADS = ("item", "colour", "background")
OUTPUTS = ("x", "prior", "log_p", "grad")
LARGE = 256  # numbers of a weight that is stored with 16 bits
EPS, STEPS, EVERY, SEED = Eps(0.1, 0.2), 250, 25, 0  # of the chains that are shown where nothing can run


def main(arguments: list[str] | None = None) -> int:
    """Write the graph, the chains for pages on which nothing runs, and what the page has to know."""
    parser = argparse.ArgumentParser(description="The live sampler's graph.")
    parser.add_argument("--check", action="store_true", help="only compare the networks with those of the graph")
    given = parser.parse_args(arguments)
    if given.check:
        same = json.loads((FOLDER / "live.json").read_text("utf-8"))["made_with"] == made_with()
        print("the live sampler belongs to the shipped networks" if same else "stale: python tools/live/export.py")
        return int(not same)
    FOLDER.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(graph().SerializeToString(), mtime=0)
    with replacing(FOLDER / GRAPH) as path:
        path.write_bytes(packed)
    with replacing(FOLDER / "chains.png") as path:
        path.write_bytes(precomputed())
    with replacing(FOLDER / "live.json") as path:
        path.write_text(json.dumps(about(packed)) + "\n", "utf-8")
    print(f"{FOLDER}: {len(packed) / 1e6:.1f} MB")
    return 0


def made_with() -> dict[str, str]:
    """Hashes of the networks."""
    return {name: digest(load(name)) for name in ("encoder", "generator")}


def about(packed: bytes) -> dict[str, Any]:
    """What the page has to know."""
    E = load("encoder")
    files = {GRAPH: packed, **{name: (FOLDER / name).read_bytes() for name in RUNTIMES.values()}}
    return {
        "made_with": made_with(),
        "code": E.code,
        "size": E.size,
        "classes": {head: list(E.classes[head]) for head in HEADS},
        # Of what is in them, since some servers unpack them on the way.
        "files": {name: hashlib.sha256(gzip.decompress(content)).hexdigest() for name, content in files.items()},
        "bytes": {kind: len(packed) + len(files[name]) for kind, name in RUNTIMES.items()},
        "chains": {"steps": STEPS, "every": EVERY},
        "photographs": photographs(),
    }


def photographs() -> list[dict[str, Any]]:
    """The code of one test photograph of each item, the first one, as it is; two digits are enough for a start."""
    test, E = TintedFashion("test"), load("encoder")
    index = [int(np.flatnonzero(test.item == c)[0]) for c in range(len(E.classes["item"]))]
    batch = test.batch(index)
    return [
        {
            "index": index[i],
            "labels": [int(batch.labels[head][i]) for head in HEADS],
            "h": [round(float(v), 2) for v in h],
        }
        for i, h in enumerate(encode(E, batch.x))
    ]


def step(G: nn.Module, E: nn.Module, h: Tensor, *weights: Tensor) -> tuple[Tensor, ...]:
    """All of Eq. 11 at h (B, H), and the picture: x (B, 3, size, size), R(h) - h, log p (B,) and its gradient.

    ``weights``: for each head (B, K), by which the log-probabilities of its classes count.
    """
    C = once(E)

    def log_p(x: Tensor) -> Tensor:
        seen = C(x)
        each = [(F.log_softmax(logits_of(seen, head), 1) * w).sum(1) for head, w in zip(HEADS, weights, strict=True)]
        return torch.stack(each).sum(0)

    experts = variants.noiseless(G, E, log_p)
    leaf = h.detach().requires_grad_()
    with one_step():
        value, grad = value_and_grad(experts.log_prob, leaf, keep_graph=True)
        return once(G)(leaf).detach(), experts.prior(leaf).detach(), value, grad


def graph() -> onnx.ModelProto:
    """``step`` for one chain, with operators that the runtime has."""
    E, G = load("encoder"), load("generator")
    checked, small.check_input = small.check_input, lambda *of: None  # its answer depends on pixels: no part of a graph
    try:
        h = rectified_normal([1], E.code)
        weights = [F.one_hot(torch.tensor([1]), len(E.classes[head])).float() for head in HEADS]
        traced = make_fx(lambda *of: step(G, E, *of), decomposition_table=decompositions())(h, *weights)
    finally:
        small.check_input = checked
    traced.eval()
    program = torch.onnx.export(
        traced, (h, *weights), dynamo=True, input_names=["h", *HEADS], output_names=list(OUTPUTS), verbose=False
    )
    assert program is not None
    return with_16_bits(program.model_proto)


def decompositions() -> dict[Any, Any]:
    """PyTorch's own, and the two backward passes that it leaves whole."""
    return {
        **core_aten_decompositions(),
        torch.ops.aten.convolution_backward.default: convolution_backward,
        torch.ops.aten.max_pool2d_with_indices_backward.default: max_pool_backward,
    }


def convolution_backward(
    grad: Tensor,
    x: Tensor,
    weight: Tensor,
    bias_sizes: Any,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    transposed: bool,
    output_padding: list[int],
    groups: int,
    mask: list[bool],
) -> tuple[Tensor, None, None]:
    """The gradient of a convolution's input is a transposed convolution, and the other way round."""
    more = [0, 0]
    if not transposed:
        reach = [dilation[i] * (weight.shape[2 + i] - 1) + 1 for i in range(2)]
        whole = [(grad.shape[2 + i] - 1) * stride[i] - 2 * padding[i] + reach[i] for i in range(2)]
        more = [x.shape[2 + i] - whole[i] for i in range(2)]
    convolution = torch.ops.aten.convolution
    return convolution(grad, weight, None, stride, padding, dilation, not transposed, more, groups), None, None


def max_pool_backward(grad: Tensor, x: Tensor, kernel: list[int], stride: list[int], *rest: Any) -> Tensor:
    """The gradient goes to the largest of each 2 by 2 pixels.

    To all of several equal ones, where PyTorch takes the first: here those are zeros of the ReLU before, which lets
    nothing through.
    """
    if kernel != [2, 2] or (stride and stride != [2, 2]):
        raise ValueError(f"only pooling of 2 by 2 is written out; got {kernel}, {stride}")
    b, c, height, width = grad.shape
    cells = x.view(b, c, height, 2, width, 2)
    largest = cells == cells.amax((3, 5), keepdim=True)
    return torch.where(largest, grad.view(b, c, height, 1, width, 1), 0.0).view(x.shape)


def with_16_bits(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same with large weights stored as float16, each followed by a cast."""
    casts = []
    for stored in model.graph.initializer:
        if stored.data_type == TensorProto.FLOAT and np.prod(stored.dims) >= LARGE:
            name, values = stored.name, numpy_helper.to_array(stored)
            stored.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_16"))
            casts.append(helper.make_node("Cast", [f"{name}_16"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def precomputed() -> bytes:
    """A row for each item: every ``EVERY``-th picture of a chain from one random code, as PNG."""
    import io

    from PIL import Image

    E, G = load("encoder"), load("generator")
    items = len(E.classes["item"])
    condition: LogProb = conditions.classes(E, list(range(items)), "item")
    h0 = rectified_normal([SEED] * items, G.code)
    rows = []
    for t, state in enumerate(chain(h0, *variants.noiseless(G, E, condition), EPS, steps=STEPS)):
        if t % EVERY == 0:
            with torch.no_grad():
                rows.append(G(state.h).clamp(-1, 1))
    pixels = ((torch.stack(rows, 1) + 1) * 127.5).round().to(torch.uint8)  # (items, T, 3, size, size)
    sheet = pixels.permute(0, 3, 1, 4, 2).flatten(0, 1).flatten(1, 2)
    png = io.BytesIO()
    Image.fromarray(sheet.numpy()).save(png, "PNG", optimize=True)
    return png.getvalue()


if __name__ == "__main__":
    sys.exit(main())
