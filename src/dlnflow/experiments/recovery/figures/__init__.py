"""The figures of recovery."""
