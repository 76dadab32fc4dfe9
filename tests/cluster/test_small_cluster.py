"""The preset `small-cluster`, installed by the installed command through the real providers.

The tests of this file go on from each other's cluster, in order: installing anew for each would take an hour.
What the nodes and the charts are is in each test's name; no test here needs a process behind a pod.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.cluster.canaries import helm_secrets, secrets_of, where_shown
from tests.cluster.conftest import TestCluster
from tests.cluster.workloads import snapshot

from mlops_install.catalogue.model import Catalogue

NAME = "small"
TOOLS = {"jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon"}


@pytest.fixture(scope="module")
def installed(on_cluster: TestCluster) -> list[dict[str, Any]]:
    """What the first installation said."""
    return on_cluster.quick("small-cluster", NAME)


def changes(on_cluster: TestCluster) -> set[str]:
    """Return the resources that the newest run changed."""
    runs = sorted((on_cluster.program.folder(NAME) / "runs").iterdir())
    return {change["address"] for change in json.loads((runs[-1] / "run.json").read_text())["changes"]}


def test_all_is_installed(on_cluster: TestCluster, installed: list[dict[str, Any]]) -> None:
    result = installed[-1]["data"]
    assert result["exit_code"] == 0
    assert set(result["addresses"]) >= TOOLS
    deployed = {
        secret["metadata"]["labels"]["name"]: secret["metadata"]["labels"]["status"]
        for secret in helm_secrets(on_cluster)
    }
    assert {"jupyterhub", "prefect-server", "prefect-worker", "dask-operator", "mlflow", "feast-online"} <= set(
        deployed
    )
    assert set(deployed.values()) == {"deployed"}


def test_its_pods_were_watched_while_it_was_installed(on_cluster: TestCluster, installed: list[dict[str, Any]]) -> None:
    pods = [event for event in installed if event.get("source") == "live" and event.get("type") == "pod"]
    assert {event["module"] for event in pods} >= {"jupyterhub", "mlflow", "prefect"}
    assert any("Ready" in event["message"] for event in pods)


def test_a_second_apply_changes_nothing(on_cluster: TestCluster, installed: list[dict[str, Any]]) -> None:
    assert installed
    before = {(s["metadata"]["name"], s["metadata"]["uid"]) for s in helm_secrets(on_cluster)}
    on_cluster.quick("small-cluster", NAME)
    assert changes(on_cluster) == set()
    assert {(s["metadata"]["name"], s["metadata"]["uid"]) for s in helm_secrets(on_cluster)} == before


def test_one_changed_parameter_changes_exactly_its_release(
    on_cluster: TestCluster, installed: list[dict[str, Any]]
) -> None:
    assert installed
    on_cluster.quick("small-cluster", NAME, "--set=prefect_worker_replicas=3")
    changed = changes(on_cluster)
    assert changed
    assert all("prefect_worker" in address or "prefect-worker" in address for address in changed)
    worker = on_cluster.get("/apis/apps/v1/namespaces/prefect/deployments/prefect-worker")
    assert worker["spec"]["replicas"] == 3


def test_secrets_are_in_the_clusters_secrets_and_nowhere_else(
    on_cluster: TestCluster, catalogue: Catalogue, installed: list[dict[str, Any]]
) -> None:
    values = secrets_of(on_cluster, NAME)
    generated = {secret.name for secret in catalogue.secrets() if secret.generate}
    assert values.keys() == generated
    # The one named exception: the chart takes the proxy's token as a value only.
    assert where_shown(on_cluster, NAME, installed) == {"release jupyterhub": {"jhub_proxy_secret_token"}}
    now = snapshot(on_cluster)
    assert {name for name, value in values.items() if not now.users(value)} == set()


def test_status_names_what_is_ready(on_cluster: TestCluster, installed: list[dict[str, Any]]) -> None:
    assert installed
    document = on_cluster.program.document("status", NAME, code=None)
    states = {module["module"]: module["state"] for module in document["modules"]}
    assert states["postgresql"] == "healthy"
    assert states["valkey"] == "healthy"
    if not on_cluster.simulated:
        assert set(states.values()) == {"healthy"}


def test_a_release_that_was_left_half_made_is_found_before_anything_changes(
    on_cluster: TestCluster, installed: list[dict[str, Any]]
) -> None:
    assert installed
    newest = max(
        (s for s in helm_secrets(on_cluster) if s["metadata"]["labels"]["name"] == "mlflow"),
        key=lambda s: int(s["metadata"]["labels"]["version"]),
    )
    half = {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": newest["type"],
        "metadata": {
            "name": "sh.helm.release.v1.mlflow.v99",
            "labels": {**newest["metadata"]["labels"], "status": "pending-upgrade", "version": "99"},
        },
        "data": newest["data"],
    }
    api = on_cluster.client()
    api.post("/api/v1/namespaces/mlflow/secrets", half)
    try:
        events = on_cluster.program.lines("apply", NAME, "--non-interactive", "--set=prefect_worker_replicas=2", code=3)
        told = json.dumps(events[-1]["data"]["problems"])
        assert "mlflow" in told
        assert "pending" in told or "half" in told
    finally:
        api.delete("/api/v1/namespaces/mlflow/secrets/sh.helm.release.v1.mlflow.v99")


def test_a_wrong_context_and_an_unreachable_cluster_are_findings(on_cluster: TestCluster, tmp_path: Path) -> None:
    flags = ("--name", "lost", "--non-interactive", "--yes", f"--set=charts_directory={on_cluster.charts}")
    wrong = on_cluster.program.lines(
        "quick", "kind", *flags, "--kubeconfig", str(on_cluster.kubeconfig), "--context", "nowhere", code=3
    )
    assert "nowhere" in json.dumps(wrong[-1])
    text = on_cluster.kubeconfig.read_text()
    dead = tmp_path / "dead"
    dead.write_text(re.sub(r"https://[^\s\"',]+", "https://127.0.0.1:9", text))
    gone = on_cluster.program.lines("quick", "kind", *flags, "--kubeconfig", str(dead), code=3)
    assert "127.0.0.1:9" in json.dumps(gone[-1])
    assert not on_cluster.program.folder("lost").joinpath("answers.yaml").exists()
