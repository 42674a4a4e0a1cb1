"""Plug & Play Generative Networks: the paper's equations as a thin PyTorch library."""

from ppgn_lib import conditions, priors
from ppgn_lib.once import once
from ppgn_lib.sampling import Eps, Noise, State, chain, evaluate, released_chain, update

__all__ = ["Eps", "Noise", "State", "chain", "conditions", "evaluate", "once", "priors", "released_chain", "update"]
