"""`dlnflow check`: every file of a results folder is read, and the damaged ones are named with what to do."""

import shutil

import pyarrow as pa
import pytest

from dlnflow.cli import main
from dlnflow.files.instance_files import Block, write_block
from dlnflow.files.sealed import BLANK, DamagedFileError, read_sealed, write_sealed
from dlnflow.files.tables import read_table, write_csv, write_table
from dlnflow.problems.problem import kink


@pytest.fixture
def results(tmp_path):
    """Two problems, and two tables with their exports."""
    folder = tmp_path / "results"
    for number, name in enumerate(("one", "two")):
        write_block(folder / "problems" / name / "trials-0000-0000.npz", Block(name, 0, (kink("0.5"),)))
        table = pa.table({"trial": [number], "x": [[0.5, 1.5]]})
        write_table(folder / "tables" / f"{name}.parquet", table)
        write_csv(folder / "tables" / f"{name}.csv", table)
    return folder


def test_a_folder_that_is_whole_is_said_to_be(results, capsys):
    assert main(["check", str(results)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "0 of 6 files are damaged\n")


def flip(path):
    data = path.read_bytes()
    path.write_bytes(data[:9] + bytes([data[9] ^ 1]) + data[10:])


DAMAGES = {
    "flipped": flip,
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "emptied": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("name", ["problems/one/trials-0000-0000.npz", "tables/two.csv"])
def test_a_damaged_file_is_named_with_the_command_that_makes_it_again(results, capsys, damage, name):
    damage(results / name)
    assert main(["check", str(results)]) == 1
    said = capsys.readouterr()
    assert said.out == f"{results / name}\n"
    assert said.err == (
        "1 of 6 files are damaged; in the folder of the run, with its options, this makes them again: "
        f"snakemake --cores all --force results/{name}\n"
    )


def test_the_export_of_a_damaged_table_is_named_with_it(results, capsys):
    flip(results / "tables/one.parquet")
    assert main(["check", str(results)]) == 1
    assert capsys.readouterr().out == f"{results / 'tables/one.csv'}\n{results / 'tables/one.parquet'}\n"


def test_a_whole_file_in_the_place_of_another_is_found_when_it_is_read(results, capsys):
    shutil.copyfile(results / "tables/one.parquet", results / "tables/two.parquet")
    with pytest.raises(DamagedFileError, match=r"two\.parquet is damaged, or a copy of another result: .*; delete it"):
        read_table(results / "tables/two.parquet")
    assert main(["check", str(results)]) == 1
    assert "tables/two.parquet\n" in capsys.readouterr().out


def test_a_folder_may_be_renamed_and_a_file_that_is_no_result_copied(results, tmp_path):
    results.rename(tmp_path / "results of may")
    assert main(["check", str(tmp_path / "results of may")]) == 0
    write_sealed(tmp_path / "mine", BLANK)
    shutil.copyfile(tmp_path / "mine", tmp_path / "yours")
    assert read_sealed(tmp_path / "yours") == read_sealed(tmp_path / "mine")


def test_a_folder_without_results_is_refused_in_a_sentence(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path} holds no files of a run, expected the results/ of one\n"
