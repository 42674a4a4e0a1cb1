"""Eq. 11 and its chain, the released step, and the samplers of Table S1. Knows nothing of networks."""
