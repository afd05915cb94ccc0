"""Linear programs in the config: what is told to the jobs, and what is refused in one sentence before any runs."""

import copy
import json

import highspy
import numpy as np
import pytest
import yaml
from stage_tools import read_again

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError
from dlnflow.config.program_entries import program_spec

BASE = yaml.safe_load(
    """
problems: {line: {A: [[1, 1, 1], [3, 0, 1]], y: [3, 3]}}
linear_programs:
  inverse_lams: {from: 8, to: 24, by: 8}
  programs: {corner: {family: vertex, size: [2, 5]}, typed: {A: [[1, 0.1]], b: [1], c: [1, "1/3"]}}
  ensembles: {vertex: {family: vertex, sizes: [[2, 5], [3, 6]], trials: 70}}
  descent: {programs: {corner: {program: {family: vertex, size: [2, 5]}, lam: 0.5}}, steps: [0.1], traced: [0.1]}
"""
)

POINTS = {"sources": 3, "targets": 4}


def with_entry(path, value):
    """The config with another entry at a path."""
    config = copy.deepcopy(BASE)
    at = config["linear_programs"]
    *keys, last = path
    for key in keys:
        at = at[key]
    at[last] = value
    return config


def test_jobs_stand_at_absolute_places_and_programs_survive_the_command_line():
    found = read_config(BASE).linear_programs
    assert found.inverse_lams == (8, 16, 24)
    blocks = found.ensembles["vertex"].blocks
    assert list(blocks) == [
        f"m-{m}_n-{n}_{trials}" for m, n in ((2, 5), (3, 6)) for trials in ("trials-0000-0063", "trials-0064-0127")
    ]
    last = blocks["m-3_n-6_trials-0064-0127"]
    assert last.trials == tuple(range(64, 70))
    assert read_again(last) == last
    for name, spec in found.programs.items():
        again = program_spec(json.loads(spec.as_json()))
        assert again.as_json() == spec.as_json(), name
        first, second = spec.program(3), again.program(3)
        assert (first.exact_A, first.exact_c) == (second.exact_A, second.exact_c)
    assert found.programs["typed"].program(0).rational_A[0][1] * 10 == 1  # as typed


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("programs", "new"), {"family": "corner", "size": [2, 5]}, "linear_programs.programs.new.family is 'corner'"),
        (("programs", "new"), {"family": "vertex", "size": [5, 5]}, "[5, 5] is no size, expected [m, n] with m < n"),
        (("programs", "new"), {"family": "pursuit", "size": [4, 9]}, "expected an even n above 2 m"),
        (("programs", "new"), {}, "expected A, b and c, or one of the keys file and family"),
        (("programs", "new"), {"A": [[1, 1]], "b": [1], "c": [1]}, "linear_programs.programs.new: c has 1 entries"),
        (
            ("programs", "new"),
            {"A": [[1, 1]], "b": [-1], "c": [1, 1]},
            "linear_programs.programs.new: A x = b has no solution x >= 0, expected a linear program with one",
        ),
        (
            ("programs", "new"),
            {"A": [[1, -1]], "b": [1], "c": [-1, 0]},
            "linear_programs.programs.new: c.x falls without bound along a ray of {A x = b, x >= 0}",
        ),
        (("programs", "new"), {"A": [[1, 1]], "b": [0], "c": [1, 1]}, "linear_programs.programs.new: b is zero"),
        (
            ("programs", "new"),
            {"A": [[1, 0], [0, 1]], "b": [1, 1], "c": [1, 1]},
            "programs.new: A has rank 2, the number",
        ),
        (
            ("descent", "programs", "new"),
            {"program": {"A": [[1, 1]], "b": [-1], "c": [1, 1]}, "lam": 1},
            "linear_programs.descent.programs.new: A x = b has no solution x >= 0",
        ),
        (
            ("descent", "programs", "new"),
            {"program": {"A": [[1, 1]], "b": [1], "c": [-1, 0]}, "lam": 1e-3},
            "linear_programs.descent.programs.new: exp(-c/lam) at lam = 1e-3 is beyond float64",
        ),
        (
            ("descent", "programs", "new"),
            {"program": {"file": "absent.npz"}, "lam": 1},
            "linear_programs.descent.programs.new: absent.npz does not exist",
        ),
        (("descent", "traced"), [0.2], "linear_programs.descent: traced holds 0.2, expected one of the steps"),
        (("transport",), {"problems": {"a": {"problem": POINTS}}}, "a: expected one of the keys lams and pictured"),
        (("transport",), {"problems": {"a": {"problem": POINTS, "lams": ["1e-400"]}}}, "expected at least 1e-16"),
        (
            ("transport",),
            {"problems": {"a": {"problem": {"side": 100, "source": "disc", "target": "ring"}, "lams": [0.1]}}},
            "plans of 10000 x 10000 points, expected at most",
        ),
        (
            ("transport",),
            {
                "problems": {"a": {"problem": POINTS, "lams": [0.1]}},
                "times": {"sizes": [1], "lam": 0.1, "tolerance": 1e-9},
            },
            "sizes holds 1, expected at least 2 points",
        ),
        (("inverse_lams",), [8, 2**21], "inverse_lams goes to 2097152, expected at most 1048576"),
        (("programs", "new"), {"file": "absent.mps"}, "linear_programs.programs.new: absent.mps does not exist"),
        (("programs", "new"), {"family": "vertex", "size": [2, 5], "depth": 2}, "the key 'depth' is not known here"),
        (("programs",), {}, "linear_programs.programs is {}, expected at least one entry"),
        (("inverse_lams",), [0, 8], "expected at least 1"),
        (("largest",), 2**30, "linear_programs.largest is 1073741824, expected at most 1048576"),
        (("ensembles", "vertex", "trials"), 0, "linear_programs.ensembles.vertex.trials is 0, expected at least 1"),
        (("ensembles", "vertex", "sizes"), [[6, 7]], None),
        (("ensembles", "vertex"), {"family": "degenerate", "sizes": [[1, 7]], "trials": 1}, "plants 0 columns"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(path, value, said):
    if said is None:
        read_config(with_entry(path, value))
        return
    with pytest.raises(ConfigError) as caught:
        read_config(with_entry(path, value))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_users_own_files_are_inputs_of_their_job(tmp_path):
    np.savez(tmp_path / "mine.npz", A=[[1.0, 2.0, 1.0]], b=[1.0], c=[1.0, 1.0, 3.0])
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.addVar(0, 4)
    solver.changeColCost(0, 1.0)
    solver.addRow(1.0, 2.0, 1, np.array([0]), np.array([1.0]))
    solver.writeModel(str(tmp_path / "mine.mps"))
    for name in ("mine.npz", "mine.mps"):
        config = read_config(with_entry(("programs", "mine"), {"file": str(tmp_path / name)}))
        spec = config.linear_programs.programs["mine"]
        assert spec.files == [str(tmp_path / name)]
        assert spec.program(0).variables >= 3
