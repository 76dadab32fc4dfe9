"""The preset `small-cluster` in a namespace with a quota on CPU and memory; needs no node that runs pods.

Such a quota refuses every pod of which one container doesn't say what it requests: a Deployment would never be ready,
and a hook's Job never done.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from tests.cluster.conftest import TestCluster
from tests.cluster.sites import make_namespace, remove_namespace

MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon", "postgresql", "object_store", "valkey")
HARD = {"requests.cpu": "8", "requests.memory": "16Gi"}


@pytest.fixture
def limited(on_cluster: TestCluster) -> Iterator[str]:
    """A namespace with such a quota, for all modules."""
    if not on_cluster.real_charts:
        pytest.skip("What init containers and hooks request stands in the real charts alone.")
    api, name = on_cluster.client(), f"quota-{secrets.token_hex(3)}"
    make_namespace(api, name)
    quota = {"metadata": {"name": "compute"}, "spec": {"hard": HARD}}
    api.post(f"/api/v1/namespaces/{name}/resourcequotas", quota)
    yield name
    on_cluster.program.run("destroy", name, "--yes", "--non-interactive", "--purge-data", code=None)
    remove_namespace(api, name)


def test_all_is_installed_under_a_quota(on_cluster: TestCluster, limited: str) -> None:
    places = [f"--set={module}_namespace={limited}" for module in MODULES]
    on_cluster.quick("small-cluster", limited, *places, f'--set=existing_namespaces=["{limited}"]')
    found = on_cluster.client().items(f"/api/v1/namespaces/{limited}/secrets", {"labelSelector": "owner=helm"})
    assert {secret["metadata"]["labels"]["status"] for secret in found} == {"deployed"}
    quota = on_cluster.get(f"/api/v1/namespaces/{limited}/resourcequotas/compute")
    assert quota["status"]["used"]["requests.memory"] != "0"
