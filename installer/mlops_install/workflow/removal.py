"""Remove a deployment's installation: keep the data, or purge them too."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from mlops_install.answers.document import read_answers
from mlops_install.answers.secrets import Resolved
from mlops_install.deployment.backend import place_of, state_secret
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import UsageError
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.leftovers import Leftovers

_NAMESPACE = re.compile(r"\bin namespace ([a-z0-9-]+)")


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
    """Return what a planned destroy leaves in the cluster, a line each, as the modules say it.

    Asked before it is carried out. What lies in a namespace that goes isn't listed, nor, with `purge_data`, what lies
    in a server of ours. Empty on the local target.
    """
    if read_marker(deployment).target != "kubernetes":
        return []
    from mlops_install.inspect.inspection import outputs

    published = outputs(context, deployment)
    behind = published.get("left_behind") or {}
    lines = [str(line) for lines in behind.values() for line in lines] if isinstance(behind, dict) else []
    tfvars = json.loads(run.tfvars.read_bytes())
    theirs = set(tfvars.get("existing_namespaces") or ())
    kept = set() if purge_data else set(tfvars.get("kept_namespaces") or ())
    left = [line for line in lines if kept | theirs >= set(_NAMESPACE.findall(line))]
    if not published:
        from mlops_install.targets.kubernetes.removal import left_unsaid

        answers = read_answers(deployment.answers, context.catalogue("kubernetes"))
        left = left_unsaid(context, deployment, answers, sorted(kept))
    if purge_data:
        left = [line for line in left if not line.startswith("Database ")]
    return [*left, *(f"Namespace {name}" for name in sorted(kept - theirs))]


def state_left(context: Context, deployment: Deployment) -> list[str]:
    """Return where outside the folder Terraform leaves its state."""
    answers = read_answers(deployment.answers, context.catalogue(read_marker(deployment).target))
    if answers.backend.type == "local":
        return []
    if answers.backend.type != "kubernetes":
        return [f"Terraform's state in the {place_of(answers)}"]
    name, place = state_secret(answers)
    return [f"Secret {name} and Lease lock-{name} in namespace {place}: Terraform's state and its lock"]


def left_over(context: Context, prepared: Prepared, run: RunFolder) -> Leftovers:
    """Return what an interrupted apply left in a cluster that the planned destroy doesn't know of and that is to go.

    Raises PreflightError when the cluster can't be asked.
    """
    if prepared.answers.target != "kubernetes":
        return Leftovers()
    from mlops_install.targets.kubernetes import removal as cluster_removal

    return cluster_removal.left_over(context, prepared, run)


def removing(context: Context, prepared: Prepared, left: Leftovers) -> AbstractContextManager[None]:
    """Return what takes leftovers away around Terraform's destroy (`cluster_removal.removing`)."""
    if not left.told():
        return nullcontext()
    from mlops_install.targets.kubernetes import removal as cluster_removal

    return cluster_removal.removing(context, prepared, left)


def purge_in_cluster(context: Context, prepared: Prepared, behind: Sequence[str]) -> list[str]:
    """Remove the data among what a purging destroy left, and return what still stays (`cluster_removal.purge`)."""
    if not behind:
        return []
    from mlops_install.targets.kubernetes import removal as cluster_removal

    return cluster_removal.purge(context, prepared.answers, behind)


def clean_up(deployment: Deployment, *, purge_data: bool) -> Sequence[str]:
    """End what still lives of the local services and remove what can be made again; returns what stays, a line each.

    With `purge_data` the services' data and the secrets go too; a database that stays is only read with its password.
    """
    if read_marker(deployment).target != "local":
        if purge_data:
            deployment.secrets.unlink(missing_ok=True)
            shutil.rmtree(deployment.draft, ignore_errors=True)
        return tuple(_left(deployment))
    from mlops_install.targets.local import control

    control.end_all(deployment)
    if purge_data:
        control.purge(deployment)
        deployment.secrets.unlink(missing_ok=True)
        shutil.rmtree(deployment.draft, ignore_errors=True)
    else:
        control.remove_environments(deployment)
    return tuple(_left(deployment))


def _left(deployment: Deployment) -> list[str]:
    left = [f"{path} ({_mebibytes(path)} MiB of data)" for path in sorted(deployment.services.glob("*/data"))]
    if deployment.secrets.is_file():
        left.append(f"{deployment.secrets} (the next installation goes on with these secrets)")
    left.append(f"{deployment.folder} (answers and the history of runs)")
    return left


def _mebibytes(folder: Path) -> int:
    return round(sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 2**20)
