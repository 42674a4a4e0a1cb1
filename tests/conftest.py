"""Small, freshly initialised networks; the shipped ones are for the tests that judge them."""

import os

import pytest
import torch

from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.networks.small import Encoder, Generator

TINTED = {"item": ITEMS, "colour": COLOURS, "background": COLOURS}


@pytest.fixture(scope="session", autouse=True)
def _threads() -> None:
    """Two cores in all: tests that run side by side (pytest -n 2) have one each."""
    torch.set_num_threads(max(1, 2 // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))


@pytest.fixture
def encoder() -> Encoder:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Encoder(TINTED).eval().requires_grad_(False)


@pytest.fixture
def generator() -> Generator:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return Generator(width=4).eval().requires_grad_(False)
