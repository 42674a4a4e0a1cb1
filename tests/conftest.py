"""Small, freshly initialised networks; the shipped ones are for the tests that judge them."""

import pytest
import torch

from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.networks.small import Encoder, Generator

TINTED = {"item": ITEMS, "colour": COLOURS, "background": COLOURS}


@pytest.fixture(scope="session", autouse=True)
def _two_threads() -> None:
    torch.set_num_threads(2)


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
