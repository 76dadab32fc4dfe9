"""Which models are served, on either target."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment
from mlops_install.environment.served import ServedModel
from mlops_install.errors import UsageError
from mlops_install.targets.context import Context
from mlops_install.targets.installed import installed_answers
from mlops_install.targets.kubernetes.cluster import connect, refuse_other_cluster
from mlops_install.targets.served import MODULE


def served(context: Context, deployment: Deployment) -> list[ServedModel]:
    """Return the models that are to be served, by name, each with whether it is.

    Raises UsageError where Seldon isn't chosen, PreflightError and ClusterError as `status` does.
    """
    _, answers = installed_answers(context, deployment)
    if MODULE not in answers.modules:
        raise UsageError(
            f"{deployment.name!r} serves no models: Seldon isn't part of it",
            hint=f"`{deployment.command('reconfigure')}` adds it.",
        )
    if answers.target == "kubernetes":
        from mlops_install.targets.kubernetes.facts import cluster_uid
        from mlops_install.targets.kubernetes.models import served_models as cluster_models

        cluster = connect(context, answers)
        refuse_other_cluster(deployment, cluster_uid(cluster), cluster.access.context)
        return cluster_models(cluster, str(answers.parameters.get("seldon_namespace") or ""))
    from mlops_install.targets.local.models import served_models

    return served_models(deployment, str(answers.parameters.get("seldon_models_directory") or ""))
