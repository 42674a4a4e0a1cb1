"""Films and sliders hold the frames they were given, and refuse what does not fit."""

import base64
import io
import re
from html import escape

import numpy as np
import pytest
import torch
from PIL import Image

from ppgn_lib.book import animations


def embedded(html, which=0):
    data = re.findall(r"data:image/webp;base64,([^\")]+)", html.data)[which]
    return Image.open(io.BytesIO(base64.b64decode(data)))


def flat(value, shape=(16, 24)):
    return np.full((*shape, 3), value, np.uint8)


def test_film_has_all_frames_and_waits_at_the_last():
    html = animations.film([flat(0), flat(120), flat(250)], "grey & white", caption="a < b", milliseconds=40)
    assert 'alt="grey &amp; white"' in html.data and ">a &lt; b</figcaption>" in html.data
    film = embedded(html)
    assert film.n_frames == 3 and film.size == (24, 16)
    film.seek(2)
    film.load()
    assert film.info["duration"] == 2000 and abs(np.asarray(film.convert("RGB")).mean() - 250) < 4
    stands = embedded(html, 1)
    assert stands.size == (24, 32) and getattr(stands, "n_frames", 1) == 1
    first, last = np.asarray(stands.convert("L")).astype(float).reshape(2, -1).mean(1)
    assert first < 5 and last > 245, "the first frame above the last"


def test_sliders_show_the_middle_and_have_every_picture_in_its_place():
    grid = [[flat(100 * i + 20 * j) for j in range(3)] for i in range(2)]
    html = animations.sliders(grid, {"a": ["1", "2"], "b<": ["x", "y", "z"]}, "alt", caption="two of them")
    assert ">two of them</figcaption>" in html.data
    sprite = np.asarray(embedded(html).convert("L")).astype(int)
    for i in range(2):
        for j in range(3):
            assert abs(sprite[16 * i + 8, 24 * j + 12] - (100 * i + 20 * j)) < 6
    assert "b&lt;" in html.data and html.data.count('type="range"') == 2
    assert "50.0% 100.0%" in html.data  # x of the second slider's middle, y of the first's


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="two frames or more of one size"):
        animations.film([flat(0), flat(0, (8, 8))], "", caption="")
    with pytest.raises(ValueError, match="2 x 3 pictures"):
        animations.sliders([[flat(0)] * 3], {"a": ["1", "2"], "b": ["x", "y", "z"]}, "", caption="")


def test_scrubber_has_a_frame_for_each_step_and_says_what_is_wrong():
    frames = [torch.zeros(2, 3, 32, 32), torch.ones(2, 3, 32, 32)]
    html = animations.scrubber(frames, [0, 7], ["a & b", "c"], "two pictures", caption="step by step")
    for part in (
        'max="1"',
        "a &amp; b",
        'aria-label="two pictures"',
        escape('["0 updates", "7 updates"]['),
        "0.0% 100.0%/100% 200%",
        ">step by step</fig",
    ):
        assert part in html.data
    picture = np.array(embedded(html))
    assert picture.shape == (64, 64, 3) and picture[:30].max() < 140 and picture[34:].min() > 250
    with pytest.raises(ValueError, match="a step for each"):
        animations.scrubber(frames, [0], ["a", "b"], "", caption="")
