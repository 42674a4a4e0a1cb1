"""Controls for pages that have a kernel behind them (Colab, JupyterLab): a class, a hole to be painted, a text.

ipywidgets shows them; a page without a kernel has pictures in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from torch import Tensor

from ppgn_lib.book.figures import image_grid
from ppgn_lib.sampling.chain import Eps

if TYPE_CHECKING:
    import ipywidgets

Pictures = Callable[..., Tensor]  # what the controls say -> pictures (B, 3, H, W)


def hole(fill: Callable[[Tensor], Tensor], picture: Tensor) -> ipywidgets.VBox:
    """A picture (3, S, S) in [-1, 1] to paint a hole on, a size of the brush, and a button.

    ``fill``: mask (S, S), 1 in the hole -> pictures.
    """
    import ipywidgets as w

    from ppgn_lib.book.brush import Brush

    brush = Brush(picture)
    radius = w.FloatSlider(brush.radius, min=0.5, max=10, step=0.5, description="brush")
    w.jslink((radius, "value"), (brush, "radius"))
    return _with_button("fill", lambda: fill(brush.mask()), brush, radius)


def sampler(draw: Callable[[int, Eps, int], Tensor], classes: Sequence[str]) -> ipywidgets.VBox:
    """A class, the three multipliers and a seed, and a button; ``draw``: number of the class, Eps, seed -> pictures."""
    import ipywidgets as w

    wanted = w.Dropdown(options=[(name, i) for i, name in enumerate(classes)], description="class")
    eps = [
        w.FloatSlider(value, min=0, max=high, step=0.01, description=name, continuous_update=False)
        for name, value, high in (("ε1", 0.1, 1.0), ("ε2", 0.2, 2.0), ("ε3", 0.0, 0.5))
    ]
    seed = w.BoundedIntText(0, min=0, max=999_999, description="seed")

    def drawn() -> Tensor:
        return draw(wanted.value, Eps(*(e.value for e in eps)), seed.value)

    return _with_button("draw", drawn, wanted, *eps, seed)


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
