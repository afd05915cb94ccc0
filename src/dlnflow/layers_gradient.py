"""Losses of layered networks and their gradients, by JAX: on the CPU, in float64, one thread.

Why JAX: one rule gives the gradients, and the Jacobians of the flow, of every architecture and activation,
convolutions included; it is well kept, and the lock installs it as a CPU wheel. The tests hold its gradients
against central finite differences.
"""

import os
from collections.abc import Callable
from typing import Any

# Read when JAX starts: with a pool of threads sums might be cut up by the number of cores, and so their bits.
os.environ["XLA_FLAGS"] = " ".join(
    [os.environ.get("XLA_FLAGS", ""), "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"]
).strip()
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from dlnflow.compensated import FloatArray
from dlnflow.layers_architecture import Activation, Architecture
from dlnflow.layers_starts import Samples, inputs_of, regression, teacher

jax.config.update("jax_enable_x64", True)

LEAK = 0.1
"""The slope of leaky ReLU below 0."""
CHUNK = 256
"""Of points whose gradients are computed at once."""


def activation_of(name: Activation, width: float = 0.0) -> Callable[[Any], Any]:
    """phi, entry by entry, whose derivative is the gate phi(z)/z wherever phi is homogeneous.

    width: that of the gate's passage from its slope below 0 to 1, around 0; 0 for a jump there (the slope below 0 at
    z = 0 itself). With a width phi(z) = gate(z) z is not quite ReLU and its derivative not quite the gate, which is
    what stands in for it all the same: then <W_h, g_h> = <W_{h+1}, g_{h+1}> holds exactly at every width, and as it
    tends to 0 the flow becomes that of Clarke's subdifferential (docs/theory.md, Layers).
    """
    if name == "linear":
        return lambda z: z
    if name == "tanh":
        return jnp.tanh
    below = LEAK if name == "leaky_relu" else 0.0

    def gate(z: Any) -> Any:
        if width == 0:
            return jnp.where(z > 0, 1.0, below)
        s = jnp.clip(z / width + 0.5, 0.0, 1.0)
        return below + (1 - below) * s * s * (3 - 2 * s)

    @jax.custom_jvp
    def gated(z: Any) -> Any:
        return gate(z) * z

    gated.defjvp(lambda primals, tangents: (gate(primals[0]) * primals[0], gate(primals[0]) * tangents[0]))
    return gated


def outputs(network: Architecture, weights: Any, inputs: Any, width: float = 0.0) -> Any:
    """(samples, outputs) of the network; of a diagonal one A x, x the product of its layers."""
    layers = network.split(weights)
    if network.kind == "diagonal":
        return inputs @ jnp.prod(jnp.stack(layers), axis=0)
    phi, values = activation_of(network.activation, width), inputs
    for layer in layers[:-1]:
        if network.kind == "dense":
            values = phi(values @ layer.T)
        else:
            values = phi(lax.conv_general_dilated(values, layer, (1,) * len(network.image), "VALID"))
    return values.reshape(len(values), -1) @ layers[-1].reshape(len(layers[-1]), -1).T


def samples_of(network: Architecture, seed: int, trial: int) -> Samples:
    """The made data: of a diagonal network a planted regression, else the outputs of a teacher with mean square 1."""
    if network.kind == "diagonal":
        return regression(network, seed, trial)
    inputs = inputs_of(network, seed, trial)
    targets = np.array(outputs(network, jnp.asarray(teacher(network, seed, trial)), inputs))
    return Samples(inputs, targets / np.sqrt(np.mean(targets**2)))


class Loss:
    """Half the mean, over samples, of the squared residual; of a diagonal network half its sum.

    width: that of the gates (`activation_of`). The methods take and give NumPy's float64.
    """

    def __init__(self, network: Architecture, samples: Samples, width: float = 0.0):
        self.network = network
        count = 1 if network.kind == "diagonal" else len(samples.inputs)

        def loss(weights: Any) -> Any:
            residual = outputs(network, weights, samples.inputs, width) - samples.targets
            return 0.5 * jnp.sum(residual**2) / count

        gradient = jax.grad(loss)
        self._loss, self._gradient = jax.jit(loss), jax.jit(gradient)
        self._many = jax.jit(lambda weights: lax.map(gradient, weights))
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
        padded = np.resize(
            weights, (-(-len(weights) // CHUNK) * CHUNK, self.network.size)
        )  # one shape, one compilation
        chunks = [np.asarray(self._many(chunk)) for chunk in np.split(padded, len(padded) // CHUNK)]
        return np.concatenate(chunks)[: len(weights)]

    def jacobian(self, weights: FloatArray) -> FloatArray:
        """Of the gradient, (size, size)."""
        return np.asarray(self._jacobian(weights))

    def descend(self, weights: FloatArray, step: float, steps: int) -> FloatArray:
        """The weights after so many steps of gradient descent; not finite if it diverges."""
        return np.asarray(self._descend(weights, step, steps))
