"""What may differ in a column of a table between two machines: the last word of its entry in a schema.

Left out, it is ROUNDED for reals and EXACT for all else.
"""

import pyarrow as pa

ROW_KEY = "key"
"""Tells the rows of a table apart, with the other keys, and where that is not enough by their order."""
EXACT = "exact"
"""The same everywhere: text, counts and flags that follow from the data by exact or certified steps."""
ROUNDED = "rounded"
"""A real that some operations in float64 make of such: the same to ROUNDING of its size."""
STATUS = "status"
"""How a cell ended, and in which words. Of a certified or exact cell it is the same; of one in float64 it may differ
near the border of two, but not between failed and anything else."""
COUNTED = "counted"
"""What it took and how much was proved: iterations, precision, radii, certificates. It may differ, and is reported."""
SOLVER = "solver"
"""A float solver's own answer, which promises a tolerance and no bits. It may differ, and is counted; so may all but
the keys in a row whose method is a float solver."""
SAMPLED = "sampled"
"""Where an integrator or a descent was looked at, which rounding moves. It may differ, and so may the number of such
rows: of a run the first and the last are compared."""
UNSTABLE = "unstable"
"""What descent came to past the step at which its limits are stable: rounding leads elsewhere. It may differ."""
TIME = "time"
"""Of a clock, or of the machine: left out."""

ROUNDING = 2.0**-40
"""1e-12, thousands of roundings of float64: two versions of the C library differ by one of exp or log."""
BOUNDED, OVER, WITHIN, RELATIVE = "bounded by ", " over ", "within ", "relative "


def bounded(by: str, over: str = "") -> str:
    """Off by no more than what stands in the column `by` of both rows together, and ROUNDING.

    over: a column in whose units the difference is, and the bound is not. Where a column is named log10_, what it is
    the logarithm of is compared; of vectors the 2-norm.
    """
    return f"{BOUNDED}{by}{OVER}{over}" if over else BOUNDED + by


def within(tolerance: float) -> str:
    """Off by no more than that, in units of 1 or of its size if it is more; of vectors the 2-norm."""
    return f"{WITHIN}{tolerance:g}"


def relative(tolerance: float) -> str:
    """Off by no more than that in units of its size; of vectors the 2-norm."""
    return f"{RELATIVE}{tolerance:g}"


def bounds_of(kind: str) -> list[str]:
    """The columns that a kind names."""
    return kind.removeprefix(BOUNDED).split(OVER) if kind.startswith(BOUNDED) else []


def kind_of(field: pa.Field) -> str:
    """The kind of a column, as its schema or its file says."""
    told = (field.metadata or {}).get(b"kind")
    return told.decode() if told else default_kind(field.type)


def default_kind(type_: pa.DataType) -> str:
    """Of a column that does not say its kind."""
    entry = type_.value_type if pa.types.is_list(type_) else type_
    return ROUNDED if pa.types.is_floating(entry) else EXACT
