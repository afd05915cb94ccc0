"""The rows of the hardness experiment: what any method makes of every input of a block, beside the truth.

Many inputs have one reading, and many readings are one to a method, which is asked once.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dlnflow.arithmetic.exact import log10_of, square_distance, to_arb
from dlnflow.experiments.hardness.block import HardnessBlock, Input, Truth
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.problems.optimality import check_optimality
from dlnflow.problems.problem import Problem, ProblemError
from dlnflow.results import Status


@dataclass(frozen=True, eq=False)
class Reply:
    """What a method makes of a reading.

    x: (n) exact, and its error there is known up to radius; absent if it gives none.
    """

    x: Sequence[Fraction] | None
    engine: str
    status: Status
    said: str = ""
    message: str = ""
    resolution: str | None = None
    radius: Fraction = Fraction(0)


@dataclass(frozen=True)
class Method:
    """Who is asked about a reading.

    ask: (reading, bits) -> a reply, or one for each scale.  content: (reading, bits) -> what of them reaches it,
    hashable.  most_bits: that it reads.
    """

    ask: Callable[[Problem, int], list[Reply]]
    content: Callable[[Problem, int], Hashable]
    most_bits: int | None = None


def exact_content(reading: Problem, bits: int) -> Hashable:
    """Every digit of the data."""
    return (*(entry for row in reading.rational_A for entry in row), *reading.rational_y)


def replies_to(block: HardnessBlock, seed: int, method: Method) -> Iterator[tuple[Input, list[Reply]]]:
    """Each input with the replies to its reading; what is the same to the method is asked once."""
    known: dict[Hashable, list[Reply]] = {}
    answered: dict[Hashable, list[Reply]] = {}
    for asked in block.inputs(seed):
        if asked.key not in known:
            known[asked.key] = _replies(asked, method, answered)
        yield asked, known[asked.key]


def _replies(asked: Input, method: Method, answered: dict[Hashable, list[Reply]]) -> list[Reply]:
    """A failure is one reply, for all scales."""
    try:
        reading = asked.reading()
    except ProblemError as error:
        return [Reply(None, "none", Status.FAILED, message=str(error))]
    content = method.content(reading, asked.bits)
    if content not in answered:
        replies, message, _ = attempt(method.ask, reading, asked.bits)
        answered[content] = replies or [Reply(None, "none", Status.FAILED, message=message)]
    return answered[content]


def reply_row(grid: str, block: HardnessBlock, asked: Input, method: Method, reply: Reply, name: Row) -> Row:
    """A row of HARDNESS; name: the columns that say who answers."""
    bits = {"bits_seen": min(asked.bits, method.most_bits or asked.bits)}
    return _input_columns(grid, block, asked) | bits | name | _reply_columns(asked, reply)


def _input_columns(grid: str, block: HardnessBlock, asked: Input) -> Row:
    truth = asked.truth
    return {
        "grid": grid,
        "kinks": block.kinks,
        "mixed": block.mixed,
        "measurements": truth.family.measurements,
        "features": truth.family.features,
        "condition": truth.condition,
        "digits": truth.digits,
        "exponent": truth.exponent,
        "slow_exponent": block.slow,
        "bits": asked.bits,
        "delta_signs": truth.signs_text,
        "reverse": truth.family.reverse,
        "log10_norm": _half_log10(sum((x * x for x in truth.minimiser), Fraction(0))),
        "log10_floor": None if asked.floor is None else _half_log10(asked.floor),
    }


def _reply_columns(asked: Input, reply: Reply) -> Row:
    columns = {
        "engine": reply.engine,
        "status": reply.status,
        "resolution": reply.resolution,
        "said": reply.said,
        "message": reply.message,
        "is_answered": reply.x is not None,
    } | dict.fromkeys(("log10_error", "residual", "excess", "x"))
    if reply.x is None:
        return columns
    square = square_distance(reply.x, asked.truth.minimiser)
    if 0 < square <= 4 * reply.radius**2:
        columns["status"] = Status.UNRESOLVED
    return columns | {"log10_error": _half_log10(square)} | _as_given(asked.truth, reply.x)


def _as_given(truth: Truth, x: Sequence[Fraction]) -> Row:
    """The answer beside the data themselves, where nothing was lost between the two."""
    if truth.bits_as_given is None:
        return {}
    judged = check_optimality(truth.problem, x)
    least = sum((abs(value) for value in truth.minimiser), Fraction(0))
    return {
        "residual": float(judged.relative_residual),
        "excess": float(judged.l1_norm / least - 1),
        "x": [float(value) for value in x],
    }


def _half_log10(value: Fraction) -> float | None:
    """log10 of the square root."""
    found = log10_of(to_arb(value))
    return None if found is None else found / 2
