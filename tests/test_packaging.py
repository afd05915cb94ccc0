"""The lists of packages agree, everything is pinned, and no committed file names a package registry or a machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIRED = PROJECT["dependencies"] + [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
LOCK = (ROOT / "requirements.lock").read_text()


def name_of(requirement):
    return re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0].lower()


def test_conda_and_pip_ask_for_the_same_packages_with_the_same_bounds():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert sorted(environment) == sorted([*REQUIRED, f"python{PROJECT['requires-python']}"])


@pytest.mark.parametrize("requirement", REQUIRED)
def test_every_package_is_pinned_with_its_hashes(requirement):
    block = re.search(rf"^{re.escape(name_of(requirement))}==\S+.*?(?=^\S)", LOCK + "end", re.MULTILINE | re.DOTALL)
    assert block is not None
    assert "--hash=sha256:" in block[0]


def test_the_lock_names_no_source_of_packages():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith(" ")]
    assert all(re.match(r"[a-z0-9-]+==", line) for line in lines)


def test_imports_of_the_package_are_among_its_dependencies():
    distributions = {"flint": "python-flint", "sksundae": "scikit-sundae", "yaml": "pyyaml"}
    runtime = {name_of(requirement) for requirement in PROJECT["dependencies"]}
    for path in (ROOT / "src").rglob("*.py"):
        for module in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE):
            if module in distributions or module in ("numpy", "scipy", "pandas", "pyarrow", "pydantic", "matplotlib"):
                assert distributions.get(module, module) in runtime, (path.name, module)
            assert module != "snakemake", path.name


def test_no_committed_file_names_a_registry_or_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing is committed here")
    # in pieces, so that this file does not match
    wanted = re.compile(
        "|".join(["/" + "simple(/|\\b)", "index-" + "url", "find-" + "links", "/" + "home/", "/" + "work/"])
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".png", ".lock") or not path.is_file():
            continue
        assert not wanted.search(path.read_text()), name
