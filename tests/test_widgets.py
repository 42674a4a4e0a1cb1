"""Controls of a page with a kernel: they hand on what was set, and show what is wrong instead of a traceback."""

import matplotlib.pyplot as plt
import torch

from ppgn_lib.book import widgets

PICTURES = torch.zeros(2, 3, 8, 8)


def test_sliders_make_a_hole_and_the_button_fills_it():
    seen = []
    *sliders, button, _ = widgets.hole(lambda mask: seen.append(mask) or PICTURES, 16).children
    for slider, value in zip(sliders, (2, 3, 4, 5), strict=True):
        slider.value = value
    assert not seen  # nothing runs before it is asked for
    button.click()
    expected = torch.zeros(16, 16)
    expected[2:6, 3:8] = 1
    assert torch.equal(seen[0], expected) and not button.disabled
    plt.close("all")


def test_a_text_that_cannot_be_drawn_is_told(capsys):
    def draw(text):
        raise ValueError(f"no word {text!r}; the nearest is 'boot'")

    box, button, _ = widgets.text(draw, "a red boot").children
    box.value = "a red boat"
    button.click()
    assert "no word 'a red boat'; the nearest is 'boot'" in capsys.readouterr().out and not button.disabled
