"""Which models are served."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment
from mlops_install.environment.served import ServedModel
from mlops_install.errors import UsageError
from mlops_install.targets.context import Context
from mlops_install.targets.installed import installed_answers
from mlops_install.targets.registry import target
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
    return target(answers.target).operation.models(context, deployment, answers)
