"""A cluster of its own for each of the two files."""

import pytest
from cluster_tools import running_cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running_cluster(tmp_path_factory.mktemp("cluster") / "slurm") as cluster:
        yield cluster
