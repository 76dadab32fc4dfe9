"""Ask a module in a cluster whether it works, by a call that means something (the stack's output `health`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.pods.states import pod_state

Answer = tuple[Literal["healthy", "starting", "down"], str]
_WORKLOADS = {"deployment": "deployments", "statefulset": "statefulsets"}


def ask(cluster: Cluster, health: Mapping[str, Any]) -> Answer:
    """Return the state and one line of evidence.

    Never raises: a cluster that doesn't answer is evidence too.
    """
    namespace, service = str(health["namespace"]), str(health["service"])
    try:
        if health["kind"] in _WORKLOADS:
            return _workload(cluster, _WORKLOADS[health["kind"]], namespace, service)
        return _call(cluster, health)
    except ClusterError as error:
        said = troubled_pod(cluster, namespace)
        return ("starting" if said.endswith("Starting") else "down"), said or error.message


def _workload(cluster: Cluster, kind: str, namespace: str, name: str) -> Answer:
    found = cluster.get(f"/apis/apps/v1/namespaces/{namespace}/{kind}/{name}")
    wanted = int((found.get("spec") or {}).get("replicas") or 0)
    ready = int((found.get("status") or {}).get("readyReplicas") or 0)
    if ready >= wanted > 0:
        return "healthy", f"{ready} of {wanted} ready"
    return "starting", troubled_pod(cluster, namespace) or f"{ready} of {wanted} ready"


def _call(cluster: Cluster, health: Mapping[str, Any]) -> Answer:
    """Ask through the API server's own proxy: it reaches services that are published nowhere.

    It passes no login on, so a tool with passwords is known to answer, not to reach its database.
    """
    path, _, query = str(health["path"]).partition("?")
    where = f"/api/v1/namespaces/{health['namespace']}/services/http:{health['service']}:{health['port']}/proxy{path}"
    values = dict(pair.split("=", 1) for pair in query.split("&")) if query else None
    accepted = [int(status) for status in health.get("statuses") or [200]]
    try:
        status, _ = cluster.request("GET", where, values)
    except ClusterError as error:
        # The API server's own refusal has the same number, but says what it is.
        if error.status in accepted and error.reason != "Unauthorized":
            return "healthy", f"GET {path}: {error.status}, it asks for its login"
        raise
    return "healthy", f"GET {path}: {status}"


def troubled_pod(cluster: Cluster, namespace: str, labels: str = "") -> str:
    """Return what is wrong with the first pod of a namespace that isn't ready; empty when none is, or none is seen.

    `labels` is a label selector that narrows the pods.
    """
    query = {"labelSelector": labels} if labels else None
    try:
        pods = cluster.items(f"/api/v1/namespaces/{namespace}/pods", query)
    except ClusterError:
        return ""
    for pod in pods:
        word, detail = pod_state(pod)
        if word not in ("Ready", "Completed", "Terminating"):
            return f"{pod['metadata']['name']}: {detail or word}"
    return ""
