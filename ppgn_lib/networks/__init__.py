"""Networks of one interface, and the zoo of those that ship. Knows nothing of samplers."""
