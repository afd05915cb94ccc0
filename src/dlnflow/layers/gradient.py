"""Losses of layered networks and their gradients, by JAX: on the CPU, in float64, one thread.

Why JAX: one rule gives the gradients, and the Jacobians of the flow, of every architecture and activation,
convolutions included; it is well kept, and the lock installs it as a CPU wheel. The tests hold its gradients
against central finite differences.
"""

# ruff: noqa: E402 (what JAX reads must stand before it is imported)

import os
from collections.abc import Callable
from itertools import islice
from math import prod
from typing import Any

# Read when JAX starts: with a pool of threads sums might be cut up by the number of cores, and so their bits. A job
# compiles for longer than it computes: without optimisation for half as long.
_FLAGS = (
    "--xla_cpu_multi_thread_eigen=false",
    "intra_op_parallelism_threads=1",
    "--xla_backend_optimization_level=0",
)
os.environ["XLA_FLAGS"] = " ".join([os.environ.get("XLA_FLAGS", ""), *_FLAGS]).strip()
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.layers.architecture import Activation, Architecture
from dlnflow.layers.starts import Samples, inputs_of, regression, teachers

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]

LEAK = 0.1
"""The slope of leaky ReLU below 0."""
CHUNK = 256
"""Of points whose gradients are computed at once."""
MOST_TEACHERS = 1000
"""ReLU layers of one unit are dead for half of the weights, each."""


def gate_of(name: Activation, width: float = 0.0) -> Callable[[Any], Any]:
    """phi(z)/z of ReLU and leaky ReLU, entry by entry: a slope below 0, and 1 above.

    width: of the passage between the two, around 0; 0 for a jump there (the slope below 0 at z = 0 itself).
    """
    below = slope_below(name)

    def gate(z: Any) -> Any:
        if width == 0:
            return jnp.where(z > 0, 1.0, below)
        s = jnp.clip(z / width + 0.5, 0.0, 1.0)
        return below + (1 - below) * s * s * (3 - 2 * s)

    return gate


def slope_below(name: Activation) -> float:
    """Of an activation with a kink, below 0."""
    return LEAK if name == "leaky_relu" else 0.0


def activation_of(name: Activation, width: float = 0.0) -> Callable[[Any, Any], Any]:
    """phi(z, offset), entry by entry; (gate(z) + offset) z where there are gates, whose derivative is that gate.

    With a width gate(z) z is not quite ReLU, and its derivative not quite the gate, which stands in for it:
    then <W_h, g_h> = <W_{h+1}, g_{h+1}> holds exactly at every width, and as it tends to 0 the flow becomes that of
    Clarke's subdifferential (docs/theory.md, Layers).
    """
    if name == "linear":
        return lambda z, _: z
    if name == "tanh":
        return lambda z, _: jnp.tanh(z)
    gate = gate_of(name, width)

    @jax.custom_jvp
    def gated(z: Any, offset: Any) -> Any:
        return (gate(z) + offset) * z

    @gated.defjvp
    def _(primals: Any, tangents: Any) -> Any:
        (z, offset), (z_dot, offset_dot) = primals, tangents
        return (gate(z) + offset) * z, (gate(z) + offset) * z_dot + z * offset_dot

    return gated


def hidden_shapes(network: Architecture) -> list[tuple[int, ...]]:
    """Of the units between layers, (samples, units) or (samples, channels, *places)."""
    if network.kind == "diagonal":
        return []
    places = network.places[1:] if network.kind == "convolution" else [()] * (network.depth - 1)
    return [(network.samples, w, *place) for w, place in zip(network.widths[1:-1], places, strict=True)]


def forward(network: Architecture, weights: Any, inputs: Any, width: float = 0.0, offsets: Any = 0.0) -> Any:
    """(outputs (samples, outputs), what each hidden layer's activation is applied to); of a diagonal one A x.

    offsets: of the gates, flat, in the order of `hidden_shapes`; 0 for none.
    """
    layers = network.split(weights)
    if network.kind == "diagonal":
        return inputs @ jnp.prod(jnp.stack(layers), axis=0), []
    phi, values, reached, hidden = activation_of(network.activation, width), inputs, 0, []
    for layer in layers[:-1]:
        if network.kind == "dense":
            z = values @ layer.T
        else:
            z = lax.conv_general_dilated(values, layer, (1,) * len(network.image), "VALID")
        offset = jnp.zeros_like(z) if jnp.ndim(offsets) == 0 else offsets[reached : reached + z.size].reshape(z.shape)
        reached += z.size
        hidden.append(z)
        values = phi(z, offset)
    return values.reshape(len(values), -1) @ layers[-1].reshape(len(layers[-1]), -1).T, hidden


