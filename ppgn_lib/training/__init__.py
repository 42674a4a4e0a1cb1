"""Training of E, the networks that judge, G and D. Run ``python -m ppgn_lib.training --help``."""
