"""The figures of laws: from tables to a matplotlib Figure. No solver: what a figure shows, a table has."""
