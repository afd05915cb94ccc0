"""The quadratic forms that gradient flow conserves, of weights and of gradients.

B(V, W) is bilinear, D(W) = B(W, W) the invariant and B(W, dLoss/dW) = 0 the identity behind it, so that one step of
descent changes the invariant by exactly step^2 D(dLoss/dW) (docs/theory.md, Layers).
"""

import itertools

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.architecture import Architecture, Invariant

Forms = dict[Invariant, list[FloatArray]]
"""invariant -> one array (..., values) for each pair of neighbouring layers."""


def forms(network: Architecture, V: FloatArray, W: FloatArray) -> Forms:
    """B(V, W) for every invariant of the network; V, W: (..., size), weights or gradients.

    layers: <V_{h+1}, W_{h+1}> - <V_h, W_h>.  neurons: the same of a neuron's (a channel's) incoming less its outgoing
    weights.  matrices: V_{h+1}^T W_{h+1} - W_h V_h^T, flattened.  coordinates: of a diagonal network, entry by entry.
    """
    pairs = list(zip(network.split(V), network.split(W), strict=True))
    products = [v * w for v, w in pairs]
    found: Forms = {}
    if network.kind == "diagonal":
        return {"coordinates": [after - before for before, after in itertools.pairwise(products)]}
    lead = V.ndim - 1
    incoming = [_sum_but(product, lead, 0) for product in products]
    outgoing = [_sum_but(product, lead, 1) for product in products]
    sums = [ends.sum(axis=-1, keepdims=True) for ends in incoming]
    found["layers"] = [after - before for before, after in itertools.pairwise(sums)]
    found["neurons"] = [into - out for into, out in zip(incoming, outgoing[1:], strict=False)]
    if network.has_matrices:
        found["matrices"] = [
            np.einsum("...ki,...kj->...ij", *after).reshape(*V.shape[:-1], -1)
            - np.einsum("...jk,...ik->...ij", *before).reshape(*V.shape[:-1], -1)
            for before, after in itertools.pairwise(pairs)
        ]
    return found


def invariants(network: Architecture, W: FloatArray) -> Forms:
    """D(W) = B(W, W)."""
    return forms(network, W, W)


def squared_norms(network: Architecture, W: FloatArray) -> FloatArray:
    """||W_h||_F^2 of each layer, (..., L)."""
    lead = W.ndim - 1
    layers = network.split(W)
    return np.stack([np.square(layer).sum(axis=tuple(range(lead, layer.ndim))) for layer in layers], axis=-1)


def identity_error(network: Architecture, W: FloatArray, gradient: FloatArray) -> float:
    """The largest |B(W, dLoss/dW)|, relative to the Euclidean norms of W and of the gradient; 0 but for rounding."""
    scale = np.linalg.norm(W, axis=-1) * np.linalg.norm(gradient, axis=-1)
    scale = np.where(scale > 0, scale, 1.0)
    found = [
        np.max(np.abs(values) / scale[..., None]) for pairs in forms(network, W, gradient).values() for values in pairs
    ]
    return float(max(found))


def _sum_but(values: FloatArray, lead: int, axis: int) -> FloatArray:
    """Summed over every axis of a layer but one; the first `lead` axes are no axes of a layer."""
    return values.sum(axis=tuple(k for k in range(lead, values.ndim) if k != lead + axis))
