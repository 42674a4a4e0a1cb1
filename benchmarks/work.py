"""How much arithmetic a call is, how fast the machine can do it, and where the time goes."""

from collections import defaultdict

import torch
from torch.profiler import ProfilerActivity, profile, record_function
from torch.utils.flop_counter import FlopCounterMode

aten = torch.ops.aten
GROUPS = {  # group -> parts of an operator's name; the first that fits
    "convolutions": ("conv",),
    "matrix products": ("addmm", "aten::mm", "bmm", "matmul", "linear"),
    "pooling": ("pool",),
    "casts and copies": ("copy_", "aten::to", "clone", "contiguous", "aten::cat"),
    "optimisers and average": (),  # by their caller
    "data": (),
    "Python and dispatch": ("step of the benchmark", "Backward0", "AccumulateGrad", "evaluate_function"),
}
ELEMENT_WISE = "element-wise and reductions"  # the other operators


def flops(call, padding=True):
    """Floating-point operations of convolutions and matrix products in ``call()``, forward and backward: 2 a MAC.

    The usual count has the products with the padding's zeros in it, which a kernel may skip: at 4x4 and 8x8 they are
    a good part. ``padding=False`` leaves them out.
    """
    own = {} if padding else {aten.convolution: _convolution, aten.convolution_backward: _convolution_backward}
    with FlopCounterMode(display=False, custom_mapping=own) as counter:
        call()
    return counter.get_total_flops()


def _convolution(x, weight, _bias, stride, pad, dilation, transposed, *_rest, out_shape=None, **_keywords):
    """Without padding. A transposed convolution is the forward one seen from its output."""
    large, small = (out_shape, x) if transposed else (x, out_shape)
    pairs = 1
    for size, places, taps, s, p, d in zip(large[2:], small[2:], weight[2:], stride, pad, dilation, strict=True):
        pairs *= sum(0 <= place * s - p + tap * d < size for place in range(places) for tap in range(taps))
    return 2 * x[0] * weight[0] * weight[1] * pairs  # weight: (out, in / groups, ...), or its transpose


def _convolution_backward(
    grad, x, weight, _bias, stride, pad, dilation, transposed, _output_padding, _groups, mask, out_shape=None
):
    """As many again for the gradient of the input, and for that of the weights."""
    return (mask[0] + mask[1]) * _convolution(x, weight, None, stride, pad, dilation, transposed, out_shape=grad)


def square_product(n, dtype, repeats):
    """A call of ``repeats`` products of n x n matrices, and its operations."""
    a, b = (torch.randn(n, n).to(dtype) for _ in range(2))
    out = torch.empty(n, n, dtype=dtype)

    def call():
        for _ in range(repeats):
            torch.mm(a, b, out=out)

    return call, 2 * n**3 * repeats


def shares_of_time(step, data, steps):
    """Share of the CPU time of ``step(data(t), t)`` by group of operators; they sum to 1."""
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        for t in range(steps):
            with record_function("step of the benchmark"):
                with record_function("data of the benchmark"):
                    x = data(t)
                step(x, t)
    spent = defaultdict(float)
    for event in profiled.events():
        names = list(_names_upwards(event))
        if "step of the benchmark" in names:
            spent[group_of(names)] += event.self_cpu_time_total
    total = sum(spent.values())
    return {group: spent[group] / total for group in (*GROUPS, ELEMENT_WISE)}


def group_of(names):
    """The group of an operator from its name and those of its callers, innermost first."""
    if "data of the benchmark" in names:
        return "data"
    if any(name.startswith("Optimizer.") or "_foreach" in name for name in names):
        return "optimisers and average"
    for group, parts in GROUPS.items():
        if any(part in names[0] for part in parts):
            return group
    return ELEMENT_WISE


def _names_upwards(event):
    while event is not None:
        yield event.name
        event = event.cpu_parent
