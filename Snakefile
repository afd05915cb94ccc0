"""The workflow: config.yaml -> problems -> flow, limits and exact minimisers -> tables -> figures.

snakemake --cores all            every figure
snakemake sharpness              those of one experiment
snakemake --cores all report_pages && snakemake --report report.html report_pages         one file with all of it
"""

import os
import sys
from pathlib import Path

# The package need not be installed, `python -m` finds the scripts from any folder, and a rule's `python` is the one
# that runs this.
SCRIPTS = Path(workflow.current_basedir) / "scripts"
sys.path.insert(0, str(Path(workflow.current_basedir) / "src"))
os.environ.update(
    PYTHONPATH=os.pathsep.join([sys.path[0], str(SCRIPTS)]),
    PATH=os.pathsep.join([os.path.dirname(sys.executable), os.getenv("PATH", os.defpath)]),
)

import yaml

from dlnflow.arithmetic.exact import to_text
from dlnflow.assembly.config import read_config
from dlnflow.assembly.experiments import EXPERIMENTS, claim_modules, rule_files
from dlnflow.assembly.identity import code_identity
from dlnflow.assembly.killed_runs import LOOK_ONLY, distrust_damaged_records, remove_half_written
from dlnflow.assembly.records import restore_records
from dlnflow.assembly.whole_config import as_yaml
from dlnflow.config.errors import ConfigError
from dlnflow.config.yaml_text import check_file
from dlnflow.kernels import KernelsError, pin
from dlnflow.kit.experiment import asked
from dlnflow.kit.load import Load
from dlnflow.kit.stage import module_file, resolve, stage_file
from dlnflow.kit.told import options
from dlnflow.provenance import version_of

# The files behind the config; those of the command line come as absolute paths.
config_files = list(workflow.overwrite_configfiles)
data_folder = "."
# a job on a cluster is not told that the file stands alone
stands_alone = workflow.config_settings.replace_workflow_config or not Path("config.yaml").exists()
if config_files and stands_alone:
    data_folder = os.path.relpath(Path(config_files[-1]).parent)
elif Path("config.yaml").exists():
    config_files.insert(0, "config.yaml")
config_names = [str(file).removeprefix(f"{Path.cwd()}/") for file in config_files]

# sys.exit says the sentence alone; Snakemake would put the lines of this file around an exception
try:
    pin()  # for all jobs
    for file, name in zip(config_files, config_names):
        check_file(file, name)
except (KernelsError, ConfigError) as error:
    sys.exit(str(error))


configfile: "config.yaml"


try:
    CONFIG = read_config(config, ", ".join(config_names), data_folder)
except ConfigError as error:
    sys.exit(str(error))

# What a killed run left, unless another is under way: jobs that a cluster runs read this file too.
if workflow.is_main_process and LOOK_ONLY not in os.environ and not any(Path(".snakemake/locks").glob("*")):
    remove_half_written([Path("results"), Path("figures")])
    distrust_damaged_records(Path(".snakemake"))
    if unknown := restore_records(Path(".snakemake"), [Path("results"), Path("figures")]):
        sys.exit(
            f"{len(unknown)} files, such as {unknown[0]}, say nothing of what they were made from, and neither does "
            ".snakemake: delete them, or copy the folder .snakemake along with results and figures"
        )


report: "workflow/report/workflow.rst"


wildcard_constraints:
    table="|".join(table.name for experiment in EXPERIMENTS for table in experiment.tables),
    grid="[a-z][a-z0-9-]*",
    solver="[a-z0-9-]+",
    depth="[^/]+",


include: "workflow/rules/common.smk"
include: "workflow/rules/job.smk"


for file in rule_files():

    include: f"workflow/rules/{file}.smk"


include: "workflow/rules/figures.smk"


onstart:
    # no message, so that nobody shows it but the logger plugin, which counts with it
    logger.info("", extra={"planned_jobs": planned_jobs()})


rule all:
    default_target: True
    input:
        lambda w: [file for experiment in EXPERIMENTS for file in experiment.targets(CONFIG)],
        "results/tables/claims.parquet",
        "results/tables/claims.csv",


# after `all`, which its pages follow
include: "workflow/rules/report.smk"
