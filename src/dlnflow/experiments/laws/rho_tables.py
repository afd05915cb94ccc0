"""The tables of rho over ensembles: measured on random instances, and its limit for large Gaussian data."""

from dlnflow.files.column_kinds import ROW_KEY
from dlnflow.files.tables import COUNT, FLAG, REAL, TEXT, schema_of

RHOS = schema_of(
    "grid features undersampling trial measurements entries",
    grid=(TEXT, "name in the config", ROW_KEY),
    ensemble=(TEXT, "the distribution of A"),
    signal=(TEXT, "an ensembles.Signal"),
    features=(COUNT, "n", ROW_KEY),
    measurements=(COUNT, "m", ROW_KEY),
    entries=(COUNT, "s, the entries of x0 that are not 0", ROW_KEY),
    undersampling=(REAL, "m/n"),
    density=(REAL, "s/n"),
    trial=(COUNT, "number of the instance, from 0", ROW_KEY),
    status=(TEXT, "converged: both float programs agree with the exact rho to 1e-9; stalled: they do not; failed"),
    message=(TEXT, "why an instance failed, or by how much the programs differ, else empty"),
    is_unique=(FLAG, "whether basis pursuit has one minimiser alone; null if it failed"),
    is_recovered=(FLAG, "whether that minimiser is x0, exactly; null likewise"),
    rho=(REAL, "of basis pursuit's minimiser: depth 2's error falls like eps^(1 - rho); null if not defined"),
    exact_rho=(TEXT, "rho as a ratio"),
    rho_primal=(REAL, "min max |a_j.nu| over certificates nu, in float64; null without an answer"),
    rho_dual=(REAL, "max -sigma.n_T over kernel directions n, in float64; null without an answer"),
    disagreement=(REAL, "the greatest difference between two of the three; null unless there are three"),
)
"""What a job writes: a row an instance."""

RHO_LIMITS = schema_of(
    "undersampling",
    signal=(TEXT, "signed, or nonnegative", ROW_KEY),
    undersampling=(REAL, "m/n", ROW_KEY),
    density=(REAL, "s/n; the last of each m/n is basis pursuit's threshold"),
    rho=(REAL, "its limit as n -> infinity; 1 at the threshold"),
)
"""The limit of rho along s/n, for Gaussian A."""
