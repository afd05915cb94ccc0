"""What a solver answers, in one form for all of them."""

from dataclasses import dataclass

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.results import Status


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Answer:
    """A solver's answer to basis pursuit: what it found, and what it claims of it. `dlnflow.optimality` judges it.

    x: (n,), absent if the status is failed.  nu: (m,) the dual certificate that came with it, |A^T nu| <= 1 (at most
    1 from above if nonnegative) and A_S^T nu = sign(x_S), up to the solver's accuracy; absent if it gives none.
    status: converged only where the solver claims to have solved the problem; stalled where it stopped before its
    tolerances; failed where it has no x, and then message says why.
    said: the solver's own word for how it ended.  said_gap: the gap between primal and dual value that it reports
    itself, in its own scaling (for lars, the penalty where its path ended); absent if it reports none.
    iterations: its own count.
    seconds: wall time from A and y to x and nu: what one more solve costs. Imports are not in it.
    """

    x: FloatArray | None
    nu: FloatArray | None
    status: Status
    said: str
    said_gap: float | None
    iterations: int
    seconds: float
    message: str = ""
