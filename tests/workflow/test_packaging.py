"""One set of packages, named three times, and nothing in the repository that belongs to one machine."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from places import ROOT

from dlnflow.solvers.names import PACKAGES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [*PROJECT["dependencies"], *(entry for entries in EXTRAS.values() for entry in entries)]
LOCK = (ROOT / "requirements.lock").read_text()


def name_and_bound(requirement):
    return re.fullmatch(r"([A-Za-z0-9._-]+)(>=[0-9.]+)", requirement).groups()


def pins():
    """Package -> its pinned versions, and the number of its hashes."""
    found = {}
    for entry in re.split(r"\n(?=[a-z])", LOCK):
        name, version = re.match(r"([a-z0-9._-]+)==([^ ;\\\n]+)", entry).groups()
        versions, hashes = found.get(name, ((), 0))
        found[name] = ((*versions, version), hashes + len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)))
    return found


def test_conda_and_pip_get_the_same_packages_and_bounds():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    # pip besides, which installs the project itself there
    assert sorted(conda) == sorted([*REQUIREMENTS, f"python{PROJECT['requires-python']}", "pip>=23"])
    assert len(set(map(name_and_bound, conda))) == len(conda)


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_the_lock_pins_every_package_with_its_hashes(requirement):
    name, bound = name_and_bound(requirement)
    versions, hashes = pins()[name]
    assert hashes >= len(versions)
    for version in versions:
        assert numbers(version) >= numbers(bound.removeprefix(">="))


def numbers(version):
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_every_pin_of_the_lock_has_a_hash():
    assert all(hashes for _, hashes in pins().values())


def test_the_lock_names_no_index():
    assert not re.search(
        r"https?://|^\s*-|--index|--find" + "-links|--trusted", re.sub(r"--hash=\S+", "", LOCK), re.MULTILINE
    )


def test_what_is_installed_here_satisfies_the_project():
    # in a process of its own: what pip knows, not what this one has imported
    script = "import importlib.metadata as m, sys; print(*(m.version(name) for name in sys.argv[1:]))"
    names = [name_and_bound(requirement)[0] for requirement in REQUIREMENTS if requirement not in EXTRAS["build"]]
    result = subprocess.run([sys.executable, "-c", script, *names], capture_output=True, text=True, check=True)
    bounds = [name_and_bound(requirement)[1] for requirement in REQUIREMENTS if requirement not in EXTRAS["build"]]
    for name, version, bound in zip(names, result.stdout.split(), bounds, strict=True):
        assert numbers(version) >= numbers(bound), name


def test_the_extra_baselines_holds_what_the_solvers_need():
    needed = {package for packages in PACKAGES.values() for package in packages}
    base = {name_and_bound(requirement)[0] for requirement in PROJECT["dependencies"]}
    assert needed - base == {name_and_bound(requirement)[0] for requirement in EXTRAS["baselines"]}


def tracked_files():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_holds_the_path_of_a_machine_or_the_address_of_a_registry():
    # the patterns are put together here, so that this file does not hold them itself
    machine = re.compile("|".join(["/" + "work/", "/" + "tmp/env", "/" + "home/", "/" + "Users/", "/" + "root/"]))
    registry = re.compile("https?" + r"://\S*" + "(simple|index-" + "url|artifactory|nexus)\\b")
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", "ignore")
        assert not machine.search(text), path
        assert not registry.search(text), path


def test_results_are_not_in_git():
    parts = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert not parts & {"results", "figures", "logs", "out", ".snakemake", ".venv"}


def test_the_package_starts_without_the_workflow_and_without_its_solvers():
    # a script pays for what it imports: neither snakemake nor matplotlib comes with the library
    script = (
        "import sys, dlnflow; from dlnflow import Problem; Problem([[1, 2]], [1]);"
        "print(*({'snakemake', 'matplotlib', 'pandas', 'highspy', 'sksundae'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == []
