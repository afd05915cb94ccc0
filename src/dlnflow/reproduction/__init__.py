"""Whether a result is what it says: seals, proofs read again, two runs compared, a run beside the reference."""
