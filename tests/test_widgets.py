"""Controls of a page with a kernel: they hand on what was set, and show what is wrong instead of a traceback."""

from pathlib import Path

import matplotlib.pyplot as plt
import pages
import pytest
import torch

from ppgn_lib import Eps
from ppgn_lib.book import brush as brush_module
from ppgn_lib.book import widgets
from ppgn_lib.book.brush import Brush

PICTURES = torch.zeros(2, 3, 8, 8)
PICTURE = torch.linspace(-1, 1, 256).view(1, 16, 16).repeat(3, 1, 1)


def test_what_is_painted_is_the_hole_and_the_button_fills_it(capsys):
    seen = []
    brush, radius, button, _ = widgets.hole(lambda mask: seen.append(mask) or PICTURES, PICTURE).children
    button.click()
    assert not seen and "paint a hole first" in capsys.readouterr().out and not button.disabled
    brush.painted = [0, 1, 17]
    assert not seen  # nothing runs before it is asked for
    button.click()
    expected = torch.zeros(16, 16)
    expected[0, :2] = expected[1, 1] = 1
    assert torch.equal(seen[0], expected) and radius.value == brush.radius
    plt.close("all")
    with pytest.raises(ValueError, match=r"\(3, S, S\), not \(1, 3, 16, 16\)"):
        widgets.hole(lambda mask: PICTURES, PICTURE[None])


PAGE = """async ([source, state]) => {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { default: widget } = await import(address);
    const listening = {};
    window.model = {
        get: (key) => state[key],
        set: (key, value) => { state[key] = value; },
        save_changes: () => { window.saved = [...state.painted]; },
        on: (what, run) => { listening[what] = run; },
    };
    const el = document.createElement("div");
    document.body.append(el);
    widget.render({ model: window.model, el });
}"""


@pytest.mark.skipif(pages.chromium() is None, reason="no Chromium")
def test_a_hole_is_painted_with_the_mouse_or_with_keys():
    brush = Brush(PICTURE)
    source = (Path(brush_module.__file__).with_name("brush.js")).read_text("utf-8")
    state = {"picture": brush.picture, "size": 16, "radius": 1.0, "painted": []}
    with pages.browser() as browser:
        page = browser.new_page()
        page.goto("about:blank")
        page.evaluate(PAGE, [source, state])
        box = page.query_selector("canvas").bounding_box()
        x, y = (box["x"] + box["width"] * 4 / 16, box["y"] + box["height"] * 2 / 16)
        page.mouse.move(x, y)
        assert page.evaluate("window.saved") is None, "the mouse alone paints nothing"
        page.mouse.down()
        page.mouse.up()
        around = [16 * row + column for row in (1, 2) for column in (3, 4)]
        assert page.evaluate("window.saved") == around, "the four pixels whose centres lie in the brush"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        assert page.evaluate("window.saved") == [*around, 16 * 3 + 3, 16 * 3 + 4]
        page.click("button")
        assert page.evaluate("window.saved") == []


def test_the_sampler_is_given_class_multipliers_and_seed(capsys):
    seen = []
    wanted, *eps, seed, button, _ = widgets.sampler(lambda *of: seen.append(of) or PICTURES, ["coat", "bag"]).children
    button.click()
    wanted.value, seed.value = 1, 7
    for slider, value in zip(eps, (0.3, 0.5, 0.1), strict=True):
        slider.value = value
    button.click()
    assert seen == [(0, Eps(0.1, 0.2), 0), (1, Eps(0.3, 0.5, 0.1), 7)] and not button.disabled
    plt.close("all")


def test_a_text_that_cannot_be_drawn_is_told(capsys):
    def draw(text):
        raise ValueError(f"no word {text!r}; the nearest is 'boot'")

    box, button, _ = widgets.text(draw, "a red boot").children
    box.value = "a red boat"
    button.click()
    assert "no word 'a red boat'; the nearest is 'boot'" in capsys.readouterr().out and not button.disabled
