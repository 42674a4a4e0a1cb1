"""Small, freshly initialised networks; the shipped ones are for the tests that judge them."""

import pytest
import torch

from ppgn_lib.networks import Encoder, Generator


@pytest.fixture(scope="session", autouse=True)
def _two_threads() -> None:
    torch.set_num_threads(2)


@pytest.fixture
def encoder() -> Encoder:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Encoder().eval().requires_grad_(False)


@pytest.fixture
def generator() -> Generator:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return Generator(width=4).eval().requires_grad_(False)
