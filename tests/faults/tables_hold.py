"""That the tables of the small config hold every cell of its grids once."""

from collections import Counter
from itertools import product

from dlnflow.files.tables import read_table

KEYS = {
    "sharpness": (
        ("problem", "trial", "exact_depth", "scale", "method"),
        set(product(("mine",), (0,), ("2", "3"), ("0.5", "0.1"), ("flow", "limit", "certified"))),
    ),
    "recovery": (
        ("measurements", "trial", "method"),
        set(product((8, 12), (0, 1), ("limit", "highs-ds"))),
    ),
}


def every_row_is_there_once(folder):
    for table, (columns, expected) in KEYS.items():
        rows = read_table(folder / "results" / "tables" / f"{table}.parquet").to_pylist()
        found = Counter(tuple(row[column] for column in columns) for row in rows)
        assert set(found) == expected, f"{table}: {found.keys() ^ expected} are not those of the grid"
        assert found.total() == len(expected), f"{table}: {found}"
    claims = Counter(row["id"] for row in read_table(folder / "results/tables/claims.parquet").to_pylist())
    assert max(claims.values()) == 1, claims
