"""The figures of hardness."""
