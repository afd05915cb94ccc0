"""How far a run is: counted and estimated, and seen in a file, in a terminal, and beside a job that fails."""

import json
import os
import pty
import re
import subprocess
import sys

import pytest
from small_run import SMALL, new_folder
from workflow_tools import command, copy_workflow, environment

from dlnflow.assembly.progress import OVERDUE, TRUST, Planned, Progress, duration, rounded
from dlnflow.files.tables import read_table

pytestmark = pytest.mark.long

LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  (\d+)/(\d+) jobs  ([\d ]+)/([\d ]+) cells  \S+ cells/s"
    r"  (about .* left|[\d.]+ \w+)"
)


def three_jobs():
    return Progress({1: Planned("a", 10, 30.0), 2: Planned("a", 20, 60.0), 3: Planned("b", 0, 600.0)}, 2, began=0.0)


def test_what_is_done_is_counted_once():
    run = three_jobs()
    run.start([1, 2], 0.0)
    run.finish(1, 30.0)
    run.finish(99, 31.0)
    assert (run.done, run.cells, run.all_cells) == (1, 10, 30)
    run.fail(2)
    run.start([2], 40.0)
    run.finish(2, 50.0)
    run.start([3], 50.0)
    run.finish(3, 90.0)
    assert (run.done, run.cells) == (3, 30)
    assert run.line(90.0) == "3/3 jobs  30/30 cells  0.33 cells/s  90 s"


def test_the_rest_takes_as_long_as_predicted_if_jobs_do():
    run = three_jobs()
    assert run.seconds_left(0.0) == 600  # the longest, for the others fit beside it
    run.start([1, 3], 0.0)
    run.finish(1, 30.0)
    run.start([2], 30.0)
    assert run.seconds_left(30.0) == 570
    run.finish(3, 600.0)
    # the second job should have ended by now, and is given a part of what it has run
    assert run.seconds_left(630.0) == pytest.approx(OVERDUE * 600)


def test_a_slow_machine_takes_as_much_longer_for_the_rest():
    run = Progress({key: Planned("a", 1, TRUST) for key in range(12)}, 1, began=0.0)
    for key in range(9):
        run.start([key], 3 * TRUST * key)
        run.finish(key, 3 * TRUST * (key + 1))
    # nine jobs took three times what was predicted; one more is believed to have been as predicted
    assert run.seconds_left(27 * TRUST) == pytest.approx(3 * TRUST * (27 + 1) / (9 + 1))


def test_many_short_jobs_are_shared_among_the_cores():
    run = Progress({key: Planned("a", 1, 10.0) for key in range(100)}, 4, began=0.0)
    assert run.seconds_left(0.0) == pytest.approx(250)
    assert run.line(100.0).endswith("100 jobs  0/100 cells  0 cells/s  about 4 min left")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (99, "99 s"), (840, "14 min"), (9000, "2.5 h"), (10**6, "11.6 days")]
)
def test_a_duration_has_a_unit_that_suits_it(seconds, text):
    assert duration(seconds) == text


def test_thousands_stand_apart_and_small_numbers_have_two_digits():
    assert [rounded(number) for number in (0.347, 3.47, 34.7, 1234.5)] == ["0.35", "3.5", "35", "1 234"]


def with_plugin(repo):
    return environment() | {"PYTHONPATH": str(repo / "src"), "TERM": "xterm", "COLUMNS": "100"}


