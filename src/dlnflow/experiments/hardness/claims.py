"""Claims of generalised hardness of approximation: what no algorithm can do, what some can, and at what price."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlnflow.experiments.hardness.judgement import Answered, verdicts
from dlnflow.experiments.hardness.tables import HARDNESS
from dlnflow.experiments.hardness.work_tables import WORK
from dlnflow.kit.claim import BASTOUNIS, ROUNDING, WIND, Claim, Judgement, Tables, Verdict, judgement_of, table_of
from dlnflow.results import Status
from dlnflow.solvers.names import INTERVAL

if TYPE_CHECKING:
    import pandas as pd

ALIKE = ["grid", "digits", "exponent", "bits", "read_signs"]
METHOD = ["method", "exact_depth", "scale"]
SMALL_DELTA = 1e-2
"""From where on the scale needed is asked to be the predicted one."""
SMALL_ACCURACY = 1e-3
"""The leading order holds where k log(1/(1 - q)) is small beside log(1/eps) (docs/theory.md, The kink)."""
SCALE_TOLERANCE = 0.05
"""Of log eps, between the scale needed and the leading order."""
BRACKET = 1e-3
"""Width in log10 of the proved bracket around the scale needed (`kink_work`)."""
TIME_TOLERANCE = 0.02
"""Of the flow's time: the escape is all of it but for the last approach, of relative order delta."""
READING = 16.0
"""A reading to within 2^-b moves a minimiser of these families by less than so many 2^-b, unless a kink turns."""


def _theorem(tables: Tables) -> Judgement:
    return Judgement(0, None, None, Verdict.THEOREM)


def _barrier(tables: Tables) -> Judgement:
    """The worse error of two inputs with one reading, beside half the distance of their minimisers."""
    hidden = _read(tables)
    hidden = hidden[hidden.log10_floor.notna()]
    # the kinks of the slow exponent come last, and their sign may be read
    is_read = (hidden.bits >= hidden.slow_exponent).to_numpy(bool)
    hidden = hidden.assign(read_signs=np.where(is_read, hidden.delta_signs.str[1:], ""))
    # an input without an answer has no error, and one without a bound is no news
    answered = hidden.groupby(ALIKE + METHOD, dropna=False).filter(lambda group: group.is_answered.all())
    if not len(answered):
        return judgement_of([], [])
    worst = answered.groupby(ALIKE + METHOD, dropna=False)[["log10_error", "log10_floor"]].max()
    return judgement_of(worst.log10_floor - worst.log10_error, np.full(len(worst), ROUNDING))


def _levels(tables: Tables) -> "pd.DataFrame":
    """The exact method on the levels: K, bits, the two exponents, and log10 of the worst error over the signs."""
    cells = _hardness(tables)
    cells = cells[(cells.grid == "levels") & (cells.method == "exact")]
    keys = ["digits", "bits", "exponent", "slow_exponent"]
    # an answer without an error is right, and no answer is none of that
    errors = cells.assign(log10_error=cells.log10_error.fillna(-np.inf).where(cells.is_answered.astype(bool), np.inf))
    return errors.groupby(keys).log10_error.max().rename("worst").reset_index()


def _has(lost: int, told_by: str | None, tables: Tables) -> Judgement:
    """K - lost digits at every number of bits that tells the kinks in their way, and that has so many digits itself."""
    levels = _levels(tables)
    digits = levels.digits - lost
    enough = READING * 2.0**-levels.bits <= 0.1 * 10.0**-digits
    if told_by is not None:
        enough &= levels.bits >= levels[told_by]
    excess = (levels.worst + digits)[enough & (digits > 0)]
    return judgement_of(excess, np.zeros(len(excess)))


