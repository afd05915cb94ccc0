"""The tables of transport: values down in lam, plans to draw, and times."""

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, SOLVER, STATUS, TIME, relative, within
from dlnflow.files.tables import COUNT, FLAG, REAL, TEXT, schema_of

_LEFT = within(1e-9)
"""What rounding leaves of the marginals, over the mass, or of a ratio less 1: its size alone means something."""
_ENTRY = relative(1e-9)
"""Entries are good to their `radius`, which is that or less."""

SETTLED = 1e-8
"""Of `next_term`, below which the value's excess is its law: what is left of the ratio is a hundred times less than
LAW_OFF, whose other part is the rounding of C/lam, 1e-10 at lam = 1e-6 of the largest cost."""
LAW_OFF = 1e-6

TRANSPORT_VALUES = schema_of(
    "problem exponent -log10_lam",
    problem=(TEXT, "name in the config", ROW_KEY),
    sources=(COUNT, "n1"),
    targets=(COUNT, "n2"),
    lam=(TEXT, "over the largest cost, exact", ROW_KEY),
    log10_lam=(REAL, "its log10"),
    status=(TEXT, "a results.Status of the network's plan, for marginals and every entry", STATUS),
    message=(TEXT, "why it failed, else empty; what is not known is null", STATUS),
    iterations=(COUNT, "Newton steps, all rungs of lam together", COUNTED),
    marginal_1=(REAL, "sum of |P 1 - r| and |P^T 1 - s| over the mass", _LEFT),
    marginal_max=(REAL, "the largest of them, over the mass", _LEFT),
    radius=(REAL, "estimate of the relative error of every entry of P; null if infinite", COUNTED),
    optimum=(REAL, "the least <C, P>, to rounding"),
    exact_optimum=(TEXT, "the same as a ratio, proved"),
    log10_bound=(REAL, "log10 of the optimum less the exact dual bound of the plan's potentials; null if 0"),
    log10_excess=(REAL, "log10 of <C, P> less the optimum"),
    law=(TEXT, "tree: the optimum is a nondegenerate vertex; assignment: a permutation of equal masses; else empty"),
    exponent=(REAL, "e of the predicted leading C e^(-e/lam), over the largest cost"),
    log10_constant=(REAL, "log10 of C"),
    log10_predicted=(REAL, "log10 of the predicted excess, with all terms that the law knows"),
    ratio_off=(REAL, "excess over predicted, less 1", _LEFT),
    next_term=(
        REAL,
        "what the law leaves out, relative: the predicted mass off the support over the least mass on it; of an "
        "assignment e^(-q/lam), q the second least cycle mean less the least, where that is more",
    ),
    sinkhorn_sweeps=(COUNT, "of POT's log-domain Sinkhorn; 0: not run", SOLVER),
    sinkhorn_marginal_1=(REAL, "of its plan; null if not run", SOLVER),
    log10_sinkhorn_off=(REAL, "log10 of |<C, P> - optimum| of its plan, which need not have the marginals", SOLVER),
    sinkhorn_distance=(REAL, "sum of |P - P'| of the two plans over the mass; null if not run", SOLVER),
)
"""A row a problem and lam."""

TRANSPORT_PLANS = schema_of(
    "problem",
    problem=(TEXT, "name in the config", ROW_KEY),
    is_picture=(FLAG, "whether the masses are pixels"),
    lam=(TEXT, "over the largest cost, exact; 0: the exact optimum", ROW_KEY),
    status=(TEXT, "a results.Status of the plan", STATUS),
    side=(COUNT, "pixels a side; null for points"),
    source=(COUNT, "i", ROW_KEY),
    target=(COUNT, "j", ROW_KEY),
    source_x=(REAL, "place of i, in the unit square"),
    source_y=(REAL, ""),
    target_x=(REAL, "place of j"),
    target_y=(REAL, ""),
    source_mass=(REAL, "r_i"),
    target_mass=(REAL, "s_j"),
    mass=(REAL, "P_ij; entries below a thousandth of r_i are left out", _ENTRY),
)
"""A row an entry of a plan."""

TRANSPORT_TIMES = schema_of(
    "method",
    points=(COUNT, "n, on each side", ROW_KEY),
    lam=(TEXT, "over the largest cost; empty for a method that solves the linear program itself", ROW_KEY),
    method=(TEXT, "newton: the network's limit; sinkhorn-log, network-simplex: POT; highs-ds: HiGHS", ROW_KEY),
    status=(TEXT, "a results.Status"),
    message=(TEXT, "why it failed, else empty"),
    seconds=(REAL, "median wall time on one thread, imports apart", TIME),
    iterations=(COUNT, "of the method; null if it does not say"),
    marginal_1=(REAL, "sum of |P 1 - r| and |P^T 1 - s| over the mass"),
    marginal_max=(REAL, "the largest of them, over the mass"),
    value=(REAL, "<C, P>"),
    optimum=(REAL, "the least <C, P>, proved, to rounding"),
    distance=(
        REAL,
        "sum of |P - P'| over the mass, P' the plan of newton, or the exact optimum where lam is empty; null if failed",
    ),
)
"""A row a size and method. It holds times, and stands in results/timings/."""
