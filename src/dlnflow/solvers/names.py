"""The names of the solvers, and whether what they need is installed; importing this imports none of them."""

from collections.abc import Iterable
from importlib.util import find_spec

PACKAGES = {
    "exact": ("highspy",),
    "highs-ds": ("highspy",),
    "highs-ipm": ("highspy",),
    "lars": ("scikit-learn",),
    "clarabel": ("cvxpy", "clarabel"),
    "piqp": ("cvxpy", "piqp"),
    "scs": ("cvxpy", "scs"),
    "osqp": ("cvxpy", "osqp"),
    "spgl1": ("spgl1",),
    "linprog-ds": ("scipy",),
    "linprog-ds-no-presolve": ("scipy",),
    "linprog-ipm": ("scipy",),
    "linprog-ipm-no-presolve": ("scipy",),
}
"""The packages behind each solver. All of them take signed and nonnegative problems."""

INTERVAL = "interval"
"""No solver: basis pursuit on data that are known up to balls, which says so where they leave the answer open."""

TOLERANCES = {
    "exact": 0.0,
    "highs-ds": 1e-10,
    "highs-ipm": 1e-10,
    "lars": 1.2e-7,
    "clarabel": 1e-12,
    "piqp": 1e-12,
    "scs": 1e-12,
    "osqp": 1e-8,
    "spgl1": 1e-10,
} | dict.fromkeys((name for name in PACKAGES if name.startswith("linprog")), 1e-7)
"""What each solver, with the settings that it gets here, promises of its answer by its own documentation: how far it
may be from feasible, and its value from the least. HiGHS: primal_feasibility_tolerance and dual_feasibility_tolerance,
1e-7 by default and in linprog. lars: the penalty that scikit-learn takes for 0. Else the tolerances asked for."""


def check_solvers(names: Iterable[str]) -> None:
    """Refuse a solver that cannot run here, before any job starts.

    Raises ValueError, one sentence, for a name that is not in PACKAGES and for a package that is not installed.
    """
    for name in names:
        if name not in PACKAGES:
            raise ValueError(f"solver {name!r} is not known, expected one of {', '.join(PACKAGES)}")
        for package in PACKAGES[name]:
            if find_spec(package.replace("scikit-learn", "sklearn")) is None:
                raise ValueError(
                    f"solver {name!r} needs the package {package}, which is not installed: "
                    "pip install 'dlnflow[baselines]'"
                )
