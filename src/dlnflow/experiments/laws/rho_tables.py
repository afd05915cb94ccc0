"""The tables of rho over ensembles: measured on random instances, and its limit for large Gaussian data."""

import pyarrow as pa

from dlnflow.files.column_kinds import ROW_KEY
from dlnflow.files.tables import schema_of

_TEXT, _REAL, _COUNT, _FLAG = pa.string(), pa.float64(), pa.int32(), pa.bool_()

RHOS = schema_of(
    "grid features undersampling trial measurements entries",
    grid=(_TEXT, "name in the config", ROW_KEY),
    ensemble=(_TEXT, "the distribution of A"),
    signal=(_TEXT, "an ensembles.Signal"),
    features=(_COUNT, "n", ROW_KEY),
    measurements=(_COUNT, "m", ROW_KEY),
    entries=(_COUNT, "s, the entries of x0 that are not 0", ROW_KEY),
    undersampling=(_REAL, "m/n"),
    density=(_REAL, "s/n"),
    trial=(_COUNT, "number of the instance, from 0", ROW_KEY),
    status=(_TEXT, "converged: both float programs agree with the exact rho to 1e-9; stalled: they do not; failed"),
    message=(_TEXT, "why an instance failed, or by how much the programs differ, else empty"),
    is_unique=(_FLAG, "whether basis pursuit has one minimiser alone; null if it failed"),
    is_recovered=(_FLAG, "whether that minimiser is x0, exactly; null likewise"),
    rho=(_REAL, "of basis pursuit's minimiser: depth 2's error falls like eps^(1 - rho); null if not defined"),
    exact_rho=(_TEXT, "rho as a ratio"),
    rho_primal=(_REAL, "min max |a_j.nu| over certificates nu, in float64; null without an answer"),
    rho_dual=(_REAL, "max -sigma.n_T over kernel directions n, in float64; null without an answer"),
    disagreement=(_REAL, "the greatest difference between two of the three; null unless there are three"),
)
"""What a job writes: a row an instance."""

RHO_LIMITS = schema_of(
    "undersampling",
    signal=(_TEXT, "signed, or nonnegative", ROW_KEY),
    undersampling=(_REAL, "m/n", ROW_KEY),
    density=(_REAL, "s/n; the last of each m/n is basis pursuit's threshold"),
    rho=(_REAL, "its limit as n -> infinity; 1 at the threshold"),
)
"""The limit of rho along s/n, for Gaussian A."""
