"""What Seldon serves in a cluster: SeldonDeployments, and whether each of them answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

from mlops_install.answers.model import Answers
from mlops_install.deployment.layout import Deployment
from mlops_install.environment.served import ServedModel, from_object
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.cluster import connect, refuse_other_cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.pods.health import troubled_pod
from mlops_install.targets.kubernetes.preflight.facts import cluster_uid

_PORT = 8000
"""Of a predictor's Service, where Seldon's executor answers for the model (chart 1.17.1)."""
_AT_ONCE = 8


def served_models(cluster: Cluster, namespace: str) -> list[ServedModel]:
    """Return every SeldonDeployment of a namespace, by name; none where the cluster doesn't know the kind.

    Raises ClusterError when the cluster can't be asked.
    """
    try:
        found = cluster.items(f"/apis/machinelearning.seldon.io/v1/namespaces/{namespace}/seldondeployments")
    except ClusterError as error:
        if error.status == 404:
            return []
        raise
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        models = pool.map(lambda item: from_object(item, *_state(cluster, namespace, item)), found)
        return sorted(models, key=lambda model: model.name)


def models_of(context: Context, deployment: Deployment, answers: Answers) -> list[ServedModel]:
    """Return every model that a deployment serves; raises PreflightError for another cluster, and ClusterError."""
    cluster = connect(context, answers)
    refuse_other_cluster(deployment, cluster_uid(cluster), cluster.access.context)
    return served_models(cluster, str(answers.parameters.get("seldon_namespace") or ""))


def _state(
    cluster: Cluster, namespace: str, deployment: Mapping[str, Any]
) -> tuple[Literal["healthy", "starting", "down"], str]:
    name, status = deployment["metadata"]["name"], deployment.get("status") or {}
    predictors = (deployment.get("spec") or {}).get("predictors") or [{}]
    service = f"{name}-{predictors[0].get('name', 'default')}"
    where = f"/api/v1/namespaces/{namespace}/services/http:{service}:{_PORT}/proxy/v2/models/{name}"
    try:
        _, content = cluster.request("GET", where)
    except ClusterError as error:
        if status.get("state") == "Failed":
            return "down", str(status.get("description") or "Seldon's operator gives no reason")
        return "starting", troubled_pod(cluster, namespace, f"seldon-deployment-id={name}") or error.message
    wanted = ((deployment["metadata"].get("annotations") or {}).get("mlflow-seldon/version")) or ""
    answering = _versions(content)
    if wanted and answering and wanted not in answering:
        return "starting", f"version {answering[0]} still answers"
    return "healthy", ""


def _versions(content: bytes) -> list[str]:
    try:
        found = json.loads(content)
    except ValueError:
        return []
    versions = found.get("versions") if isinstance(found, dict) else None
    return [str(version) for version in versions or ()]
