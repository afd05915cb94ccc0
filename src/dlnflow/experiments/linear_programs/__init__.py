"""Linear programs and optimal transport solved by a network."""
