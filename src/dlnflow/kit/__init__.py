"""What an experiment is made of: declarations, stages, blocks, loads, claims, measures, style. No experiment here."""
