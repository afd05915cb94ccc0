"""Optimal transport by the network: plans, the exact optimum and the law between them. No other solver here."""
