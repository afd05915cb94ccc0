# What the rules of the report's pages ask the config. No mathematics here.

import yaml

from dlnflow.assembly.whole_config import as_yaml
from dlnflow.provenance import version_of
from dlnflow.report.summaries import tables_of as tables_summarised

TARGETS = {
    "sharpness": sharpness_targets,
    "asymptotics": asymptotics_targets,
    "recovery": recovery_targets,
    "hardness": hardness_targets,
    "laws": laws_targets,
    "layers": layers_targets,
    "linear_programs": linear_programs_targets,
}


def summary_tables(wildcards):
    """The tables behind a summary, as far as the config has them made."""
    made = TARGETS[wildcards.summarised](wildcards)
    tables = [f"results/tables/{name}.parquet" for name in tables_summarised(wildcards.summarised)]
    return [table for table in tables if table in made]


def report_pages(wildcards):
    run = [f"results/report/{name}.html" for name in ("claims", "software", "config")]
    return run + [f"results/report/summary-{name}.html" for name in TARGETS if getattr(CONFIG, name)]


def packages_named(environment):
    """The packages of an environment.yml, without their bounds."""
    named = yaml.safe_load(environment.read_text())["dependencies"]
    return [entry.split(">=")[0] for entry in named]


def versions_installed(environment):
    """Changes when the software does."""
    return [version_of(package) for package in packages_named(environment)]
