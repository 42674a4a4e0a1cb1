"""Nothing is computed twice in a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def once(f: Callable[[Tensor], Any]) -> Callable[[Tensor], Any]:
    """``f``, remembering its result for the last tensor it was called with.

    Prior and condition of a Joint chain both need G(h), and E(G(h)) where C shares E's layers. Written as in
    the paper they would compute it twice; with ``G, E = once(G), once(E)`` the second call costs nothing.
    "The same tensor" means the same object, unchanged: equal values in another tensor are computed anew. A
    result made without a graph is not handed to a caller who needs one.
    """
    last: tuple[Tensor, int, bool, Any] | None = None

    def remembered(x: Tensor) -> Any:
        nonlocal last
        if last is not None:
            argument, version, has_graph, result = last
            if argument is x and version == x._version and (has_graph or not torch.is_grad_enabled()):
                return result
        result = f(x)
        last = (x, x._version, torch.is_grad_enabled(), result)
        return result

    return remembered
