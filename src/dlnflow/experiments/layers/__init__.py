"""Layers: invariants of networks with layers, asymmetric factorisation and rank one. The networks live in `layers`."""
