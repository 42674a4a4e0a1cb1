"""Plug & Play Generative Networks: the paper's equations as a thin PyTorch library."""

from ppgn_lib.experts import conditions, priors, variants
from ppgn_lib.sampling.chain import Eps, State, chain, evaluate, update
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.sampling.once import once
from ppgn_lib.sampling.released import released_chain

__all__ = [
    "Eps",
    "Noise",
    "State",
    "chain",
    "conditions",
    "evaluate",
    "once",
    "priors",
    "released_chain",
    "update",
    "variants",
]
