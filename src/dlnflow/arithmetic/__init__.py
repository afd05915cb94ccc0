"""Numbers: exact fractions, error-free float operations, arrays of both. Knows nothing of problems."""
