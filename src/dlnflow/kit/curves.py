"""Which rows of a table make a curve or a panel: those of a depth and scale, of basis pursuit, of the largest n."""

import pandas as pd


def of_largest(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with the most features."""
    return cells[cells["features"] == cells["features"].max()]


def basis_pursuit(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the solver of basis pursuit whose name comes first; the others agree with it."""
    solvers = set(rows["method"]) - {"limit"}
    return rows[rows["method"] == min(solvers, default="")]


def depths_of(rows: pd.DataFrame) -> list[float]:
    """The depths, from the least."""
    return sorted(rows["depth"].dropna().unique().tolist())


def scales_of(rows: pd.DataFrame) -> list[str]:
    """The scales, from the largest."""
    scales = rows[["scale", "log10_scale"]].dropna().drop_duplicates("scale")
    return list(scales.sort_values("log10_scale", ascending=False)["scale"])


def network(rows: pd.DataFrame, depth: float, scale: str) -> pd.DataFrame:
    """The rows of one depth and scale."""
    return rows[(rows["depth"] == depth) & (rows["scale"] == scale)]
