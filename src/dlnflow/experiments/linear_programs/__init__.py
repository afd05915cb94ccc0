"""Linear programs and optimal transport solved by a network. The mathematics lives in `programs` and `transport`."""
