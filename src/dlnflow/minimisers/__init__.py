"""Exact minimisers: of basis pursuit, of linear programs, and the one that a network selects. No network runs here."""
