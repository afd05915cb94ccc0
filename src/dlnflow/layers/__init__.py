"""Networks with layers: gradients, invariants, flow, descent; factorisation and rank one. No table and no config."""
