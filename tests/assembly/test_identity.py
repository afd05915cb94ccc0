"""The identity of the code behind a script follows what the code says, and that alone."""

import ast
import hashlib
import shutil
from functools import cache
from pathlib import Path

import pytest
from places import ROOT

from dlnflow.assembly import identity
from dlnflow.assembly.experiments import EXPERIMENTS

PACKAGE = ROOT / "src" / "dlnflow"
STAGES = {path.stem: path.relative_to(ROOT) for path in sorted(PACKAGE.rglob("stages/[a-z]*.py"))}
FIGURES = {
    f"{experiment.name} {figure.stem}": Path(
        "src/dlnflow/experiments", experiment.draws(figure).split(":")[0].replace(".", "/") + ".py"
    )
    for experiment in EXPERIMENTS
    for figure in experiment.figures
}
JOBS = {name: (Path("scripts/run_job.py"), module) for name, module in STAGES.items()} | {
    name: (Path("scripts/draw_figure.py"), module) for name, module in FIGURES.items()
}
"""Name of a stage, or of a figure with its experiment's -> its script, and the module that the script is told."""

SOLVERS = {"solve_limits", "integrate_flow", "sample_trajectories"}
RECOVERY = {"recover_limits", "recover_baselines", "judge_recovery", "predict_boundaries"}


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
    monkeypatch.setattr(
        identity,
        "_read",
        lambda path: read_once(path, tuple(file.read_bytes() for file in (path, *scripts_beside(path)))),
    )
    return tmp_path


def scripts_beside(path):
    return path.parent.glob("*.js")


def identities(copy):
    return {name: identity.code_identity(*(copy / file for file in files)) for name, files in JOBS.items()}


def changed(copy, file, old, new, count=1):
    """The jobs whose identity an edit of one file changes."""
    before = identities(copy)
    path = copy / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))
    after = identities(copy)
    return {name for name in JOBS if before[name] != after[name]}


def modules_behind(job, root=ROOT):
    """The package's modules that a job imports, by their names inside the package."""
    behind = identity._modules_behind(root / file for file in JOBS[job])
    return {path.relative_to(root / "src" / "dlnflow").as_posix() for path in behind}


def test_the_identity_does_not_depend_on_where_the_code_lies(copy):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "PACKAGE", PACKAGE)
        here = {name: identity.code_identity(*(ROOT / file for file in files)) for name, files in JOBS.items()}
    assert identities(copy) == here
    assert len(set(here.values())) == len(set(JOBS.values()))


def test_comments_docstrings_and_layout_change_nothing(copy):
    before = identities(copy)
    for path in [*(copy / "src").rglob("*.py"), *(copy / "scripts").glob("*.py")]:
        text = path.read_text()
        text = text.replace('"""', '"""Quite another text. ', 1) if text.startswith('"""') else text
        text = text.replace("\ndef ", "\n\n\n# a comment\ndef ")
        lines = [line.replace(" = ", "  =   ") if '"' not in line else line for line in text.splitlines()]
        path.write_text("# a comment\n" + "\n".join(lines) + "\n\n# the end\n")
    assert identities(copy) == before


def test_a_docstring_that_is_changed_added_or_taken_away_changes_nothing(copy):
    head = "def trials_in(block: str, trials: int) -> range:\n"
    docstring = '    """The trials that a block of that name holds, of so many in all."""\n'
    assert changed(copy, "src/dlnflow/kit/blocks.py", head + docstring, head) == set()
    assert changed(copy, "src/dlnflow/kit/blocks.py", head, head + docstring.replace("trials", "instances")) == set()
    assert changed(copy, "src/dlnflow/network/network.py", '"""', '"""Otherwise said. ') == set()


def test_the_words_of_an_error_change_nothing(copy):
    head = 'raise ProblemError(f"{path_y} has {len(y)} rows'
    assert changed(copy, "src/dlnflow/files/instance_files.py", head, head + " of numbers") == set()
    # what an error is does count
    assert "make_problem" in changed(copy, "src/dlnflow/files/instance_files.py", "raise ProblemError", "raise Other")


@pytest.mark.parametrize(
    "module",
    [
        "network/dual_newton",
        "network/limit",
        "network/flow",
        "minimisers/selection",
        "simplex/pivots",
        "experiments/named_problems/comparison",
        "experiments/laws/tables",
    ],
)
def test_an_edited_module_changes_exactly_what_depends_on_it(copy, module):
    file = f"src/dlnflow/{module}.py"
    expected = {name for name in JOBS if f"{module}.py" in modules_behind(name, copy) or Path(file) in JOBS[name]}
    text = (copy / file).read_text()
    assert changed(copy, file, text, text + "\nSOMETHING_NEW = 1\n\n") == expected
    assert 0 < len(expected) < len(JOBS)


