"""What an experiment is made of: blocks, loads, attempts, claims, measures, curves and the style of figures."""
