"""Training of E, G and D, R, and the networks that judge. Run ``python -m ppgn_lib.training --help``."""
