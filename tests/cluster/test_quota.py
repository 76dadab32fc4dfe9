"""The preset `small-cluster` in namespaces with a quota on CPU and memory; needs no node that runs pods.

Such a quota refuses every pod of which one container doesn't say what it requests: a Deployment would never be ready,
and a hook's Job never done.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from tests.cluster.conftest import TestCluster
from tests.cluster.sites import make_namespace, remove_namespace

from mlops_install.live.api import Cluster

MODULES = ("jupyterhub", "prefect", "dask", "feast", "seldon", "postgresql", "object_store", "valkey")


def limit(api: Cluster, namespace: str) -> None:
    hard = {"requests.cpu": "8", "requests.memory": "16Gi"}
    make_namespace(api, namespace)
    api.post(
        f"/api/v1/namespaces/{namespace}/resourcequotas", {"metadata": {"name": "compute"}, "spec": {"hard": hard}}
    )


@pytest.fixture
def namespaces(on_cluster: TestCluster) -> Iterator[tuple[str, str]]:
    """A namespace with a quota for all but MLflow, and one for MLflow with defaults for who says nothing."""
    if not on_cluster.real_charts:
        pytest.skip("What init containers and hooks request stands in the real charts alone.")
    api = on_cluster.client()
    name = f"quota-{secrets.token_hex(3)}"
    both = (name, f"{name}-mlflow")
    for namespace in both:
        limit(api, namespace)
    # The chart's init containers `dbchecker` and `ini-file-initializer` take no requests by any value.
    requests = {"limits": [{"type": "Container", "defaultRequest": {"cpu": "20m", "memory": "32Mi"}}]}
    api.post(f"/api/v1/namespaces/{both[1]}/limitranges", {"metadata": {"name": "defaults"}, "spec": requests})
    yield both
    on_cluster.program.run("destroy", name, "--yes", "--non-interactive", "--purge-data", code=None)
    for namespace in both:
        remove_namespace(api, namespace)


def test_all_is_installed_under_a_quota(on_cluster: TestCluster, namespaces: tuple[str, str]) -> None:
    name, mlflow = namespaces
    places = [f"--set={module}_namespace={name}" for module in MODULES]
    places += [f"--set=mlflow_namespace={mlflow}", f'--set=existing_namespaces=["{name}","{mlflow}"]']
    on_cluster.quick("small-cluster", name, *places)
    for namespace in namespaces:
        assert {release["status"] for release in releases(on_cluster, namespace)} == {"deployed"}
        quota = on_cluster.get(f"/api/v1/namespaces/{namespace}/resourcequotas/compute")
        assert quota["status"]["used"]["requests.memory"] != "0"


def releases(on_cluster: TestCluster, namespace: str) -> list[dict[str, Any]]:
    """Return the labels of the namespace's releases."""
    found = on_cluster.client().items(f"/api/v1/namespaces/{namespace}/secrets", {"labelSelector": "owner=helm"})
    return [secret["metadata"]["labels"] for secret in found]
