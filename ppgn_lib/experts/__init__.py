"""Priors and conditions: what a chain is steered by, and the variants of the paper that combine them."""
