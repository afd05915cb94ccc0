"""Layers: invariants of networks with layers, asymmetric factorisation and rank one."""
