"""Fixtures that several tests share. The tests run with the workflow's kernels, or with native ones if asked to."""

# ruff: noqa: E402 (kernels are chosen when NumPy is imported)

import sys

import pytest

from dlnflow.kernels import pin

assert "numpy" not in sys.modules
pin()

from places import ROOT
from workflow_tools import copy_workflow


@pytest.fixture(scope="session")
def repo(tmp_path_factory):
    """A copy of the workflow, so that nobody's edits disturb the tests."""
    return copy_workflow(ROOT, tmp_path_factory.mktemp("repo") / "the workflow")


def pytest_collection_modifyitems(items):
    """Files that take minutes go first, so that no processor waits for them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
