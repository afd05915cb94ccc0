"""Networks with layers of their own: architectures, gradients, invariants, flow and descent; factorisation and rank one."""
