"""Pictures that move on a static page, without a kernel: films, and stacks of pictures under sliders."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping, Sequence
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from ppgn_lib.data.images import mosaic


def pixels(figure: Figure) -> np.ndarray:
    """The figure as (H, W, 3) uint8; it is closed, so that a notebook does not show it as well."""
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    plt.close(figure)
    return picture


def _webp(frames: Sequence[np.ndarray], quality: int, milliseconds: Sequence[int] = ()) -> str:
    """Pictures (H, W, 3) uint8 as the data URI of a WebP; with a time for each an animated one, for ever."""
    first, *others = (Image.fromarray(frame) for frame in frames)
    stream = io.BytesIO()
    if milliseconds:
        times = list(milliseconds)
        first.save(
            stream, "WEBP", save_all=True, append_images=others, duration=times, loop=0, quality=quality, method=6
        )
    else:
        first.save(stream, "WEBP", quality=quality, method=6)
    return f"data:image/webp;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _figure(body: str, caption: str, width: int) -> HTML:
    below = f'<figcaption style="margin-top:.5em">{escape(caption)}</figcaption>'
    return HTML(f'<figure style="max-width:min(100%,{width}px);margin:0">{body}{below}</figure>')


# Of a film its first and last frame stand still in its place when it is stopped, on paper, and for those who have asked
# their system for less motion.
FILM = """<style>
.film[data-film="still"] .film-moves, .film:not([data-film="still"]) .film-stands { display: none; }
.film[data-film="still"] .film-stands { display: block !important; }
@media (prefers-reduced-motion: reduce) {
  .film:not([data-film="moves"]) .film-moves { display: none; }
  .film:not([data-film="moves"]) .film-stands { display: block !important; }
}
@media print {
  .film .film-moves, .film button { display: none !important; }
  .film .film-stands { display: block !important; }
}
</style>"""
STOP = (
    "const film = this.parentElement; "
    "const moves = getComputedStyle(film.querySelector('.film-moves')).display !== 'none'; "
    "film.dataset.film = moves ? 'still' : 'moves'"
)


def film(frames: Sequence[np.ndarray], alt: str, *, caption: str, milliseconds: int = 80, width: int = 720) -> HTML:
    """Frames (H, W, 3) uint8 as an animated WebP that runs until it is stopped; the last one stays for two seconds.

    ``alt`` is read to those who do not see it, ``caption`` stands below. Stopped, and where motion is not wanted or
    not possible, the first and the last frame stand there, one above the other.

    Raises ``ValueError`` for fewer than two frames or frames of several sizes.
    """
    if len(frames) < 2 or len({frame.shape for frame in frames}) > 1:
        raise ValueError(f"a film needs two frames or more of one size; got {len(frames)}")
    times = [milliseconds] * (len(frames) - 1) + [2000]
    ends = np.concatenate([frames[0], frames[-1]])
    moving, still = (
        f'<img class="film-{name}" alt="{escape(alt)}{more}" style="max-width:100%{style}" src="{source}">'
        for name, more, style, source in (
            ("moves", "", "", _webp(frames, 50, times)),
            ("stands", " Its first and its last frame.", ";display:none", _webp([ends], 50)),
        )
    )
    button = f'<button type="button" onclick="{escape(STOP)}">Stop or start the film</button>'
    return _figure(f'{FILM}<div class="film">{moving}{still}{button}</div>', caption, width)


def sliders(
    pictures: Sequence[Sequence[np.ndarray]], values: Mapping[str, Sequence[str]], alt: str, *, caption: str
) -> HTML:
    """One of many pictures, chosen by two sliders; ``caption`` stands below.

    Parameters
    ----------
    pictures
        ``pictures[i][j]`` (H, W, 3) uint8, all of one size: value i of the first slider, j of the second.
    values
        For either slider its name and the text of each value.

    Raises
    ------
    ValueError
        The pictures do not fit the values.

    """
    rows, columns = map(len, values.values())
    if len(pictures) != rows or any(len(row) != columns for row in pictures) or min(rows, columns) < 2:
        raise ValueError(f"needs {rows} x {columns} pictures, 2 x 2 at least, one for each pair of values")
    shown = [(name, texts, len(texts) // 2) for name, texts in values.items()]
    return _figure(_under_sliders(pictures, shown, alt, quality=75), caption, pictures[0][0].shape[1])


def scrubber(frames: Sequence[Tensor], steps: Sequence[int], names: Sequence[str], alt: str, *, caption: str) -> HTML:
    """Chains side by side with a slider over their steps; the last frame is shown first.

    Parameters
    ----------
    frames
        For each step shown the pictures of all chains, (chains, 3, H, W).
    steps
        The number of updates that belongs to each frame.
    names
        One a chain, written above it.
    caption
        Stands below.

    Raises
    ------
    ValueError
        Not one step a frame and one name a chain.

    """
    if len(frames) != len(steps) or len(frames) < 2 or any(len(frame) != len(names) for frame in frames):
        raise ValueError(f"needs a step for each of {len(frames)} frames (2 at least) and a name for each chain")
    rows = [[(mosaic(frame, len(names), gap=0).numpy() * 255).round().astype(np.uint8)] for frame in frames]
    labels = "".join(f'<span style="flex:1;text-align:center;font-size:.7em">{escape(name)}</span>' for name in names)
    drag = ("drag:", [f"{step} updates" for step in steps], len(steps) - 1)
    picture = _under_sliders(rows, [drag], alt, quality=78, style="image-rendering:pixelated;")
    return _figure(f'<div style="display:flex">{labels}</div>{picture}', caption, 72 * len(names))


def _under_sliders(
    pictures: Sequence[Sequence[np.ndarray]],
    sliders: Sequence[tuple[str, Sequence[str], int]],
    alt: str,
    *,
    quality: int,
    style: str = "",
) -> str:
    """One picture of a grid, and below it a slider for the row and, if there is a second one, for the column.

    All are one WebP that is shifted in its frame, so that no kernel is needed; without JavaScript, or in a notebook
    that is not trusted, the picture of the start stands still. A slider is its name, its texts, and its start.
    """
    height, width = pictures[0][0].shape[:2]
    source = _webp([np.concatenate([np.concatenate(list(row), 1) for row in pictures])], quality)
    parts, place = [], {"Y": 0.0, "X": 0.0}  # per cent
    for axis, (name, texts, start) in zip(place, sliders, strict=False):
        last = len(texts) - 1
        place[axis] = 100 * start / last
        words = escape(json.dumps(list(texts)))
        move = (
            f"this.closest('figure').querySelector('[role=img]').style.backgroundPosition{axis}="
            f"100*this.value/{last}+'%';this.nextElementSibling.value={words}[this.value]"
        )
        parts.append(
            f'<label style="display:flex;gap:1em;align-items:center"><span style="min-width:9em">{escape(name)}</span>'
            f'<input type="range" min="0" max="{last}" value="{start}" style="flex:1" oninput="{move}">'
            f'<output style="min-width:8em">{escape(texts[start])}</output></label>'
        )
    size = f"{100 * len(pictures[0])}% {100 * len(pictures)}%"
    return (
        f'<div role="img" aria-label="{escape(alt)}" style="aspect-ratio:{width}/{height};{style}background:'
        f'url({source}) {place["X"]}% {place["Y"]}%/{size}"></div>' + "".join(parts)
    )
