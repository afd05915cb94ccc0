"""An experiment is a folder, a file of rules and a caption; three lines in existing files, and nothing else reruns."""

import difflib
import re

import pytest
from places import ROOT
from small_run import SMALL, new_folder
from workflow_tools import copy_workflow, first_run, planned, run

HOME = "src/dlnflow/experiments/toy"
NEW = {
    f"{HOME}/__init__.py": '"""Powers of 2, which an experiment can count in a second."""\n',
    f"{HOME}/stages/__init__.py": '"""What the jobs of toy compute."""\n',
    f"{HOME}/figures/__init__.py": '"""The figures of toy."""\n',
    f"{HOME}/config.py": '''"""The part of the config."""

from pydantic import Field

from dlnflow.config.types import Count, Model, examples


class Toy(Model):
    """Powers of 2."""

    model_config = examples({"exponents": [1, 2]})

    exponents: list[Count] = Field(description="of 2")
''',
    f"{HOME}/tables.py": '''"""The table."""

from dlnflow.files.column_kinds import ROW_KEY
from dlnflow.files.tables import COUNT, schema_of

POWERS = schema_of("exponent", exponent=(COUNT, "k", ROW_KEY), power=(COUNT, "2^k"))
''',
    f"{HOME}/stages/raise_powers.py": '''"""Raise 2 to a power."""

from dlnflow.experiments.toy.tables import POWERS
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Output


def raise_powers(output: Output, *, exponent: int) -> None:
    """Raise 2 to a power."""
    write_rows(output, POWERS, [{"exponent": exponent, "power": 2**exponent}])
''',
    f"{HOME}/figures/powers.py": '''"""The figure."""

import pandas as pd
from matplotlib.figure import Figure

from dlnflow.kit import style


def powers_figure(powers: pd.DataFrame) -> Figure:
    """2^k against k."""
    with style.look():
        figure = Figure(figsize=(style.WIDTH, 2))
        figure.subplots().plot(powers["exponent"], powers["power"])
    return figure
''',
    f"{HOME}/claims.py": '''"""The claim."""

from dlnflow.kit.claim import Claim, Judgement, Tables, Verdict


def _doubles(tables: Tables) -> Judgement:
    if "powers" not in tables:
        return Judgement(0, None, None, Verdict.NOT_RESOLVED)
    off = (tables["powers"]["power"] - 2 ** tables["powers"]["exponent"]).abs()
    return Judgement(len(off), off.max(), off.median(), Verdict.FAILS if off.any() else Verdict.HOLDS)


CLAIMS = (Claim("powers", "derived here", "2^k is 2^k", "toy, all rows", "distance", _doubles),)
''',
    f"{HOME}/summaries.py": '''"""What the report sums up of toy."""

SUMMARIES = ()
''',
    f"{HOME}/experiment.py": '''"""What toy is made of."""

from dlnflow.kit.experiment import Experiment, Figure, Table


def files(config):
    return [f"results/toy/{exponent}.parquet" for exponent in config.toy.exponents]


TOY = Experiment(
    "toy",
    tables=(Table("powers", "a power of 2", "toy.tables:POWERS", files),),
    figures=(Figure("powers", "2^k against k", {"powers": "powers"}),),
    claims=("toy.claims",),
    summaries="toy.summaries:SUMMARIES",
)
''',
    "workflow/rules/toy.smk": """# Toy: powers of 2.


use rule job as raise_powers with:
    output:
        output="results/toy/{exponent}.parquet",
    pathvars:
        job="raise_powers/{exponent}",
    params:
        **told("raise_powers", lambda config, w: {"exponent": w.exponent}),
""",
    "workflow/report/toy-powers.rst": "2^k against k.\n",
}
EDITS = {
    "src/dlnflow/assembly/experiments.py": (
        '        "linear_programs.experiment:LINEAR_PROGRAMS",\n',
        '        "toy.experiment:TOY",\n',
    ),
    "src/dlnflow/assembly/config.py": (
        "from dlnflow.experiments.recovery.config import Recovery\n",
        "from dlnflow.experiments.toy.config import Toy\n",
    ),
    "src/dlnflow/assembly/config.py ": (
        '    layers: Layers | None = Field(None, description="layers that balance themselves, and factorisation")\n',
        '    toy: Toy | None = Field(None, description="powers of 2")\n',
    ),
}
TOY = SMALL + "toy: {exponents: [1, 2, 3]}\n"
JOBS = {f"results/toy/{exponent}.parquet" for exponent in (1, 2, 3)} | {
    "results/tables/powers.parquet",
    "figures/toy/powers.pdf",
}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The workflow as it is, and a run of it."""
    repo = copy_workflow(ROOT, tmp_path_factory.mktemp("before") / "the workflow")
    return repo, first_run(repo, new_folder(repo.parent / "a run"), SMALL)


@pytest.fixture(scope="module")
def after(before):
    """The same with the experiment."""
    repo, folder = before
    for name, text in NEW.items():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(text)
    for name, (place, line) in EDITS.items():
        path = repo / name.strip()
        text = path.read_text()
        assert text.count(place) == 1
        path.write_text(text.replace(place, place + line))
    return repo, folder


def test_three_lines_in_existing_files(after):
    repo, _ = after
    changed = []
    for name in {name.strip() for name in EDITS}:
        lines = difflib.ndiff((ROOT / name).read_text().splitlines(), (repo / name).read_text().splitlines())
        changed += [line for line in lines if line[0] in "+-"]
    assert len(changed) <= 3
    assert all(line.startswith("+ ") for line in changed)


def test_its_jobs_make_its_figure_and_no_other_experiment_reruns(after):
    repo, folder = after
    # claims are judged by all experiments: their table alone changes where the config has no toy
    assert planned(repo, folder, SMALL) == {"results/tables/claims.parquet"}
    assert planned(repo, folder, TOY) == JOBS | {"results/tables/claims.parquet"}
    result = run(repo, folder, "toy", config=TOY)
    assert result.returncode == 0, result.stderr
    assert set(re.findall(r"^ +output: ([^,\n]+)", result.stdout + result.stderr, re.MULTILINE)) == JOBS
    assert (folder / "figures" / "toy" / "powers.svg").is_file()
    assert (folder / "results" / "tables" / "powers.csv").read_text().splitlines()[1:] == ["1,2", "2,4", "3,8"]
    result = run(repo, folder, "results/tables/claims.parquet", config=TOY)
    assert result.returncode == 0, result.stderr
    claims = (folder / "results" / "tables" / "claims.csv").read_text().splitlines()
    assert next(line for line in claims if line.startswith('"powers",')).endswith(',"holds"')


FORGOTTEN = {
    "a table": (
        f"{HOME}/experiment.py",
        'Table("powers", "a power of 2", "toy.tables:POWERS", files),',
        "",
        "reads the table powers",
    ),
    "a figure's module": (f"{HOME}/experiment.py", 'Figure("powers"', 'Figure("areas"', "areas"),
    "a caption": ("workflow/report/toy-powers.rst", "", None, "toy-powers.rst"),
    "the file of rules": ("workflow/rules/toy.smk", "", None, "toy.smk"),
    "a stage": (f"{HOME}/stages/raise_powers.py", "", None, "stages/raise_powers.py"),
    "the key of the config": ("src/dlnflow/assembly/config.py", EDITS["src/dlnflow/assembly/config.py "][1], "", "toy"),
}


@pytest.mark.parametrize(("file", "old", "new", "named"), FORGOTTEN.values(), ids=FORGOTTEN.keys())
def test_what_is_forgotten_is_an_error_that_names_it(after, file, old, new, named):
    repo, folder = after
    text = (repo / file).read_text()
    try:
        if new is None:
            (repo / file).unlink()
        else:
            assert old in text
            (repo / file).write_text(text.replace(old, new))
        result = run(repo, folder, "--dry-run", "toy", config=TOY)
        assert result.returncode != 0
        assert named in result.stdout + result.stderr
    finally:
        (repo / file).write_text(text)
