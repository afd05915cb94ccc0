"""The identity of the code behind a script follows what the code says, and that alone."""

import shutil
from functools import cache

import pytest
from places import ROOT

from dlnflow.assembly import identity

SCRIPTS = sorted(path.name for path in (ROOT / "scripts").glob("*.py"))

SOLVERS = {"solve_limits.py", "integrate_flow.py", "sample_trajectories.py"}
RECOVERY = {"recover_limits.py", "recover_baselines.py", "judge_recovery.py", "predict_boundaries.py"}
PLOTTERS = {
    f"plot_{figure}.py"
    for figure in ("errors", "kinks", "potentials", "trajectories", "asymptotes", "kink_asymptotes", "crossover")
}
PLOTTERS |= {f"plot_recovery_{figure}.py" for figure in ("diagram", "thresholds", "errors", "samples", "times")}
PLOTTERS |= {f"plot_laws_{figure}.py" for figure in ("exponents", "constants", "depths", "rho", "faces")}
PLOTTERS |= {f"plot_layers_{figure}.py" for figure in ("factorisation", "rank_one", "invariants", "drift", "balance")}
PLOTTERS |= {f"plot_hardness_{figure}.py" for figure in ("map", "levels", "work", "answers")}
PLOTTERS |= {f"plot_program_{figure}.py" for figure in ("errors", "laws")}
PLOTTERS |= {f"plot_programs_{figure}.py" for figure in ("descent", "transport", "values", "times")}
PLOTTERS |= {"plot_explorer.py"}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the package and its scripts, behind which `identities` looks.

    A process reads a file once; a test edits files, and reads again those alone that say something else.
    """
    for part in ("src/dlnflow", "scripts"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    read = identity._read.__wrapped__
    read_once = cache(lambda path, _text: read(path))
    monkeypatch.setattr(identity, "PACKAGE", tmp_path / "src" / "dlnflow")
    monkeypatch.setattr(identity, "_read", lambda path: read_once(path, path.read_bytes()))
    return tmp_path


def identities(copy):
    return {name: identity.code_identity(copy / "scripts" / name) for name in SCRIPTS}


def changed(copy, file, old, new, count=1):
    """The scripts whose identity an edit of one file changes."""
    before = identities(copy)
    path = copy / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))
    after = identities(copy)
    return {name for name in SCRIPTS if before[name] != after[name]}


def modules_behind(script, root=ROOT):
    """The package's modules that a script imports, by their names inside the package."""
    behind = identity._modules_behind(root / "scripts" / script)
    return {path.relative_to(root / "src" / "dlnflow").as_posix() for path in behind}


def test_the_identity_does_not_depend_on_where_the_code_lies(copy):
    assert identities(copy)["solve_limits.py"] == identity.code_identity(copy / "scripts" / "solve_limits.py")
    assert len(set(identities(copy).values())) == len(SCRIPTS)


def test_comments_docstrings_and_layout_change_nothing(copy):
    before = identities(copy)
    for path in [*(copy / "src").rglob("*.py"), *(copy / "scripts").glob("*.py")]:
        text = path.read_text()
        text = text.replace('"""', '"""Quite another text. ', 1) if text.startswith('"""') else text
        text = text.replace("\ndef ", "\n\n\n# a comment\ndef ")
        is_layout = path.name != "explorer_script.py"  # whose lines are text, in another language
        lines = [line.replace(" = ", "  =   ") if is_layout and '"' not in line else line for line in text.splitlines()]
        path.write_text("# a comment\n" + "\n".join(lines) + "\n\n# the end\n")
    assert identities(copy) == before


def test_a_docstring_that_is_changed_added_or_taken_away_changes_nothing(copy):
    head = "def trials_in(block: str, trials: int) -> range:\n"
    docstring = '    """The trials that a block of that name holds, of so many in all."""\n'
    assert changed(copy, "src/dlnflow/blocks.py", head + docstring, head) == set()
    assert changed(copy, "src/dlnflow/blocks.py", head, head + docstring.replace("trials", "instances")) == set()
    assert changed(copy, "src/dlnflow/network.py", '"""', '"""Otherwise said. ') == set()


def test_an_edited_solver_changes_exactly_what_depends_on_it(copy):
    addition = "\nSOMETHING_NEW = 1\n\n"
    for module in ("newton", "limit", "chart", "flow", "selection", "exact_simplex", "comparison", "cells"):
        file = f"src/dlnflow/{module}.py"
        expected = {name for name in SCRIPTS if f"{module}.py" in modules_behind(name, copy)}
        text = (copy / file).read_text()
        assert changed(copy, file, text, text + addition) == expected, module


