"""How the networks are trained: ``python -m ppgn_lib.training``."""
