"""Training of E, the evaluator, G and D. Run ``python -m ppgn_lib.training --help``."""
