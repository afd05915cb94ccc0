"""Linear programs to a vertex, exactly: a proposal in floats, pivots in fractions. No network and no l1 here."""
