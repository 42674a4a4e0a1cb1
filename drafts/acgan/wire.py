"""Chapters 20 to 22 into the tree: python drafts/wire.py, from the repository. Thumbnails and alt texts: look, then mend."""
from pathlib import Path

HERE = Path(__file__).parent


def put(file, before, new):
    path = Path(file)
    text = path.read_text("utf-8")
    assert text.count(before) == 1, (file, text.count(before))
    path.write_text(text.replace(before, new + before), "utf-8")


put("_toc.yml", "      - file: notebooks/21_evaluation\n", "      - file: notebooks/20_acgan\n      - file: notebooks/22_how_many_classes\n")
DRAWN = {"ci": 10, "cpu": 100, "gpu": 1000}
for profile, drawn in DRAWN.items():
    path = Path(f"notebooks/profiles/{profile}.yaml")
    text = path.read_text("utf-8")
    at = text.index("21_evaluation:")
    new = f"20_acgan:\n  time: about 20 s\n  drawn: {drawn}  # pictures that are drawn while one waits, a multiple of ten\n"
    text = text[:at] + new + text[at:].rstrip("\n") + "\n22_how_many_classes:\n  time: about 10 s\n"
    path.write_text(text, "utf-8")
ROWS = {
    "20_acgan": ("AC-GAN: a generator that is told the class", "Rows of small drawn clothes by several networks.", "one pass and no chain; what its paper says of its pictures, measured"),
    "22_how_many_classes": ("How many classes can one AC-GAN hold?", "Rows of drawn clothes by nets of one class, two, five and ten.", "what a class costs, and what steadies the training of a GAN"),
}
rows = "".join(
    f"""* - [{title}](../notebooks/{name}.ipynb)

    ```{{image}} _static/thumbnails/{name}.webp
    :alt: {alt}
    :loading: lazy
    ```

  - {what}
"""
    for name, (title, alt, what) in ROWS.items()
)
put("book/intro.md", "* - [One table for all](../notebooks/21_evaluation.ipynb)", rows)
for name, to in (("20_acgan", "20_acgan"), ("22_how_many_classes", "22_how_many_classes"), ("21_with_acgan", "21_evaluation")):
    Path(f"notebooks/{to}.py").write_text((HERE / f"{name}.py").read_text("utf-8"), "utf-8")
print("Next: ship.py, copy weights, manifest.py; prose (TODO); regenerate.py 20 21 22; what_held.md; pictures.py PARTS.")
