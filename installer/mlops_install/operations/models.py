"""Which models are served, on either target."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.deployment.layout import Deployment
from mlops_install.environment.served import ServedModel
from mlops_install.errors import InstallerError, UsageError
from mlops_install.operations.cluster import connect, refuse_other_cluster
from mlops_install.operations.context import Context
from mlops_install.operations.inspection import installed_answers
from mlops_install.operations.records import ServiceState

if TYPE_CHECKING:
    from mlops_install.live.api import Cluster

MODULE = "seldon"


def served(context: Context, deployment: Deployment) -> list[ServedModel]:
    """Return the models that are to be served, by name, each with whether it is.

    Raises UsageError where Seldon isn't chosen, PreflightError and ClusterError as `status` does.
    """
    _, answers = installed_answers(context, deployment)
    if MODULE not in answers.modules:
        raise UsageError(
            f"{deployment.name!r} serves no models: Seldon isn't part of it",
            hint=f"`mlops-install reconfigure {deployment.name}` adds it.",
        )
    if answers.target == "kubernetes":
        from mlops_install.live.facts import cluster_uid

        cluster = connect(context, answers)
        refuse_other_cluster(deployment, cluster_uid(cluster), cluster.access.context)
        return cluster_models(cluster, answers)
    return local_models(deployment, answers)


def cluster_models(cluster: Cluster, answers: Answers) -> list[ServedModel]:
    """Return what is served in a cluster that is known to be the deployment's; raises ClusterError."""
    from mlops_install.live.models import served_models

    return served_models(cluster, str(answers.parameters.get("seldon_namespace") or ""))


def local_models(deployment: Deployment, answers: Answers) -> list[ServedModel]:
    """Return what is served on this machine."""
    from mlops_install.local.models import served_models

    return served_models(deployment, str(answers.parameters.get("seldon_models_directory") or ""))


def with_models(states: list[ServiceState], models: Callable[[], list[ServedModel]]) -> list[ServiceState]:
    """Return the states with, for a healthy Seldon, how many models it serves, which tells more than a reply."""
    return [
        replace(state, detail=_counted(models) or state.detail)
        if state.module == MODULE and state.state == "healthy"
        else state
        for state in states
    ]


def _counted(models: Callable[[], list[ServedModel]]) -> str:
    try:
        return counted(models())
    except InstallerError:
        return ""


def counted(models: Iterable[ServedModel]) -> str:
    """Return how many there are in a few words: `3 models served, 1 not healthy`."""
    listed = list(models)
    if not listed:
        return "no model served"
    ill = sum(model.state != "healthy" for model in listed)
    words = f"{len(listed)} model{'s' if len(listed) > 1 else ''} served"
    return f"{words}, {ill} not healthy" if ill else words
