"""Controls for pages that have a kernel behind them (Colab, JupyterLab): a hole to be moved, a text to be typed.

ipywidgets shows them; a page without a kernel has pictures in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch
from torch import Tensor

from ppgn_lib.book.figures import image_grid

if TYPE_CHECKING:
    import ipywidgets

Pictures = Callable[..., Tensor]  # what the controls say -> pictures (B, 3, H, W)


def hole(fill: Callable[[Tensor], Tensor], size: int = 32) -> ipywidgets.VBox:
    """Sliders for a rectangle that is missing, and a button; ``fill``: mask (size, size), 1 in the hole -> pictures."""
    import ipywidgets as w

    def slider(name: str, value: int, low: int, high: int) -> ipywidgets.IntSlider:
        return w.IntSlider(value, low, high, description=name, continuous_update=False)

    top, left = slider("top", size // 4, 0, size - 1), slider("left", size // 4, 0, size - 1)
    height, width = slider("height", size // 2, 1, size), slider("width", size // 2, 1, size)

    def filled() -> Tensor:
        mask = torch.zeros(size, size)
        mask[top.value : top.value + height.value, left.value : left.value + width.value] = 1
        return fill(mask)

    return _with_button("fill", filled, top, left, height, width)


def text(draw: Callable[[str], Tensor], value: str) -> ipywidgets.VBox:
    """A box for a line of text, and a button; ``draw``: text -> pictures."""
    import ipywidgets as w

    box = w.Text(value=value, description="caption", layout=w.Layout(width="30em"))
    return _with_button("draw", lambda: draw(box.value), box)


def _with_button(name: str, run: Callable[[], Tensor], *controls: ipywidgets.Widget) -> ipywidgets.VBox:
    """Controls, a button that shows the pictures of ``run``, and what is wrong with the input, if something is."""
    import ipywidgets as w

    button, shown = w.Button(description=name), w.Output()

    def show(_: ipywidgets.Button) -> None:
        button.disabled = True
        shown.clear_output(wait=True)
        with shown:
            try:
                x = run()
                image_grid(x, len(x), cell=0.9)
                plt.show()
            except ValueError as error:
                print(error)
        button.disabled = False

    button.on_click(show)
    return w.VBox([*controls, button, shown])
