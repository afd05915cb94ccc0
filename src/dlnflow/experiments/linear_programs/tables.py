"""The tables of the linear programs: errors down in lam, and what they say of the predicted law."""

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SOLVER, STATUS, bounded, within
from dlnflow.files.tables import COUNT, FLAG, REAL, TEXT, schema_of

_LEFT = within(1e-9)
"""A ratio less 1, which may be less than the errors behind it; LARGEST_TERM is ten times as much."""

MOST_RATIO = 1e-6
"""How far the constant's ratio may be from 1 where an instance meets its prediction."""
AIM = 1e-8
"""e^(-p/lam) at the lam at which an instance is looked at first."""
LEAST = 32
"""The least 1/lam at which an instance ends."""
SETTLED, LARGEST_TERM = 1e-4, 1e-8
"""The next order at twice the last lam, and as it is then expected at the last: of the second order, the square of the
first, that leaves nothing in the ratio, whose tolerance is a hundred times the latter."""
MOST_EXPONENT = 1e-5
"""How far the measured exponent may be off: SETTLED over half of the least 1/lam is 6e-6."""

_PROGRAM = {
    "is_unique": (FLAG, "whether there is one minimiser alone"),
    "has_unique_dual": (FLAG, "whether there is one dual optimum alone: A_T has the rank of A"),
    "is_sum_constant": (FLAG, "whether sum x is the same for all minimisers, and x° so that of greatest entropy"),
    "exponent": (REAL, "e of the predicted C e^(-e/lam)"),
    "log10_constant": (REAL, "log10 of C; null if it is 0"),
    "next_exponent": (
        REAL,
        "p: the predicted error is C e^(-e/lam) (1 + O(e^(-p/lam))); null if the limit is x° itself",
    ),
}

PROGRAM_CELLS = schema_of(
    "program exponent",
    program=(TEXT, "name in the config", ROW_KEY),
    inverse_lam=(REAL, "1/lam, exact", ROW_KEY),
    status=(TEXT, "a results.Status of the certified limit; unresolved: its error is less than twice its radius"),
    message=(TEXT, "why it failed, else empty"),
    precision_bits=(COUNT, "of the arithmetic", COUNTED),
    log10_error=(
        REAL,
        "log10 of ||x_lam - x°||_2, x° the entropic point of the minimisers' face; null if 0",
        bounded("log10_radius"),
    ),
    log10_radius=(REAL, "log10 of a proved bound on what the error is off by", COUNTED),
    log10_predicted=(REAL, "log10 of C e^(-e/lam); null if C is 0"),
    ratio_off=(REAL, "the error over C e^(-e/lam), less 1; null if C is 0", _LEFT),
    log10_gap=(REAL, "log10 of c.x_lam - min c.x; null if 0 or less"),
    float_status=(TEXT, "a results.Status of the limit in float64", STATUS),
    float_message=(TEXT, "why that failed, else empty", STATUS),
    log10_float_error=(
        REAL,
        "log10 of ||x - x°||_2 of the limit in float64; null if 0 or failed",
        bounded("log10_float_radius"),
    ),
    log10_float_off=(REAL, "log10 of its distance to the certified one; null if 0 or failed", COUNTED),
    log10_float_radius=(REAL, "log10 of its own estimate of that; null unless converged", COUNTED),
    **_PROGRAM,
)
"""A row a program and lam."""

PROGRAM_LAWS = schema_of(
    "grid trial exponent",
    grid=(TEXT, "name in the config", ROW_KEY),
    family=(TEXT, "a program_ensembles.Family"),
    constraints=(COUNT, "m", ROW_KEY),
    variables=(COUNT, "n", ROW_KEY),
    trial=(COUNT, "number of the instance, from 0", ROW_KEY),
    status=(TEXT, "converged; stalled or unresolved if one of its limits is; failed"),
    message=(TEXT, "why it failed, else empty; what is not known is null"),
    face_dimension=(COUNT, "of the minimisers' face"),
    support=(COUNT, "coordinates in T, the union of the minimisers' supports"),
    rank=(COUNT, "of A"),
    pivots=(COUNT, "exact pivots beyond the float basis", COUNTED),
    exact_exponent=(TEXT, "e as a ratio"),
    measured_exponent=(REAL, "log of the error at twice the last lam over that at the last, times 2 lam"),
    ratio_off=(REAL, "the error at the last lam over C e^(-e/lam), less 1", _LEFT),
    next_term=(REAL, "|ratio - 1| expected at the last lam, from that at twice it", _LEFT),
    last_inverse_lam=(REAL, "1/lam of the last"),
    log10_last_error=(REAL, "log10 of the error there"),
    precision_bits=(COUNT, "of the arithmetic there", COUNTED),
    is_settled=(
        FLAG,
        f"whether next_term is below {LARGEST_TERM:g}, and |ratio - 1| at twice the last lam {SETTLED:g}",
    ),
    is_regular=(FLAG, f"one minimiser, nondegenerate, and e^(-p/lam) at most {AIM:g} at the least lam allowed"),
    meets=(FLAG, f"whether |ratio - 1| < {MOST_RATIO:g} and |measured - predicted exponent| < {MOST_EXPONENT:g}"),
    reason=(TEXT, "why it does not meet both (program_rows.reason), else empty"),
    highs_status=(TEXT, "HiGHS's own word, with its defaults", SOLVER),
    highs_gap=(REAL, "c.x of its x less the least value, in units of 1 + |value|", SOLVER),
    highs_residual=(REAL, "||A x - b||_2 of its x", SOLVER),
    highs_is_vertex_optimal=(FLAG, "whether its basis, in rationals, is optimal; null if it is no basis", SOLVER),
    **_PROGRAM,
)
"""A row a random program."""
