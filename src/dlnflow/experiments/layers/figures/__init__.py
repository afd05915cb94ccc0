"""The figures of layers."""
