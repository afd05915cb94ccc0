"""What a run will take, before it starts: the jobs' loads, the laws of their costs, and the plan."""

import json
import os
import re
import sys
from statistics import fmean

import numpy as np
import pytest
import yaml
from places import ROOT
from workflow_rules import rules_of
from workflow_tools import environment

from dlnflow.assembly.config import read_config
from dlnflow.assembly.cost_fits import Measured, core_seconds, fit_costs
from dlnflow.assembly.costs import FIGURE, OTHER, Costs, Job, Law, read_costs
from dlnflow.assembly.plan import experiments, plan, spread
from dlnflow.experiments.hardness.jobs import hardness_load, kink_load
from dlnflow.experiments.laws.jobs import law_load
from dlnflow.experiments.layers.jobs import layers_load
from dlnflow.experiments.linear_programs.jobs import descent_load, transport_load
from dlnflow.experiments.named_problems.jobs import problem_load
from dlnflow.experiments.recovery.jobs import recovery_load
from dlnflow.kit.load import load

pytestmark = pytest.mark.long

CONFIG = read_config(yaml.safe_load((ROOT / "config.yaml").read_text()), source="config.yaml")
FULL = ROOT / "workflow" / "presets" / "full.yaml"
ABOUT = {"jobs": 40, "processor": "a processor", "date": "2026-11-22"}


@pytest.mark.parametrize("grid", sorted(CONFIG.hardness.grids))
def test_the_cells_of_readings_are_their_inputs_at_each_scale(grid):
    spec = CONFIG.hardness.grids[grid]
    block = spec.block(spec.exponents[:3])
    found = list(block.inputs(CONFIG.seed))
    m, n = found[0].truth.family.measurements, found[0].truth.family.features
    assert hardness_load(block, 3) == load(3 * len(found), m, n)


@pytest.mark.parametrize("grid", sorted(CONFIG.recovery.grids))
def test_the_load_of_a_tile_is_that_of_its_instances(grid):
    block = min(CONFIG.recovery.grids[grid].tiles.values(), key=lambda tile: len(tile.cells) * tile.features)
    shapes = [instance.problem.A.shape for instance in block.instances(CONFIG.seed)]
    exact = [(1, n, m * m * n) for m, n in shapes]
    assert recovery_load(block, 2) == tuple(2 * sum(parts) for parts in zip(*exact, strict=True))


@pytest.mark.parametrize("name", sorted(CONFIG.problems))
def test_the_load_of_a_problem_knows_its_size(name):
    spec = CONFIG.problems[name]
    assert problem_load(spec, 5, 7) == load(35, *spec.instance(CONFIG.seed, 0).A.shape)


def test_data_that_are_no_problem_have_no_size():
    spec = type(CONFIG.problems["line"])(A="no/such/A.csv", y="no/such/y.csv")
    assert problem_load(spec, 2) == (2, 0, 0)


def test_the_load_of_a_network_counts_its_runs():
    layers = CONFIG.layers
    found = layers_load(layers, "dense-relu")
    # two starts and the largest tiny one at every tolerance and step, the other tiny ones at one tolerance
    runs = 3 * (len(layers.tolerances) + len(layers.steps)) + len(layers.tiny) - 1
    assert found.cells == runs * layers.networks["dense-relu"].trials
    # each sample's six and five units
    assert found.unknowns == found.cells * 10 * (6 + 5)
    linear = layers_load(layers, "dense-linear")
    assert (linear.cells, linear.unknowns) == (found.cells, 0)
    # three channels at five places, then at three
    assert layers_load(layers, "conv-relu").unknowns == found.cells * 6 * (3 * 5 + 3 * 3)


def test_the_load_of_a_law_of_transport_and_of_descent():
    block = next(iter(CONFIG.laws.ensembles["gaussian"].blocks.values()))
    once = load(len(block.trials), block.measurements, block.features)
    assert law_load([block, block]) == tuple(2 * part for part in once)
    programs = CONFIG.linear_programs
    clouds = programs.transport.problems["clouds"].problem
    assert transport_load(clouds, 3).unknowns == 3 * 40 * 50
    assert descent_load(programs.descent, "vertex").cells == len(programs.descent.steps) + 1
    assert descent_load(programs.descent, "larger-transport") == (1, 120, 0)
    assert kink_load([1, 10], 3) == (6, 66, 0)


@pytest.mark.parametrize(
    ("seconds", "processor", "expected"),
    [
        (0.3, None, 0.3),  # too quick to be sampled
        (10.2, 10.0, 10.2),  # sampled up to 10.0 on a core of its own
        (10.2, 5.0, 5.1),  # half of a core until the last sample, and after it
        (45.0, 15.5, 45.0),  # sampled up to 15.5
        (45.6, 20.0, 20.0 * 45.6 / 45.5),  # and at 45.5
        (10.2, 19.0, 10.2),  # two threads
    ],
)
def test_the_processor_time_of_a_job_goes_on_as_it_was_sampled(seconds, processor, expected):
    assert core_seconds(seconds, processor) == pytest.approx(expected)


