"""Linear programs by a network: the entropic limit, its flow, descent, law and ensembles. No table and no config."""
