"""The workflow: config.yaml -> problems -> flow, limits and exact minimisers -> tables -> figures.

snakemake --cores all            every figure
snakemake sharpness              those of one experiment
"""

import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

# The package need not be installed, and a rule's `python` is the one that runs this.
sys.path.insert(0, str(Path(workflow.basedir) / "src"))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [sys.path[0], os.environ.get("PYTHONPATH")]))
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])

from dlnflow import blocks
from dlnflow.config import read_config
from dlnflow.config_errors import ConfigError, check_file
from dlnflow.exact import path_token, to_text
from dlnflow.identity import code_identity


configfile: "config.yaml"


try:
    for file in workflow.configfiles:
        check_file(file)
    CONFIG = read_config(config, source=", ".join(os.path.relpath(file) for file in workflow.configfiles))
except ConfigError as error:
    raise WorkflowError(str(error))

SCRIPTS = Path(workflow.basedir) / "scripts"


wildcard_constraints:
    experiment="[a-z_]+",
    problem="[^/]+",
    depth="[^/]+",
    trials=r"trials-\d+-\d+",
    band=r"decades-\d+-\d+",


include: "workflow/rules/common.smk"
include: "workflow/rules/problems.smk"
include: "workflow/rules/baselines.smk"
include: "workflow/rules/limits.smk"
include: "workflow/rules/flow.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/figures.smk"


rule all:
    default_target: True
    input:
        rules.sharpness.input,