def test_jobs_depend_on_what_they_should():
    for stage in SOLVERS | {"find_minimisers", "make_problem", "compare_cells", "merge_tables"}:
        assert not any("figures/" in name for name in modules_behind(stage)), stage
    for figure in FIGURES:
        assert "kit/style.py" in modules_behind(figure)
        # a figure takes a table: no solver, so that an edited solver reaches it through the table alone
        solving = ("network/", "minimisers/", "programs/", "transport/", "intervals/", "simplex/", "solvers/")
        found = {name for name in modules_behind(figure) if name.startswith(solving) and "__init__" not in name}
        assert found <= {"network/network.py", "network/edge_powers.py", "solvers/names.py"}, figure
    needed = {"network/limit.py", "network/dual_newton.py", "network/network.py", "files/tables.py", "files/sealed.py"}
    assert needed <= modules_behind("solve_limits")
    assert {"network/flow.py", "network/flow_coordinates.py"} <= modules_behind("integrate_flow")
    assert "network/flow.py" not in modules_behind("solve_limits")
    assert {"minimisers/basis_pursuit.py", "simplex/pivots.py"} <= modules_behind("find_minimisers")
    assert {"network/primal_dual.py", "problems/ensembles.py"} <= modules_behind("recover_limits")
    assert {"solvers/lars.py", "solvers/cones.py"} <= modules_behind("recover_baselines")
    # an edited solver recomputes no limit, another limit no baseline, and another theory neither
    assert not any(name.startswith("solvers/") for name in modules_behind("recover_limits"))
    assert "network/primal_dual.py" not in modules_behind("recover_baselines")
    assert "theory/state_evolution.py" in modules_behind("predict_boundaries")
    needed = {"problems/kink_families.py", "intervals/pursuit.py", "solvers/run.py"}
    assert needed <= modules_behind("solve_readings")
    assert not any(name.startswith("solvers/") for name in modules_behind("limit_readings"))
    for stage in RECOVERY - {"predict_boundaries"}:
        assert "theory/state_evolution.py" not in modules_behind(stage)


def test_no_job_knows_another_experiment_or_what_its_rules_are_told():
    for job, (_, module) in JOBS.items():
        behind = modules_behind(job)
        theirs = {name.split("/")[1] for name in behind if name.startswith("experiments/")}
        home = module.parts[3] if module.parts[2] == "experiments" else None
        assert theirs <= {home, "__init__.py"}, job
        assert not any(name.endswith(("/jobs.py", "/experiment.py")) for name in behind), job


def test_a_style_changes_the_figures_alone(copy):
    found = changed(copy, "src/dlnflow/kit/style.py", "WIDTH = ", "WIDTH = 1 + ")
    assert found == FIGURES.keys() | {"plot_explorer"}


def test_a_change_of_one_stage_changes_that_stage_alone(copy):
    assert changed(copy, str(STAGES["solve_limits"]), '"limit"', '"newton"') == {"solve_limits"}


def test_a_script_of_a_page_is_part_of_the_module_that_names_it(copy):
    script = "src/dlnflow/experiments/named_problems/figures/explorer_choose.js"
    assert changed(copy, script, "indices", "places") == {"plot_explorer"}


def test_the_value_of_a_constant_is_part_of_the_code(copy):
    assert changed(copy, "src/dlnflow/arithmetic/exact.py", "_EXPONENT = 4000", "_EXPONENT = 4001") >= SOLVERS


def test_the_public_names_are_no_part_of_it(copy):
    assert changed(copy, "src/dlnflow/__init__.py", "import lazy_loader", "import lazy_loader, math") == set()


def test_syntax_is_written_in_the_same_way_by_every_python():
    sample = "class A(B, c=1):\n    x: int = 0\n    def f(self, *, k=None):\n"
    sample += "        return f'{self.x!r:>{k}} {1e-3}', b'1'\n"
    assert hashlib.sha256(identity._meaning(ast.parse(sample)).encode()).hexdigest()[:16] == "9b7d3b4bf5399481"
    # seen with 3.11, 3.12 and 3.13


def test_an_import_inside_a_function_counts(copy):
    module = copy / STAGES["solve_limits"]
    assert "problems/kink_families.py" not in modules_behind("solve_limits", copy)
    module.write_text(
        module.read_text()
        + "\n\ndef later():\n    from dlnflow.problems import kink_families\n    return kink_families\n"
    )
    assert "problems/kink_families.py" in modules_behind("solve_limits", copy)


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
    assert {"solvers/__init__.py", "solvers/run.py"} <= modules_behind("recover_baselines", copy)
    expected = {name for name in JOBS if "solvers/__init__.py" in modules_behind(name, copy)}
    assert changed(copy, "src/dlnflow/solvers/__init__.py", '"""', 'NEW = 1\n"""') == expected


def test_every_folder_of_the_package_is_a_docstring_alone():
    for path in (ROOT / "src" / "dlnflow").rglob("*/__init__.py"):
        assert identity._read(path).meaning == "Module(body=[Pass()])", path
