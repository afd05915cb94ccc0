"""How tests run a stage, or draw a figure: by its script, with the words that the workflow would write."""

import runpy
import shlex
import sys

import pytest
from places import SCRIPTS
from pydantic import TypeAdapter

from dlnflow.assembly.experiments import claim_modules
from dlnflow.kit.stage import resolve
from dlnflow.kit.told import options


def run_script(script, *words):
    """A script with a command line, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [script, *map(str, words)])
        runpy.run_path(str(SCRIPTS / script), run_name="__main__")


def words(told):
    """Name -> value, as words of a command line."""
    return shlex.split(options(told))


def job_words(stage, files, told):
    """What run_job is told of a job."""
    return [stage, *words(files), "--told", *words(told)]


def run_stage(stage, files, **told):
    """The job of a stage, from files to files by name, and what the config would tell it."""
    run_script("run_job.py", *job_words(stage, files, told))


def draw(figure, files, **told):
    """The figure of a function: files by name, its tables and the output, and what the config would tell it."""
    place = f"{figure.__module__.removeprefix('dlnflow.experiments.')}:{figure.__name__}"
    run_script("draw_figure.py", place, *words(files | told))


def all_claims():
    """Every claim, in the order in which judge_claims reads them."""
    return [claim for module in claim_modules() for claim in resolve(f"{module}:CLAIMS")]


def read_again(value):
    """What is told as JSON, as a stage that expects its class reads it."""
    _, word = words({"value": value})
    return TypeAdapter(type(value)).validate_json(word)
