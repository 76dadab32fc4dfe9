"""Modules that come and go in the deployment of `small-cluster`, through the real providers."""

from __future__ import annotations

import pytest
from tests.cluster.conftest import TestCluster
from tests.cluster.workloads import Snapshot, snapshot

CLAIM = "/api/v1/namespaces/data/persistentvolumeclaims/seaweedfs-all-in-one-data"
GONE = {"mlflow/mlflow", "data/seaweedfs-all-in-one"}
# Its notebooks are told where each module is, so the hub learns of one that comes or goes.
TOLD = {"jhub/hub"}
SCRIPT = "/api/v1/namespaces/data/configmaps/databases-script"


@pytest.fixture(scope="module")
def removed(on_cluster: TestCluster, small: str) -> tuple[Snapshot, str, Snapshot]:
    """What was there before MLflow and its object store were removed, the store's volume, and what was there after."""
    before, claim = snapshot(on_cluster), str(on_cluster.get(CLAIM)["metadata"]["uid"])
    flags = ("--without", "mlflow", "--without", "object_store", "--yes", "--non-interactive")
    on_cluster.program.run("apply", small, *flags)
    return before, claim, snapshot(on_cluster)


def test_a_module_that_is_removed_leaves_the_others_untouched(removed: tuple[Snapshot, str, Snapshot]) -> None:
    before, _, after = removed
    assert after.touched_since(before) == GONE | TOLD
    assert not GONE & after.workloads.keys()
    # Dask's tasks are told where each module is, as notebooks are.
    same = after.releases.keys() - {"jupyterhub", "databases", "dask-cluster"}
    assert {name: before.releases[name] for name in same} == {name: after.releases[name] for name in same}
    assert before.releases.keys() - after.releases.keys() == {"mlflow", "seaweedfs"}


def test_a_module_that_is_removed_keeps_its_volumes_and_the_namespace_it_shares(
    on_cluster: TestCluster, removed: tuple[Snapshot, str, Snapshot]
) -> None:
    _, claim, after = removed
    assert on_cluster.get(CLAIM)["metadata"]["uid"] == claim
    assert {"data/postgres", "data/feast-redis"} <= after.workloads.keys()
    assert "mlflow" not in on_cluster.names("/api/v1/namespaces")


def test_a_module_that_is_added_later_gets_its_database_and_finds_its_volume(
    on_cluster: TestCluster, small: str, removed: tuple[Snapshot, str, Snapshot]
) -> None:
    _, claim, before = removed
    assert "role-mlflow" not in before.secrets["data/databases"]
    assert "'mlflow'" not in on_cluster.get(SCRIPT)["data"]["ensure.sql"]
    on_cluster.program.run("apply", small, "--module", "mlflow", "--yes", "--non-interactive")
    after = snapshot(on_cluster)
    assert after.touched_since(before) == GONE | TOLD
    # The Job that makes roles and databases ran once more, with the password that the new module's pods are given.
    assert after.releases["databases"] == before.releases["databases"] + 1
    password = after.secrets["data/databases"]["role-mlflow"]
    assert after.users(password.decode()) == {"mlflow/mlflow"}
    script = on_cluster.get(SCRIPT)["data"]["ensure.sql"]
    assert {"\\set database 'mlflow'", "\\set database 'mlflow_auth'"} <= {line.strip() for line in script.splitlines()}
    assert on_cluster.get(CLAIM)["metadata"]["uid"] == claim
