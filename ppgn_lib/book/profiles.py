"""A notebook's settings: the values of a profile, single ones changed by papermill's ``-p``."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import torch

from ppgn_lib.checks import known
from ppgn_lib.data.files import read_yaml
from ppgn_lib.networks.precision import name_of

NAMES = ("ci", "cpu", "gpu")


def load(notebook: str, parameters: dict[str, Any], folder: Path = Path("profiles")) -> SimpleNamespace:
    """The settings of a notebook, to be called right after its parameters cell with ``globals()``.

    ``parameters["profile"]`` names the profile. Any other variable that the parameters cell (or papermill)
    has set and that is not None takes the place of the profile's value. The profile file
    has the settings of all notebooks, keyed by the notebook's name, and with them its ``time``, in words.

    Raises
    ------
    ValueError
        For a working folder without profiles, an unknown profile, a parameter that the notebook does not have (a
        misspelt ``-p``), a profile key that the ci profile does not have, or a value of another type than there.

    """
    profile = parameters["profile"]
    if profile not in NAMES:
        raise ValueError(f"profile must be one of {', '.join(NAMES)}; got {profile!r}")
    if not (folder / f"{profile}.yaml").exists():
        raise ValueError(
            f"no profiles in {folder.resolve()}: run in the folder notebooks/ (papermill: --cwd notebooks)"
        )
    values, reference = (read_yaml(folder / f"{name}.yaml") for name in (profile, "ci"))
    where = f"profile {profile}"
    known(values, reference, where)
    known([notebook], values, f"{where}, notebooks")
    settings, wanted = dict(values[notebook]), reference[notebook]
    known(settings, wanted, f"{where}, {notebook}")
    known(wanted, settings, f"{where}, {notebook} lacks a key")
    given = {key: value for key, value in _given(parameters).items() if value is not None}
    known(given, settings.keys() - {"time"}, f"parameter of {notebook}")
    for what, changed in ((f"{where}, {notebook}:", settings), ("parameter", given)):
        for key, value in changed.items():
            if type(value) is not type(wanted[key]):
                raise ValueError(f"{what} {key} must be {type(wanted[key]).__name__}; got {value!r}")
    settings |= given
    device = torch.device("cuda" if torch.cuda.is_available() and profile == "gpu" else "cpu")
    return SimpleNamespace(**settings, profile=profile, device=device)


def describe(settings: SimpleNamespace) -> str:
    """What a notebook says of its run before anything else: profile, device, the precision that pays there, time."""
    device = settings.device
    return f"profile {settings.profile} on {device.type} ({name_of(device)} networks); {settings.time}"


def _given(namespace: dict[str, Any]) -> dict[str, Any]:
    """What the parameters cell and papermill have set: neither modules, functions, classes nor IPython's own.

    The names are those of the first call, kept in the namespace: when the cell is run again in a live session,
    the notebook's own variables are not taken for parameters.
    """
    own = {"In", "Out", "profile", "PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH"}
    names = namespace.setdefault(
        "_ppgn_parameters",
        [
            key
            for key, value in namespace.items()
            if not key.startswith("_") and key not in own and not isinstance(value, ModuleType) and not callable(value)
        ],
    )
    return {key: namespace[key] for key in names if key in namespace}