def test_the_scripts_depend_on_what_they_should():
    for script in SOLVERS | {"find_minimisers.py", "make_problem.py", "compare_cells.py", "merge_tables.py"}:
        assert not any(name.startswith("plots") for name in modules_behind(script)), script
    for script in PLOTTERS:
        assert "plots/style.py" in modules_behind(script)
        # a figure takes a table: no solver, so that an edited solver reaches it through the table alone
        assert not modules_behind(script) & {"newton.py", "limit.py", "flow.py", "basis_pursuit.py", "cells.py"}, script
    assert {"limit.py", "newton.py", "network.py", "tables.py", "sealed.py"} <= modules_behind("solve_limits.py")
    assert {"flow.py", "chart.py"} <= modules_behind("integrate_flow.py")
    assert "flow.py" not in modules_behind("solve_limits.py")
    assert {"basis_pursuit.py", "exact_simplex.py"} <= modules_behind("find_minimisers.py")
    assert {"primal_dual.py", "ensembles.py"} <= modules_behind("recover_limits.py")
    assert {"solvers/lars.py", "solvers/cones.py"} <= modules_behind("recover_baselines.py")
    # an edited solver recomputes no limit, another limit no baseline, and another theory neither
    assert not any(name.startswith("solvers/") for name in modules_behind("recover_limits.py"))
    assert "primal_dual.py" not in modules_behind("recover_baselines.py")
    assert "mean_field.py" in modules_behind("predict_boundaries.py")
    assert {"kinks.py", "interval_pursuit.py", "solvers/run.py"} <= modules_behind("solve_readings.py")
    assert not any(name.startswith("solvers/") for name in modules_behind("limit_readings.py"))
    for script in RECOVERY - {"predict_boundaries.py"}:
        assert "mean_field.py" not in modules_behind(script)


def test_a_plot_style_changes_the_figures_alone(copy):
    assert changed(copy, "src/dlnflow/plots/style.py", "WIDTH = ", "WIDTH = 1 + ") == PLOTTERS


def test_a_change_of_one_script_changes_that_script_alone(copy):
    assert changed(copy, "scripts/solve_limits.py", '"limit"', '"newton"') == {"solve_limits.py"}


def test_the_value_of_a_constant_is_part_of_the_code(copy):
    assert changed(copy, "src/dlnflow/exact.py", "_EXPONENT = 4000", "_EXPONENT = 4001") >= SOLVERS


def test_the_public_names_are_no_part_of_it(copy):
    assert changed(copy, "src/dlnflow/__init__.py", "_HOME = {", '_HOME = {"new": "results",') == set()


def test_an_import_inside_a_function_counts(copy):
    script = copy / "scripts" / "solve_limits.py"
    assert "optimality.py" not in modules_behind("solve_limits.py", copy)
    script.write_text(
        script.read_text() + "\n\ndef later():\n    from dlnflow import optimality\n    return optimality\n"
    )
    assert "optimality.py" in modules_behind("solve_limits.py", copy)


BAD = {
    "a name of the package's own __init__": "from dlnflow import limit_of",
    "a module that is none": "import dlnflow.nothing",
    "a name of a folder": "from dlnflow.solvers import solve",
    "a module in a folder that is none": "from dlnflow.solvers.nothing import solve",
    "a relative import": "from . import limit",
    "a relative module": "from .limit import limit",
}


@pytest.mark.parametrize("statement", BAD.values(), ids=BAD.keys())
def test_an_import_that_cannot_be_placed_is_an_error(tmp_path, statement):
    (tmp_path / "script.py").write_text(f"def late():\n    {statement}\n")
    with pytest.raises(identity.UnplacedImportError, match=r"script\.py imports .+, which is no module of dlnflow"):
        identity.code_identity(tmp_path / "script.py")


def test_a_folder_counts_with_what_is_imported_from_it(copy):
    assert {"solvers/__init__.py", "solvers/run.py"} <= modules_behind("recover_baselines.py", copy)
    expected = {name for name in SCRIPTS if "solvers/__init__.py" in modules_behind(name, copy)}
    assert changed(copy, "src/dlnflow/solvers/__init__.py", '"""', 'NEW = 1\n"""') == expected


def test_every_folder_of_the_package_is_a_docstring_alone():
    for path in (ROOT / "src" / "dlnflow").rglob("*/__init__.py"):
        assert identity._read(path).meaning == "pass", path
