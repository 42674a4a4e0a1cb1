# What every chapter begins with. tools/book/regenerate.py puts these cells below a chapter's title: the first and the
# second with the chapter's own parameters are not shown on the page, the third with its own imports is folded.

# %% tags=["remove-input"]
# On Colab: fetch the book with its data and weights (about a minute), and say
# on what this notebook runs and how long. Elsewhere this cell does nothing.
import os
import sys

if "google.colab" in sys.modules:
    import subprocess

    _repository = "https://github.com/ppgn-book/ppgn-book"
    if not os.path.isdir("/content/book"):
        for _command in (
            f"git clone --depth 1 {_repository} /content/book",
            f"{sys.executable} -m pip install -q /content/book[imagenet,colab]",
        ):
            subprocess.run(_command.split(), check=True)
    import torch

    os.environ.setdefault("PPGN_DATA", "/content/book/data")
    os.environ.setdefault(
        "PPGN_PROFILE", "gpu" if torch.cuda.is_available() else "cpu"
    )
    os.chdir("/content/book/notebooks")
    from ppgn_lib.book import profiles

    _profile = {"profile": os.environ["PPGN_PROFILE"]}
    print(profiles.describe(profiles.load("CHAPTER", _profile)))

# %% tags=["parameters", "remove-input"]
# ci, cpu or gpu; papermill: -p profile gpu
profile = os.environ.get("PPGN_PROFILE", "cpu")

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import torch

from ppgn_lib.book import figures, profiles

settings = profiles.load("CHAPTER", globals())
figures.set_style()
print(profiles.describe(settings))
