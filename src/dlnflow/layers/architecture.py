"""Layered networks without biases: which they are, the shapes of their weights, and what a flow conserves of them.

Weights are one vector, `Architecture.split` of it the layers W_1, ..., W_L: of a diagonal network (n,) each, of a dense
one (outputs, inputs), of a convolution (channels out, channels in, kernel ...), its last layer a dense head
(outputs, channels, places ...). Sources: Du, Hu and Lee, arXiv:1806.00900; docs/theory.md, Layers.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlnflow.problems.problem import ProblemError

Kind = Literal["diagonal", "dense", "convolution"]
Activation = Literal["linear", "relu", "leaky_relu", "tanh"]
Invariant = Literal["layers", "neurons", "matrices", "coordinates"]

HOMOGENEOUS = ("linear", "relu", "leaky_relu")
"""phi(z) = phi'(z) z: what the invariants need."""


@dataclass(frozen=True)
class Architecture:
    """A network, and the number of its samples.

    widths: of a diagonal network the features, once for each end of a layer; of a dense one the units of each layer,
    inputs first and outputs last; of a convolution the channels, then the outputs of the head.
    image: the places of a convolution's input along each axis.  kernel: along each axis; stride 1, no padding.
    Raises ProblemError if the widths are no network, or the kernels leave no place of the image.
    """

    kind: Kind
    activation: Activation
    widths: tuple[int, ...]
    samples: int
    image: tuple[int, ...] = ()
    kernel: int = 0

    def __post_init__(self) -> None:
        if self.depth < 2:
            raise ProblemError(f"a network of {self.depth} layer, expected at least 2")
        if self.kind == "convolution" and min(self.places[-1]) < 1:
            raise ProblemError(
                f"{self.depth - 1} kernels of size {self.kernel} leave nothing of an image of "
                f"{' x '.join(map(str, self.image))}, expected a larger image or fewer layers"
            )

    @property
    def depth(self) -> int:
        """L, the number of layers that have weights."""
        return len(self.widths) - 1

    @property
    def places(self) -> list[tuple[int, ...]]:
        """The image before the first layer and after each convolution."""
        return [tuple(side - h * (self.kernel - 1) for side in self.image) for h in range(self.depth)]

    @cached_property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of each layer's weights."""
        if self.kind == "diagonal":
            return tuple((width,) for width in self.widths[1:])
        ends = [(after, before) for before, after in pairwise(self.widths)]
        if self.kind == "dense":
            return tuple(ends)
        kernels = [(self.kernel,) * len(self.image)] * (self.depth - 1)
        return tuple(end + extent for end, extent in zip(ends, [*kernels, self.places[-1]], strict=True))

    @property
    def size(self) -> int:
        """The number of weights."""
        return sum(map(prod, self.shapes))

    @property
    def invariants(self) -> tuple[Invariant, ...]:
        """What is conserved if the activation is homogeneous, and what fails if it is not."""
        if self.kind == "diagonal":
            return ("coordinates",)
        return ("layers", "neurons", "matrices") if self.has_matrices else ("layers", "neurons")

    @property
    def has_matrices(self) -> bool:
        """Whether W_{h+1}^T W_{h+1} - W_h W_h^T is conserved: a dense linear network's."""
        return self.kind == "dense" and self.activation == "linear"

    def split(self, weights: Any) -> list[Any]:
        """The layers in weights (..., size): views of shape (..., *shape), of NumPy or of JAX."""
        ends = np.cumsum([0, *map(prod, self.shapes)]).tolist()
        return [
            weights[..., first:last].reshape(*weights.shape[:-1], *shape)
            for (first, last), shape in zip(pairwise(ends), self.shapes, strict=True)
        ]

    def join(self, layers: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        """The vector whose `split` the layers are."""
        return np.concatenate([layer.ravel() for layer in layers])