def made_up(rule, cells, unknowns, work, depth, noise=1.0):
    """A job that takes a second, 10 ms a cell and 0.1 µs a product, half as much again at depth 2."""
    job = Job(rule, {"depth": depth}, {"cells": cells, "unknowns": unknowns, "work": work}, (), (f"{rule}-{cells}",))
    seconds = 1 + (0.01 * cells + 1e-7 * work) * (1.5 if depth == "2" else 1)
    return Measured(job, {"start": 1.0, **job.load}, seconds * noise, (5000 + 8 * unknowns,))


def test_a_law_is_found_again_and_holds_at_other_sizes():
    rng = np.random.default_rng(2307)
    sizes = [(cells, n * cells, 10 * n**3 * cells // 2) for cells in (20, 100, 500) for n in (10, 40, 100)]
    rows = [made_up("solve", *size, depth, rng.uniform(0.9, 1.1)) for size in sizes for depth in ("2", "3", "4")]
    costs = fit_costs(rows, ABOUT)
    others = [made_up("solve", 300, 300 * n, 300 * 10 * n**3 // 2, depth) for n in (20, 200) for depth in ("2", "7_2")]
    for row, estimate in zip(others, costs.estimates([row.job for row in others]), strict=True):
        # noise of 10 % in 27 jobs, half of them small beside what is predicted
        assert estimate.seconds == pytest.approx(row.seconds, rel=0.1)
        assert estimate.bytes == pytest.approx(sum(row.sizes), rel=0.1)
    assert [estimate.is_beyond for estimate in costs.estimates([row.job for row in others])] == [False] * 2 + [True] * 2
    # uniform within 10 %: a standard deviation of 6 %
    assert costs.spread["solve"] == pytest.approx(0.06, abs=0.03)


def test_no_law_is_negative_and_one_size_alone_is_shared_out():
    rows = [made_up("once", 100, 4000, 32_000_000, "3", noise) for noise in (0.8, 1.0, 1.2)]
    law = fit_costs(rows, ABOUT).seconds["once"]
    assert all(factor >= 0 for factor in law.coefficients.values())
    assert law.of(rows[0].features, 3.0) == pytest.approx(fmean(row.seconds for row in rows), rel=0.02)
    # beyond its start-up of a second, a third grows with each part of the load
    parts = [law.coefficients[name] * rows[0].features[name] for name in ("cells", "unknowns", "work")]
    assert parts == pytest.approx([parts[0]] * 3, rel=0.05)


def test_solvers_have_laws_of_their_own():
    slow, quick = (
        Measured(Job("solve", {"solver": name}, {"cells": 10}), {"start": 1.0, "cells": 10}, seconds, (1,))
        for name, seconds in (("slow", 50.0), ("quick", 2.0))
    )
    costs = fit_costs([slow, quick], ABOUT)
    jobs = [Job("solve", {"solver": name}, {"cells": 10}, (), ("file",)) for name in ("slow", "quick", "unknown")]
    seconds = [estimate.seconds for estimate in costs.estimates(jobs)]
    assert seconds[:2] == pytest.approx([50, 2], rel=0.05)
    assert 2 < seconds[2] < 50


def test_figures_have_one_law_though_each_has_a_rule():
    first, second, other = (Job(f"plot_{name}", outputs=(f"figures/laws/{name}.pdf",)) for name in "abc")
    costs = fit_costs([Measured(job, {"start": 1.0, "megabytes": 2.0}, 3.0, (9,)) for job in (first, second)], ABOUT)
    assert set(costs.seconds) == {FIGURE, OTHER}
    assert costs.kind_of(other) == FIGURE


def flat(seconds, size, **more):
    """Costs of a rule's jobs, and of all others."""
    laws = {"solve": Law({"cells": seconds}), "merge": Law({"megabytes": 2.0}), OTHER: Law({"start": 3.0})}
    files = {"solve": (Law({"cells": size}),), "merge": (Law({"megabytes": 1e6}), Law({"megabytes": 4e6}))}
    return Costs(laws, files | {OTHER: (Law({"start": 7.0}),)}, {}, {"solve": 0.5, "merge": 0.1, OTHER: 1.0}, ABOUT)


def grid_of_jobs():
    solved = [Job("solve", {}, {"cells": 100 * (i + 1)}, (), (f"results/{i}.parquet",)) for i in range(3)]
    merge = Job("merge", {}, {}, tuple(job.outputs[0] for job in solved), ("results/t.parquet", "results/t.csv"))
    figure = Job("plot", {}, {}, ("results/t.parquet",), ("figures/laws/a.pdf", "figures/laws/a.svg"))
    verdict = Job("judge", {}, {}, ("results/t.parquet",), ("results/claims.parquet",))
    return [Job("all", {}, {}, ("figures/laws/a.pdf",)), verdict, figure, merge, *solved]


def test_what_a_job_reads_is_as_large_as_what_others_are_predicted_to_write():
    costs = flat(0.01, 1e4)
    target, verdict, figure, merge, *solved = costs.estimates(grid_of_jobs())
    assert [estimate.bytes for estimate in solved] == pytest.approx([1e6, 2e6, 3e6])
    assert merge.seconds == pytest.approx(12)
    assert list(merge.sizes.values()) == pytest.approx([6e6, 24e6])
    assert (figure.seconds, figure.bytes) == (3, 14)
    assert (verdict.seconds, target.seconds) == (3, 0)


def test_a_job_belongs_to_the_experiment_whose_figures_need_it():
    assert experiments(grid_of_jobs()) == ["claims", *["laws"] * 6]
    other = Job("plot", {}, {}, ("results/2.parquet",), ("figures/recovery/b.pdf",))
    unlike = Job("judge", {}, {}, ("results/1.parquet", "results/2.parquet"), ("results/claims.parquet",))
    # in the order of the config: what two experiments need is counted with the first
    found = experiments([other, unlike, *grid_of_jobs()[2:]])
    assert found == ["recovery", "claims", *["laws"] * 4, "recovery"]


def test_the_plan_counts_what_is_there_as_done():
    jobs, costs = grid_of_jobs(), flat(36, 1e7)
    table = plan(jobs, [*jobs[:4], jobs[6]], costs)
    rows = {line.split()[0]: line for line in table.splitlines() if line}
    # 300 of 600 cells of 36 s are 3 h, the merge reads 6 GB at 2 s a megabyte, the figure and verdict take 3 s each
    assert re.match("laws +4 of 6 ", rows["laws"])
    assert "300 of 600" in rows["all"]
    assert f"{(300 * 36 + 6000 * 2 + 6) / 3600:.2f}" in rows["all"]
    assert "3.3 h (merge)" in rows["all"]
    assert "Jobs whose files are there and up to date are not estimated." in table
    assert "Nothing is to be done." in plan(jobs, [], costs)


def test_the_spread_of_a_total_is_that_of_its_largest_parts():
    jobs, costs = grid_of_jobs(), flat(36, 1e7)
    pairs = list(zip(jobs, costs.estimates(jobs), strict=True))
    seconds = {"solve": 600 * 36, "merge": 6000 * 2, OTHER: 6}
    off = sum(time * costs.spread[kind] for kind, time in seconds.items()) / sum(seconds.values())
    assert spread(pairs[1:], costs) == pytest.approx(np.exp(off))


def test_the_stored_laws_know_every_rule_that_has_cells(tmp_path):
    costs = read_costs()
    counted = {name for name, rule in rules_of(tmp_path).items() if "cells" in rule["computed"]}
    assert len(counted) >= 20
    assert counted <= set(costs.seconds)
    assert all(factor >= 0 for law in costs.seconds.values() for factor in law.coefficients.values())
    assert {FIGURE, "merge_table"} <= set(costs.seconds)


def test_laws_are_read_as_they_are_written(tmp_path):
    costs = fit_costs([made_up("solve", cells, 3 * cells, 7, depth) for cells in (9, 99) for depth in "23"], ABOUT)
    (tmp_path / "costs.json").write_text(costs.to_json())
    assert read_costs(tmp_path / "costs.json").to_json() == costs.to_json()


def test_the_full_preset_holds_a_million_cells_and_is_planned_in_a_minute(tmp_path):
    jobs = tmp_path / "jobs"
    call = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", tmp_path / "full"]
    call += ["--configfile", FULL, "--replace-workflow-config", "--dry-run", "--logger=dlnflow"]
    call += ["--logger-dlnflow-jobs", jobs]
    pid = os.posix_spawn(sys.executable, list(map(str, call)), environment() | {"PYTHONPATH": str(ROOT / "src")})
    _, status, used = os.wait4(pid, 0)
    assert status == 0
    # processor time, for a test's clock depends on what else runs; 2 GB in the kilobytes of Linux
    assert used.ru_utime + used.ru_stime < 60
    assert used.ru_maxrss < 2 * 10**6
    found = [json.loads(line) for line in jobs.read_text().splitlines()]
    assert sum(job["load"].get("cells", 0) for job in found) > 10**6
    assert len(found) == len({(*job["outputs"], job["rule"]) for job in found})
    assert 2000 < len(found) < 3000