def samples_of(network: Architecture, seed: int, trial: int) -> Samples:
    """The made data: of a diagonal network a planted regression, else the outputs of a teacher with mean square 1.

    Raises ArithmeticError if narrow ReLU layers let none of MOST_TEACHERS say anything but 0.
    """
    if network.kind == "diagonal":
        return regression(network, seed, trial)
    inputs = inputs_of(network, seed, trial)
    run = jax.jit(lambda weights: forward(network, weights, inputs)[0])  # compiled as one, not operation by operation
    for weights in islice(teachers(network, seed, trial), MOST_TEACHERS):
        targets = np.array(run(weights))
        if targets.any():
            return Samples(inputs, targets / np.sqrt(np.mean(targets**2)))
    raise ArithmeticError(f"{MOST_TEACHERS} random networks of this shape answer 0 to every sample: there is no target")


class Loss:
    """Half the mean, over samples, of the squared residual; of a diagonal network half its sum.

    width: that of the gates (`activation_of`). The methods take and give NumPy's float64.
    """

    def __init__(self, network: Architecture, samples: Samples, width: float = 0.0):
        self.network, self.width = network, width
        self._units = sum(map(prod, hidden_shapes(network)))
        count = 1 if network.kind == "diagonal" else len(samples.inputs)

        def loss(weights: Any, offsets: Any = 0.0) -> Any:
            residual = forward(network, weights, samples.inputs, width, offsets)[0] - samples.targets
            return 0.5 * jnp.sum(residual**2) / count

        def gates(weights: Any) -> Any:
            hidden = forward(network, weights, samples.inputs, width)[1]
            return jnp.concatenate([gate_of(network.activation, width)(z).ravel() for z in hidden])

        def change(weights: Any, unit: Any) -> Any:
            none = jnp.zeros(self._units)
            one = (jnp.arange(self._units) == unit).astype(float)
            return jax.jvp(lambda offsets: gradient(weights, offsets), (none,), (one,))[1]

        gradient = jax.grad(loss)
        self._loss, self._gradient = jax.jit(loss), jax.jit(gradient)
        self._many = jax.jit(lambda weights: lax.map(gradient, weights))
        self._gates = jax.jit(lambda weights: lax.map(gates, weights))
        self._changes = jax.jit(lambda weights, units: lax.map(lambda pair: change(*pair), (weights, units)))
        self._jacobian = jax.jit(jax.jacfwd(gradient))
        self._descend = jax.jit(
            lambda weights, step, steps: lax.fori_loop(0, steps, lambda _, w: w - step * gradient(w), weights)
        )

    def value(self, weights: FloatArray) -> float:
        """The loss at weights (size,)."""
        return float(self._loss(weights))

    def gradient(self, weights: FloatArray) -> FloatArray:
        """dLoss/dW, (size,)."""
        return np.asarray(self._gradient(weights))

    def gradients(self, weights: FloatArray) -> FloatArray:
        """dLoss/dW at each of weights (k, size)."""
        return _in_chunks(self._many, weights)

    def open_gates(self, weights: FloatArray) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
        """(point, variance, change) of each gate that is strictly between its two slopes, at weights (k, size).

        point: (p,) its index among the weights.  variance: (p,) of a gate that takes either slope so often that its
        mean is the gate's.  change: (p, size) of the gradient, for each unit of the gate.
        """
        below = slope_below(self.network.activation)
        gates = _in_chunks(self._gates, weights)
        points, units = np.nonzero((gates > below) & (gates < 1))
        values = gates[points, units]
        return points, (values - below) * (1 - values), _in_chunks(self._changes, weights[points], units)

    def jacobian(self, weights: FloatArray) -> FloatArray:
        """Of the gradient, (size, size)."""
        return np.asarray(self._jacobian(weights))

    def descend(self, weights: FloatArray, step: float, steps: int) -> FloatArray:
        """The weights after so many steps of gradient descent; not finite if it diverges."""
        return np.asarray(self._descend(weights, step, steps))


def _in_chunks(function: Callable[..., Any], *arrays: Any) -> FloatArray:
    """A function of rows in chunks of one size, so that it is compiled once."""
    count = len(arrays[0])
    size = max(1, -(-count // CHUNK)) * CHUNK
    padded = [np.resize(array, (size, *array.shape[1:])) for array in arrays]
    chunks = [function(*(array[i : i + CHUNK] for array in padded)) for i in range(0, size, CHUNK)]
    return np.concatenate([np.asarray(chunk) for chunk in chunks])[:count]
