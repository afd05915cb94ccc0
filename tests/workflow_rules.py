"""The rules of the workflow as Snakemake has read them, for tests that ask about all of them."""

import json
import subprocess
import sys

from places import ROOT

READ = """
import json, sys
from pathlib import Path
from snakemake.api import SnakemakeApi
from snakemake.settings.types import ConfigSettings, OutputSettings, ResourceSettings, StorageSettings, WorkflowSettings

snakefile, config, folder = sys.argv[1:]
with SnakemakeApi(OutputSettings()) as api:
    workflow = api.workflow(
        resource_settings=ResourceSettings(cores=1),
        config_settings=ConfigSettings(configfiles=[Path(config)], replace_workflow_config=True),
        storage_settings=StorageSettings(),
        workflow_settings=WorkflowSettings(),
        snakefile=Path(snakefile),
        workdir=Path(folder),
    )._workflow
    told = {
        rule.name: {
            "shell": rule.shellcmd,
            "group": rule._group,  # rule.group is None where Snakemake runs jobs itself
            "threads": rule.resources["_cores"].value,
            "computed": [name for name, value in rule.resources.items() if value._evaluator is not None],
            "conda": bool(rule.conda_env),
            "log": list(map(str, rule.log)),
            "benchmark": str(rule.benchmark),
            "inputs": [name for name, _ in rule.input._allitems()],
            "outputs": [[name, str(file)] for name, file in rule.output._allitems()],
            "captions": [str(file.flags["report"].caption) for file in rule.output if "report" in file.flags],
        }
        for rule in workflow.rules
    }
print(json.dumps(told))
"""


def rules_of(folder, config=ROOT / "workflow" / "presets" / "ci.yaml"):
    """Name -> what a rule says, of all rules but `job`, which is no job's. In a process of its own, in a folder."""
    call = [sys.executable, "-c", READ, ROOT / "Snakefile", config, folder]
    said = subprocess.run(call, capture_output=True, text=True, check=True)
    rules = json.loads(said.stdout)
    return {name: rule for name, rule in rules.items() if name != "job"}
