"""Nothing is computed twice in a step."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor

Function = Callable[[Tensor], Any]
# Function -> the last tensor it was called with, that tensor's version, whether a graph was kept, the result.
Memory = dict[Hashable, tuple[Tensor, int, bool, Any]]
_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


def once(f: Function) -> Function:
    """``f``, which within a step remembers its result for the last tensor it was called with.

    Prior and condition of a Joint chain both need G(h), and E(G(h)) where C shares E's layers. Written as in
    the paper they would compute it twice; with ``once(G)`` and ``once(E)`` in both the second call costs nothing,
    also where each has wrapped them by itself: what is remembered belongs to the function, not to the wrapper.
    "The same tensor" means the same object, unchanged: equal values in another tensor are computed anew. A
    result made without a graph is not handed to a caller who needs one. Outside of a step (``one_step``, which
    ``evaluate`` is) nothing is remembered.
    """
    key = f if isinstance(f, Hashable) else id(f)

    def remembered(x: Tensor) -> Any:
        memory = _memory.get()
        if memory is None:
            return f(x)
        if key in memory:
            argument, version, has_graph, result = memory[key]
            if argument is x and version == x._version and (has_graph or not torch.is_grad_enabled()):
                return result
        result = f(x)
        memory[key] = (x, x._version, torch.is_grad_enabled(), result)
        return result

    return remembered


@contextmanager
def one_step() -> Iterator[None]:
    """While this lasts, functions wrapped by ``once`` remember; then all is dropped, with the memory of its graphs."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)
