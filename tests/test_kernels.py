"""The kernels of x86-64-v3 on every processor that has them, in processes of their own: a library chooses once."""

import json
import os
import subprocess
import sys

import pytest
from places import ROOT
from workflow_tools import command, forked

from dlnflow import kernels
from dlnflow.kernels import NATIVE, PINNED, SWITCH, KernelsError, pin

SET = {"OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "XLA_FLAGS"}
pinnable = pytest.mark.skipif(not kernels.can_be_pinned(), reason="this processor has not the kernels of x86-64-v3")

CHOSEN = """
import json, sys
from dlnflow import kernels
kernels.pin()
import numpy
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
import scipy.linalg
from threadpoolctl import threadpool_info
from dlnflow.layers.gradient import jax
kernels.choose_piqp()
import piqp
print(json.dumps({
    "numpy": [name for name in __cpu_dispatch__ if __cpu_features__[name]],
    "blas": sorted({found["architecture"] for found in threadpool_info() if found["internal_api"] == "openblas"}),
    "piqp": sorted(name for name in sys.modules if name.startswith("piqp.piqp_python")),
    "sum": float(jax.numpy.sum(jax.numpy.arange(10.0))),
    "ran": kernels.ran(),
}))
"""


def chosen(code=CHOSEN, **set_here):
    """What a new process chooses; a warning there is an error."""
    outside = {name: value for name, value in os.environ.items() if name not in {SWITCH, *SET}}
    call = [sys.executable, "-W", "error", "-c", code]
    environment = outside | {"PYTHONPATH": str(ROOT / "src")} | set_here
    return json.loads(subprocess.run(call, env=environment, capture_output=True, check=True, text=True).stdout)


@pinnable
def test_every_library_takes_the_pinned_kernels():
    found = chosen()
    assert found["numpy"] == ["X86_V3"]
    assert found["blas"] == ["Haswell"]
    assert found["piqp"] == ["piqp.piqp_python_avx2"]
    assert found["sum"] == 45
    assert found["ran"].startswith(f"{PINNED}, ")


def test_native_kernels_are_those_that_the_libraries_choose_also_below_a_process_that_pinned():
    alone, inherited = {SWITCH: NATIVE}, {}
    pin(inherited)
    native, below = chosen(**alone), chosen(**inherited | alone)
    assert native["ran"].startswith(f"{NATIVE} kernels of ")
    assert native == below
    code = CHOSEN.replace("kernels.pin()", "").replace("kernels.choose_piqp()", "")
    assert {**native, "ran": ""} == {**chosen(code), "ran": ""}


@pinnable
def test_pinning_twice_changes_nothing_and_keeps_a_users_flags():
    environment = {"XLA_FLAGS": "--xla_dump_to=here"}
    pin(environment)
    assert environment["XLA_FLAGS"].split()[0] == "--xla_dump_to=here"
    once = dict(environment)
    pin(environment)
    assert environment == once


def test_a_processor_without_them_keeps_its_own(monkeypatch):
    monkeypatch.setattr(kernels, "processor_features", lambda: {"avx", "sse4_2"})
    environment = {}
    pin(environment)
    assert environment == {}
    # nor those of a machine that has them, from which it was started
    inherited = {"XLA_FLAGS": "--xla_dump_to=here", "OPENBLAS_NUM_THREADS": "1"}
    monkeypatch.undo()
    pin(environment := dict(inherited))
    monkeypatch.setattr(kernels, "processor_features", lambda: {"avx", "sse4_2"})
    pin(environment)
    assert environment == inherited


def test_names_follow_the_versions(monkeypatch):
    monkeypatch.setattr(kernels, "processor_features", lambda: kernels.NEEDED)
    old = {"numpy": "2.3.5", "jaxlib": "0.5.0"}
    monkeypatch.setattr(kernels, "version_of", lambda name: old.get(name, "not installed"))
    environment = {}
    pin(environment)
    assert "AVX512_SKX" in environment["NPY_DISABLE_CPU_FEATURES"].split()
    assert environment["XLA_FLAGS"] == "--xla_cpu_max_isa=AVX2"
    old["jaxlib"] = "not installed"
    pin(environment)
    assert environment["XLA_FLAGS"] == "--xla_cpu_max_isa=AVX2"


def test_another_value_of_the_switch_is_refused_in_one_sentence(repo, tmp_path):
    with pytest.raises(KernelsError, match=r"^DLNFLOW_KERNELS is 'fast', expected x86-64-v3 or native$"):
        pin({SWITCH: "fast"})
    call = [*command(repo, tmp_path / "out", repo / "config.yaml"), "--dry-run"]
    result = forked(call, tmp_path, **{SWITCH: "fast"})
    assert result.returncode == 1
    assert "DLNFLOW_KERNELS is 'fast', expected x86-64-v3 or native" in result.stderr.splitlines()
    assert "Traceback" not in result.stderr


def test_a_library_as_imported_leaves_the_environment_alone():
    code = "import os; before = dict(os.environ); import dlnflow; dlnflow.Problem; assert dict(os.environ) == before"
    environment = {name: value for name, value in os.environ.items() if name not in {SWITCH, *SET}}
    subprocess.run([sys.executable, "-c", code], env=environment | {"PYTHONPATH": str(ROOT / "src")}, check=True)
