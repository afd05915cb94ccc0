"""Result files: whole or absent, refused by name when a byte is wrong, and the same bytes for the same rows."""

import csv
import math
import os
import stat

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlnflow.experiments.named_problems.tables import CELLS, MINIMISERS, RATES, RESULTS, TRAJECTORIES
from dlnflow.files import sealed
from dlnflow.files.instance_files import Block, read_block, write_block
from dlnflow.files.sealed import BLANK, TAG, DamagedFileError, read_sealed, write_atomically, write_sealed
from dlnflow.files.tables import concatenate, read_frame, read_table, write_csv, write_rows, write_table
from dlnflow.problems.problem import kink


def cell(**changes):
    row = {
        "problem": "line",
        "trial": 0,
        "depth": 3.0,
        "exact_depth": "3",
        "scale": "1e-100",
        "log10_scale": -100.0,
        "method": "limit",
        "engine": "float64",
        "status": "converged",
        "message": "",
        "residual": 1e-16,
        "log10_radius": -15.5,
        "iterations": 7,
        "precision_bits": 53,
        "x": [0.1, 5e-324, -1.7976931348623157e308],
        "nu": [1 / 3],
        "nu_midpoint": ["1p-2"],
        "nu_radius": None,
    }
    return row | changes


FAILED_CELL = cell(
    scale="1e-9", log10_scale=-9.0, status="failed", message="why", residual=None, log10_radius=None, x=None, nu=None
)


def small_parquet(path):
    write_table(path, pa.table({"depth": [2.0, 3.0]}))
    return read_table


def small_npz(path):
    write_block(path, Block("kink", 0, (kink("0.5"),)))
    return read_block


WRITERS = pytest.mark.parametrize("write", [small_parquet, small_npz], ids=["parquet", "npz"])


@WRITERS
def test_every_single_byte_that_flips_is_found_and_the_file_named(tmp_path, write):
    path = tmp_path / "small.file"
    read = write(path)
    data = path.read_bytes()
    read(path)
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :])
        with pytest.raises(DamagedFileError) as caught:
            read(path)
        assert str(path) in str(caught.value)


@WRITERS
def test_a_file_cut_at_any_length_is_found_and_so_is_what_is_added(tmp_path, write):
    path = tmp_path / "small.file"
    read = write(path)
    data = path.read_bytes()
    for damaged in [
        *(data[:length] for length in range(0, len(data), 5)),
        data[:-1],
        data + b"\0",
        data + data,
        b"\0" + data,
    ]:
        path.write_bytes(damaged)
        with pytest.raises(DamagedFileError, match=r"small\.file is damaged"):
            read(path)


@WRITERS
def test_any_damage_is_found(tmp_path, write):
    path = tmp_path / "small.file"
    read = write(path)
    data = path.read_bytes()

    @settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, len(data) - 1), st.binary(min_size=1, max_size=80))
    def overwrite(place, junk):
        damaged = data[:place] + junk + data[place + len(junk) :]
        path.write_bytes(damaged)
        if damaged == data:
            read(path)
        else:
            with pytest.raises(DamagedFileError):
                read(path)

    overwrite()


def test_a_file_of_zeros_and_the_file_of_another_kind_are_refused(tmp_path):
    path = tmp_path / "table.parquet"
    path.write_bytes(bytes(5000))
    with pytest.raises(DamagedFileError, match=r"table\.parquet"):
        read_table(path)
    small_npz(path)  # sealed, and no table
    with pytest.raises(DamagedFileError, match=r"table\.parquet is no table that dlnflow wrote"):
        read_table(path)
    small_parquet(path)
    with pytest.raises(DamagedFileError, match=r"table\.parquet is no problem file that dlnflow wrote"):
        read_block(path)


def test_a_parquet_file_that_something_else_wrote_is_refused(tmp_path):
    pq.write_table(pa.table({"depth": [2.0]}), tmp_path / "other.parquet")
    with pytest.raises(DamagedFileError, match=r"other\.parquet"):
        read_table(tmp_path / "other.parquet")


def test_sealed_files_are_still_parquet_and_npz_to_others(tmp_path):
    small_parquet(tmp_path / "table.parquet")
    assert pd.read_parquet(tmp_path / "table.parquet")["depth"].tolist() == [2, 3]
    small_npz(tmp_path / "block.npz")
    with np.load(tmp_path / "block.npz") as archive:
        assert archive["A"].shape == (1, 1, 2)


def test_what_is_sealed_holds_one_blank_seal(tmp_path):
    for data in (b"no seal", BLANK + BLANK, TAG + b"1" * 64, BLANK + TAG):
        with pytest.raises(ValueError, match="expected one blank one"):
            write_sealed(tmp_path / "file", data)
    assert list(tmp_path.iterdir()) == []
    write_sealed(tmp_path / "file", b"before" + BLANK + b"after")
    assert read_sealed(tmp_path / "file").endswith(b"after")


@pytest.mark.parametrize("broken", ["fsync", "replace", "chmod"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, broken):
    path = tmp_path / "table.parquet"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealed.os, broken, fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["table.parquet"]
    assert path.read_bytes() == b"old"


def test_a_file_is_synced_before_it_takes_its_name(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(sealed.os, name, lambda *args, real=real, name=name: (calls.append(name), real(*args))[1])
    write_atomically(tmp_path / "file", b"new")
    assert calls == ["fsync", "replace"]


def test_a_written_file_has_the_rights_that_the_user_asks_for(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "deep" / "file", b"new")
        assert stat.S_IMODE((tmp_path / "deep" / "file").stat().st_mode) == 0o640
        assert os.umask(0o027) == 0o027  # reading the mask has not changed it
    finally:
        os.umask(before)


def test_rows_come_back_as_they_were_written(tmp_path):
    rows = [cell(), FAILED_CELL, cell(log10_radius=-math.inf, residual=math.inf)]
    write_rows(tmp_path / "cells.parquet", CELLS, rows)
    table = read_table(tmp_path / "cells.parquet")
    assert table.to_pylist() == rows
    assert table.schema.equals(CELLS)
    assert table.schema.field("scale").metadata == {b"meaning": b"eps = alpha^L, exact", b"kind": b"key"}


def test_the_same_rows_are_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_rows(tmp_path / name, CELLS, (row for row in [cell(), FAILED_CELL]))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    write_rows(tmp_path / "cells.parquet", CELLS, [])
    assert read_table(tmp_path / "cells.parquet").schema.names == CELLS.names


def test_a_missing_or_unknown_column_is_refused_and_nothing_written(tmp_path):
    missing = cell()
    del missing["residual"]
    for row in (missing, cell(extra=1)):
        with pytest.raises(ValueError, match=r"cells\.parquet: a row has the columns .*expected"):
            write_rows(tmp_path / "cells.parquet", CELLS, [cell(), row])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("changes", [{"trial": "one"}, {"depth": "three"}, {"x": 3.0}, {"scale": 1e-9}])
def test_a_value_of_another_type_is_refused(tmp_path, changes):
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        write_rows(tmp_path / "cells.parquet", CELLS, [cell(**changes)])
    assert list(tmp_path.iterdir()) == []


def test_the_order_of_the_files_does_not_matter(tmp_path):
    rows = [
        cell(problem=problem, trial=trial, method=method, depth=depth, log10_scale=-k, scale=f"1e-{k}")
        for problem in ("line", "plane")
        for trial in (0, 1)
        for method in ("flow", "limit")
        for depth in (2.0, 2.5)
        for k in (1.0, 2.0)
    ]
    files = []
    for index, row in enumerate(rows):
        files.append(tmp_path / f"{index}.parquet")
        write_rows(files[-1], CELLS, [row])
    forward, backward = concatenate(files), concatenate(reversed(files))
    assert forward.equals(backward)
    assert forward.to_pylist() == rows  # scales fall, all else rises


def test_one_damaged_file_of_many_is_named(tmp_path):
    for name in ("good", "bad"):
        write_rows(tmp_path / name, CELLS, [cell()])
    (tmp_path / "bad").write_bytes((tmp_path / "bad").read_bytes()[:-1])
    with pytest.raises(DamagedFileError, match="bad is damaged"):
        concatenate([tmp_path / "good", tmp_path / "bad"])
    with pytest.raises(DamagedFileError, match="bad is damaged"):
        read_frame([tmp_path / "good", tmp_path / "bad"])


def test_a_frame_has_nan_where_a_number_is_missing(tmp_path):
    write_rows(tmp_path / "cells", CELLS, [cell(), FAILED_CELL])
    frame = read_frame([tmp_path / "cells"])
    assert frame["residual"].isna().tolist() == [False, True]
    assert frame["status"].tolist() == ["converged", "failed"]


def test_the_csv_holds_every_digit(tmp_path):
    write_rows(tmp_path / "cells", CELLS, [cell(residual=0.1 + 0.2), FAILED_CELL])
    write_csv(tmp_path / "cells.csv", read_table(tmp_path / "cells"))
    with (tmp_path / "cells.csv").open(newline="") as stream:
        first, second = csv.DictReader(stream)
    assert list(first) == CELLS.names
    assert float(first["residual"]) == 0.1 + 0.2
    assert [float(entry) for entry in first["x"].split(";")] == cell()["x"]
    assert [first["scale"], second["scale"]] == ["1e-100", "1e-9"]
    assert (second["residual"], second["message"]) == ("", "why")


def test_every_column_of_every_table_says_what_it_means():
    for schema in (CELLS, RESULTS, RATES, MINIMISERS, TRAJECTORIES):
        for field in schema:
            assert field.metadata[b"meaning"], field.name
    assert set(CELLS.names) - {"nu_midpoint", "nu_radius"} < set(RESULTS.names)
