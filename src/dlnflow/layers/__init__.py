"""Networks with layers: architectures, gradients, invariants, flow and descent; factorisation and rank one."""