@pytest.fixture(scope="module")
def watched(repo, tmp_path_factory):
    """A run of the small config whose terminal is a file, and what a dry run had said of its jobs."""
    folder = new_folder(tmp_path_factory.mktemp("watched") / "a run")
    (folder / "small.yaml").write_text(SMALL)
    call = [*command(repo, folder, folder / "small.yaml"), "--logger=dlnflow"]
    dry = subprocess.run(
        [*call, "--logger-dlnflow-jobs", folder / "jobs", "--dry-run"],
        env=with_plugin(repo), capture_output=True, text=True, check=True,
    )  # fmt: skip
    run = subprocess.run(call, env=with_plugin(repo), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return folder, dry, run


def test_in_a_file_the_numbers_add_up(watched):
    folder, _, run = watched
    lines = LINE.findall(run.stderr)
    assert len(lines) >= 2
    done, jobs, cells, all_cells, left = lines[-1]
    assert done == jobs
    assert cells == all_cells
    assert not left.startswith("about")
    assert "\x1b" not in run.stderr
    assert "\r" not in run.stderr
    # what each job says of itself stays in Snakemake's own log
    assert "rule make_problem:" not in run.stderr
    [log] = (folder / ".snakemake" / "log").glob("*.log")
    assert log.read_text().count("rule make_problem:") == 2


def test_the_cells_of_the_jobs_are_the_rows_of_their_results(watched):
    folder, _, run = watched
    rows = len(read_table(folder / "results/tables/sharpness.parquet").to_pylist())
    trajectories = 1  # of many rows
    [cells] = {int(line[3]) for line in LINE.findall(run.stderr)}
    assert cells == rows + trajectories


def test_a_dry_run_lists_every_job_and_says_nothing(watched):
    folder, dry, run = watched
    jobs = [json.loads(line) for line in (folder / "jobs").read_text().splitlines()]
    [count] = {int(line[1]) for line in LINE.findall(run.stderr)}
    assert len(jobs) == count
    assert sum(job["load"].get("cells", 0) for job in jobs) == int(LINE.findall(run.stderr)[0][3])
    assert all((folder / file).exists() for job in jobs for file in job["outputs"])
    assert "rule " not in dry.stderr


def test_the_plan_of_a_finished_run_has_nothing_to_do_and_of_a_longer_one_the_rest(repo, watched):
    folder, _, run = watched

    def planned(config):
        (folder / "planned.yaml").write_text(config)
        options = command(repo, folder, folder / "planned.yaml")[3:]
        call = [sys.executable, repo / "scripts" / "plan_run.py", *options]
        return subprocess.run(call, env=with_plugin(repo), capture_output=True, text=True, check=True).stdout

    assert "Nothing is to be done." in planned(SMALL)
    text = planned(SMALL.replace("scales: [1, 0.1]", "scales: [1, 0.1, 1e-30]"))
    # a new band of decades: one scale by three methods of two problems
    [cells] = {int(line[3]) for line in LINE.findall(run.stderr)}
    assert re.search(rf"^all +\d+ of \d+ +6 of {cells + 6} ", text, re.MULTILINE)


def test_in_a_terminal_one_line_stays_below_what_fails(repo, tmp_path):
    broken = copy_workflow(repo, tmp_path / "broken")
    stage = broken / "src" / "dlnflow" / "experiments" / "named_problems" / "stages" / "find_minimisers.py"
    assert stage.exists()
    stage.write_text('raise SystemExit("no minimiser today")\n')
    folder = new_folder(tmp_path / "a run")
    (folder / "small.yaml").write_text(SMALL)
    target = "results/minimisers/small/trials-0000-0000.parquet"
    start, rest = (call := command(broken, folder, folder / "small.yaml"))[:3], call[3:]
    code, shown = in_terminal([*start, target, *rest, "--logger=dlnflow"], with_plugin(broken))
    assert code == 1
    lines = LINE.findall(shown)
    assert lines[0][:2] == ("0", "2")
    assert lines[-1][:2] == ("1", "2")
    # the line is wiped before each message, so that none is glued to it
    for message in ("no minimiser today", "Error in rule find_minimisers:"):
        [found] = [part for part in re.split(r"\r\x1b\[2K|\r?\n", shown) if message in part]
        assert " jobs  " not in found
    assert shown.endswith("left\r\n") or shown.rstrip().endswith("\x1b[0m")


def in_terminal(call, environment):
    """The exit code, and what a terminal is sent."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(call, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    parts = []
    while True:
        try:
            parts.append(os.read(ours, 65536))
        except OSError:  # Linux's end of a terminal
            break
    os.close(ours)
    return process.wait(), b"".join(parts).decode()