def _jump(lost: int, told_by: str, tables: Tables) -> Judgement:
    """Bits from which on K - lost digits are reached, less those that tell the kinks."""
    levels = _levels(tables)
    levels = levels[
        (levels.digits > lost) & (READING * 2.0 ** -levels[told_by] <= 0.1 * 10.0 ** (lost - levels.digits))
    ]
    found = []
    for _, rows in levels.groupby("digits"):
        short = rows[rows.worst > lost - rows.digits].bits.max()  # the last bits that do not do
        reached = rows[rows.bits > short].bits.min() if not np.isnan(short) else rows.bits.min()
        told = rows[rows.bits >= rows[told_by]].bits.min()
        if not np.isnan(told) and (rows.bits < rows[told_by]).any():
            found.append(abs(reached - told))
    return judgement_of(found, np.zeros(len(found)))


def _confidence(tables: Tables) -> Judgement:
    """The share of the float solvers' claims that go with a wrong answer, of those of data that are given exactly."""
    cells = _hardness(tables)
    cells = cells[cells.grid.str.startswith("answers") & ~cells.method.isin([INTERVAL, "exact"])]
    claimed = cells[cells.status == Status.CONVERGED]
    if not len(claimed):
        return judgement_of([], [])
    wrong = verdicts(claimed).isin([Answered.INSIDE, Answered.WRONG])
    verdict = Verdict.HOLDS if wrong.any() else Verdict.FAILS
    shares = wrong.groupby(claimed.method).mean()
    return Judgement(len(claimed), float(shares.max()), float(shares.median()), verdict)


def _honest(tables: Tables) -> Judgement:
    """Resolved intervals: the error beside what the reading and its rounding make of the minimiser."""
    cells = _read(tables)
    cells = cells[(cells.method == INTERVAL) & cells.is_answered.astype(bool)]
    if not len(cells):
        return judgement_of([], [])
    allowed = np.log10(READING * cells.features) - cells.bits * np.log10(2)
    return judgement_of(cells.log10_error.fillna(-np.inf) - allowed, np.zeros(len(cells)))


def _scale(shallow: bool, tables: Tables) -> Judgement:
    """|log of the scale needed / log of the predicted one - 1|."""
    work = _work(tables, shallow)
    work = work[(work.log10_delta <= np.log10(SMALL_DELTA)) & (work.log10_accuracy <= np.log10(SMALL_ACCURACY))]
    deviations = (work.log10_scale / work.log10_predicted_scale - 1).abs()
    return judgement_of(deviations, np.full(len(work), SCALE_TOLERANCE))


def _exact_scale(tables: Tables) -> Judgement:
    """|log10 of the scale needed less that of the one equation behind it|."""
    work = _work(tables)
    return judgement_of((work.log10_scale - work.log10_exact_scale).abs(), np.full(len(work), BRACKET + ROUNDING))


def _time(tables: Tables) -> Judgement:
    work = _work(tables)
    work = work[work.log10_delta <= np.log10(SMALL_DELTA)]
    deviations = (10 ** (work.log10_time - work.log10_predicted_time) - 1).abs()
    return judgement_of(deviations, np.full(len(work), TIME_TOLERANCE))


def _hardness(tables: Tables) -> "pd.DataFrame":
    return table_of(tables, "hardness", HARDNESS)


def _read(tables: Tables) -> "pd.DataFrame":
    """The cells of which only some bits are read."""
    cells = _hardness(tables)
    return cells[~cells.grid.str.startswith("answers")]


def _work(tables: Tables, shallow: bool | None = None) -> "pd.DataFrame":
    work = table_of(tables, "hardness_work", WORK)
    work = work[work.status != Status.UNRESOLVED]  # out of reach; a failed row has no number, and fails
    return work if shallow is None else work[(work.depth == 2) == shallow]


_LEVELS = "hardness, levels, the exact method"
_BITS = "log10 of the worst error over 10^-digits (at most 0)"

