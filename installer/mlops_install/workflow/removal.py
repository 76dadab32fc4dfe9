"""Remove a deployment's installation: keep the data, or purge them too."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from mlops_install.answers.document import read_answers
from mlops_install.answers.secrets import Resolved
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.root.backend import place_of, state_secret
from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import UsageError
from mlops_install.targets.base import Leftovers
from mlops_install.targets.context import Context
from mlops_install.targets.registry import target


def prepare_destroy(context: Context, deployment: Deployment) -> Prepared:
    """Return the approved answers with the secrets as they are: a lost secret never blocks a destroy.

    Raises UsageError when nothing was ever approved.
    """
    catalogue = context.catalogue(read_marker(deployment).target)
    if not deployment.answers.is_file():
        raise UsageError(
            f"nothing of {deployment.name!r} was ever installed",
            hint=f"Its folder is {deployment.folder}; remove it when you don't need its plans.",
        )
    answers = read_answers(deployment.answers, catalogue)
    values = read_secrets(deployment.secrets)
    return Prepared(
        deployment=deployment,
        catalogue=catalogue,
        answers=answers,
        approved=answers,
        secrets=Resolved(values=values, references=dict(answers.secrets), problems=[]),
        missing=(),
        overridden=(),
    )


def left_in_cluster(context: Context, deployment: Deployment, run: RunFolder, *, purge_data: bool) -> list[str]:
    """Return what a planned destroy leaves on the target, a line each; asked before it is carried out."""
    removal = target(read_marker(deployment).target).removal
    return list(removal.left_behind(context, deployment, run, purge_data=purge_data))


def state_left(context: Context, deployment: Deployment) -> list[str]:
    """Return where outside the folder Terraform leaves its state."""
    answers = read_answers(deployment.answers, context.catalogue(read_marker(deployment).target))
    if answers.backend.in_a_file:
        return []
    if not answers.backend.in_a_cluster:
        return [f"Terraform's state in the {place_of(answers)}"]
    name, place = state_secret(answers)
    return [f"Secret {name} and Lease lock-{name} in namespace {place}: Terraform's state and its lock"]


def left_over(context: Context, prepared: Prepared, run: RunFolder) -> Leftovers:
    """Return what an interrupted apply left that the planned destroy doesn't know of and that is to go.

    Raises PreflightError when the target can't be asked.
    """
    return target(prepared.answers.target).removal.leftovers(context, prepared, run)


def purge_in_cluster(context: Context, prepared: Prepared, behind: Sequence[str]) -> list[str]:
    """Remove the data among what a purging destroy left, and return what still stays."""
    return target(prepared.answers.target).removal.purge(context, prepared, behind) if behind else []


def clean_up(deployment: Deployment, *, purge_data: bool) -> Sequence[str]:
    """End what still lives of the services and remove what can be made again; returns what stays, a line each.

    With `purge_data` the services' data and the secrets go too; a database that stays is only read with its password.
    """
    target(read_marker(deployment).target).removal.clean_up(deployment, purge_data=purge_data)
    if purge_data:
        deployment.secrets.unlink(missing_ok=True)
        shutil.rmtree(deployment.draft, ignore_errors=True)
    return tuple(_left(deployment))


def _left(deployment: Deployment) -> list[str]:
    left = [f"{path} ({_mebibytes(path)} MiB of data)" for path in sorted(deployment.services.glob("*/data"))]
    if deployment.secrets.is_file():
        left.append(f"{deployment.secrets} (the next installation goes on with these secrets)")
    left.append(f"{deployment.folder} (answers and the history of runs)")
    return left


def _mebibytes(folder: Path) -> int:
    return round(sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 2**20)
