"""Hardness: inputs of which only some bits are read, and what solvers and networks make of them. No solver here."""