CLAIMS = (
    Claim(
        "gha-theorem",
        BASTOUNIS,
        "For every K > 2 there are classes of well-conditioned inputs of basis pursuit on which no algorithm, random "
        "or not, computes K correct digits (with probability above 1/2).",
        "a theorem of every algorithm, which no computation can test",
        "",
        _theorem,
    ),
    Claim(
        "gha-barrier",
        BASTOUNIS,
        "Of two inputs that are read alike, every method here is wrong on one by at least half the distance of their "
        "minimisers.",
        "hardness, maps and levels: every k and b with a hidden delta; both inputs are asked about at once",
        "log10 of half the distance over the worse error (at most 0)",
        _barrier,
    ),
    Claim(
        "gha-k-minus-1",
        BASTOUNIS,
        "K - 1 digits can be had, though K cannot, once the bits read tell the kinks of height 10^-(K-1).",
        f"{_LEVELS}, b of at least their exponent",
        _BITS,
        partial(_has, 1, "slow_exponent"),
    ),
    Claim(
        "gha-k-minus-1-unbounded",
        BASTOUNIS,
        "No number of bits is enough for K - 1 digits of all inputs: those needed are the input's own exponent k.",
        f"{_LEVELS}, the bits from which on K - 1 digits are reached",
        "bits away from the grid's first b >= k",
        partial(_jump, 1, "slow_exponent"),
    ),
    Claim(
        "gha-k-unbounded",
        BASTOUNIS,
        "The same of K digits and of the kinks of height 10^-K, whose exponent may be as large as one likes.",
        f"{_LEVELS}, the bits from which on K digits are reached",
        "bits away from the grid's first b >= k",
        partial(_jump, 0, "exponent"),
    ),
    Claim(
        "gha-k-minus-2",
        BASTOUNIS,
        "K - 2 digits are had from about as many digits of the input, whatever delta is.",
        f"{_LEVELS}, every b whose rounding leaves so many digits",
        _BITS,
        partial(_has, 2, None),
    ),
    Claim(
        "gha-software",
        BASTOUNIS,
        "Software in wide use returns wrong minimisers with a status that says they are right.",
        "hardness, answers: float solvers on data that float64 holds exactly, answers they claim to be solutions",
        "share of a solver's claims that are wrong by more than 1e-6, the worst solver",
        _confidence,
    ),
    Claim(
        "gha-honest",
        "derived here",
        "Basis pursuit on balls of radius 2^-b answers only what the data decide, and is right wherever it does.",
        "hardness, maps and levels, method interval: every answer, beside the true input's minimiser",
        "log10 of the error over what reading b bits explains (at most 0)",
        _honest,
    ),
    Claim(
        "gha-sharp",
        f"{WIND}; {BASTOUNIS}",
        "If the networks' rates were better than they are, uniformly in the data, they would compute basis pursuit to "
        "an accuracy that no algorithm reaches.",
        "a theorem, which no computation can test",
        "",
        _theorem,
    ),
    Claim(
        "gha-scale-deep",
        f"derived here, after {WIND}",
        "At depth L > 2 the scale that an accuracy needs falls like delta^(L/(L - 2)) with the kink's delta.",
        f"hardness, work: delta <= {SMALL_DELTA:g}, accuracies <= {SMALL_ACCURACY:g}, certified",
        "|log scale needed / log predicted - 1|",
        partial(_scale, False),
    ),
    Claim(
        "gha-scale-shallow",
        f"derived here, after {WIND}",
        "At depth 2 it is exponentially small: about tau^(1/delta) for the accuracy tau.",
        f"hardness, work: delta <= {SMALL_DELTA:g}, accuracies <= {SMALL_ACCURACY:g}, scales down to 2^-4096",
        "|log scale needed / log predicted - 1|",
        partial(_scale, True),
    ),
    Claim(
        "gha-scale-exact",
        "derived here",
        "The scale that an accuracy needs on the kink solves one equation in one unknown (docs/theory.md, The kink).",
        "hardness, work: every delta, accuracy and depth, certified",
        "difference in log10 of the scale",
        _exact_scale,
    ),
    Claim(
        "gha-time",
        "derived here",
        "From that scale the flow takes a time of order 1/delta at every depth: that of its escape from zero.",
        f"hardness, work: delta <= {SMALL_DELTA:g}, the time to within twice the accuracy",
        "|time over predicted time - 1|",
        _time,
    ),
)
"""In the order of their table."""
