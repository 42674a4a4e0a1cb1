"""Notebooks that are the same bytes whenever they were run on the same machine with the same profile."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import nbformat
from nbformat import NotebookNode
from PIL import Image, ImageFile

from ppgn_lib.book.record import KEY


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Without papermill's injected cell, timestamps, stderr and random ids; execution counts from 1.

    What is printed is one output, in how many parts the kernel may have sent it.
    """
    cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    count = 0
    for cell in cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        count += 1
        if cell.execution_count is None:
            raise ValueError(f"cell {count} did not run")
        cell.execution_count = count
        cell.outputs = _joined([o for o in cell.outputs if not (o.output_type == "stream" and o.name == "stderr")])
        for output in cell.outputs:
            output.pop("transient", None)
            if "image/png" in output.get("data", {}):
                kind, picture = _small(output["data"].pop("image/png"))
                output["data"][kind] = picture
            if "execution_count" in output:
                output["execution_count"] = count
    notebook.cells = cells
    kernel = notebook.metadata["kernelspec"]
    metadata: dict[str, Any] = {"kernelspec": kernel, "language_info": {"name": "python"}}
    if "widgets" in notebook.metadata:
        metadata["widgets"] = notebook.metadata["widgets"]
    notebook.metadata = nbformat.from_dict(metadata)
    _fixed_widget_ids(notebook)
    return notebook


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Parts of a stream that follow each other as one."""
    found: list[NotebookNode] = []
    for output in outputs:
        last = found[-1] if found else None
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            found.append(output)
    return found


def _small(png: str, limit: int = 20_000, most: int = 200_000) -> tuple[str, str]:
    """A large picture with 256 colours of its own: a quarter of the bytes; soft gradients show slight steps.

    What is large even then, or smaller as a JPEG, photographs and noise, becomes one, a coarser one where that is large
    too. ``limit`` and ``most`` count characters of base64. Returns the kind of the picture and its content.
    """
    if len(png) < limit:
        return "image/png", png
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    few = picture.quantize(256, dither=Image.Dither.NONE)
    as_png = _encoded(few, format="PNG", optimize=True)
    for quality in (82, 70):
        as_jpeg = _encoded(picture, format="JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
        if len(as_jpeg) < most:
            break
    return ("image/png", as_png) if len(as_png) < min(most, len(as_jpeg)) else ("image/jpeg", as_jpeg)


def _encoded(picture: Image.Image, **how: Any) -> str:
    # Room for a progressive JPEG of noise, which Pillow underestimates and then fails.
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 3 * picture.width * picture.height)
    stream = io.BytesIO()
    picture.save(stream, **how)
    return base64.b64encode(stream.getvalue()).decode()


def _fixed_widget_ids(notebook: NotebookNode) -> None:
    """Widget models are named by random ids: number them in the order of the stored state instead."""
    state = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    if not state:
        return
    text = nbformat.writes(notebook)
    for i, old in enumerate(state):
        text = text.replace(old, f"{i:032x}")
    fresh = nbformat.reads(text, as_version=4)
    notebook.cells, notebook.metadata = fresh.cells, fresh.metadata


def records(notebook: NotebookNode, name: str, profile: str) -> dict[str, dict[str, Any]]:
    """What ``record`` left in the outputs: key -> value, interval, notebook, profile."""
    found: dict[str, dict[str, Any]] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if KEY in output.get("metadata", {}):
                entry = json.loads(output.metadata[KEY])
                key = entry.pop("key")
                if key in found:
                    raise ValueError(f"{name} records {key!r} twice")
                found[key] = {**entry, "notebook": name, "profile": profile}
    return found
