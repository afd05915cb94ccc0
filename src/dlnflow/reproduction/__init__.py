"""Whether a result is what it says: seals, proofs, origins, two runs or a run and its reference. Nothing is made."""
