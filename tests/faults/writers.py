"""Processes that write one file at once and are killed meanwhile, beside others that read it."""

import multiprocessing
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pyarrow as pa

from dlnflow.assembly.killed_runs import remove_half_written
from dlnflow.files.sealed import TEMPORARY
from dlnflow.files.tables import read_table, write_table

ROWS = 20_000
WRITERS, READERS = 3, 2

# processes start at once where the modules are imported; a process has one forkserver, and that of the tests and of the
# campaign is workflow_tools's, so that all this has a process of its own
FORKS = multiprocessing.get_context("forkserver")


def said_of(folder, kills, seed):
    """What `contended` says, in a process of its own."""
    call = [sys.executable, __file__, folder, str(kills), str(seed)]
    return subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def contended(folder, kills, random):
    """Kill one writer after the other, and go on with others. Says how much was written and read, each time whole."""
    path = folder / "results" / "one.parquet"
    write_table(path, table_of(0))
    ending, read, written = FORKS.Event(), FORKS.Value("q"), FORKS.RawArray("q", WRITERS)
    readers = [_started(_read, path, ending, read) for _ in range(READERS)]
    writers = [_started(_write, path, number, written) for number in range(WRITERS)]
    for _ in range(kills):
        number = random.randrange(WRITERS)
        before = written[number]
        while written[number] == before:
            assert writers[number].is_alive(), "a writer failed"
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.02))
        _kill(writers[number])
        writers[number] = _started(_write, path, number, written)
    for writer in writers:
        _kill(writer)
    ending.set()
    for reader in readers:
        reader.join()
        assert reader.exitcode == 0, "a reader found what no writer wrote"
    left = len(list(path.parent.glob(TEMPORARY)))
    remove_half_written([folder])
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert read.value
    return (
        f"{WRITERS} writers of one file, {kills} of them killed, and {READERS} readers: {sum(written)} written, "
        f"{read.value} read, each whole; {left} half-written files left and cleared away"
    )


def table_of(number):
    """A table that tells whether all of it is by one writer."""
    return pa.table({"writer": pa.array([number] * ROWS), "row": pa.array(range(ROWS))})


def _started(call, *arguments):
    process = FORKS.Process(target=call, args=arguments, daemon=True)
    process.start()
    return process


def _kill(process):
    process.kill()
    process.join()


def _write(path, number, written):
    while True:
        write_table(path, table_of(number))
        written[number] += 1


def _read(path, ending, read):
    while not ending.is_set():
        found = read_table(path)
        (writer,) = set(found["writer"].to_pylist())
        assert found.equals(table_of(writer))
        with read.get_lock():
            read.value += 1


if __name__ == "__main__":
    FORKS.set_forkserver_preload(["dlnflow.files.tables"])
    print(contended(Path(sys.argv[1]), int(sys.argv[2]), Random(int(sys.argv[3]))))
