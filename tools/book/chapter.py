"""A chapter's notebook from its source and the header that all chapters share."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat

HEADER = Path(__file__).resolve().parents[2] / "notebooks/header.py"
OWN = ("parameters", "set-up")  # tags of a source's cells that go to the end of the header's second and third


def to_notebook(source: Path) -> nbformat.NotebookNode:
    """The unexecuted notebook; cell ids are positions, so that they never change by themselves.

    Below the title come the header's three cells: Colab, the parameters with those of the source's cell tagged
    ``parameters``, and the set-up with what the source's cell tagged ``set-up`` imports.

    Raises ``ValueError`` if the source has two cells of one of these tags.
    """
    notebook = jupytext.read(source, fmt="py:percent")
    _, colab, *shared = jupytext.read(HEADER, fmt="py:percent").cells  # the first is the comment on top
    colab.source = colab.source.replace("CHAPTER", source.stem)
    for tag, cell in zip(OWN, shared, strict=True):
        own = [c for c in notebook.cells if tag in c.metadata.get("tags", [])]
        if len(own) > 1:
            raise ValueError(f"{source.name} must have one cell tagged {tag!r} at most; got {len(own)}")
        cell.source = "\n".join([cell.source.replace("CHAPTER", source.stem), *(c.source for c in own)])
        notebook.cells = [c for c in notebook.cells if tag not in c.metadata.get("tags", [])]
    title = int(bool(notebook.cells) and notebook.cells[0].cell_type == "markdown")
    notebook.cells[title:title] = [colab, *shared]
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i:03d}"
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    return notebook


def code(source: Path) -> str:
    """All code of the notebook, as one text."""
    return "\n\n".join(cell.source for cell in to_notebook(source).cells if cell.cell_type == "code")
