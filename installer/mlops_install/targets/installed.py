"""The answers of what is installed."""

from __future__ import annotations

from mlops_install.answers.document import read_answers
from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.store import exists
from mlops_install.errors import UsageError
from mlops_install.targets.context import Context


def approved_answers(context: Context, deployment: Deployment) -> Answers | None:
    """Return the approved answers; None when nothing was approved yet. Raises UsageError for a file that is damaged."""
    if not exists(deployment) or not deployment.answers.is_file():
        return None
    return read_answers(deployment.answers, context.catalogue(read_marker(deployment).target))


def installed_answers(context: Context, deployment: Deployment) -> tuple[Catalogue, Answers]:
    """Return the catalogue and the approved answers; raises UsageError when nothing was approved yet."""
    answers = approved_answers(context, deployment)
    if answers is None:
        raise UsageError(
            f"nothing of {deployment.name!r} is installed yet", hint=f"Run `{deployment.command('apply')}`."
        )
    return context.catalogue(answers.target), answers
