"""Remove a deployment's installation: keep the data, or purge them too."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_install.answers.document import read_answers
from mlops_install.answers.secrets import Resolved
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import UsageError
from mlops_install.operations.context import Context
from mlops_install.operations.prepare import Prepared

if TYPE_CHECKING:
    from mlops_install.live.api import Cluster

_OBJECTS = re.compile(r"(PersistentVolumeClaim|Secret|Pod)s? (.+?) in namespace ([a-z0-9-]+)")
_KINDS = {
    "PersistentVolumeClaim": ("persistentvolumeclaims", "app=jupyterhub,component=singleuser-storage"),
    "Secret": ("secrets", ""),
    "Pod": ("pods", "app=jupyterhub,component=singleuser-server"),
}
"""How the objects that modules leave are listed, and the labels of JupyterHub's users' ones (chart 4.4.0)."""
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
    from mlops_install.operations.inspection import outputs

    behind = outputs(context, deployment).get("left_behind") or {}
    lines = [str(line) for lines in behind.values() for line in lines] if isinstance(behind, dict) else []
    tfvars = json.loads(run.tfvars.read_bytes())
    theirs = set(tfvars.get("existing_namespaces") or ())
    kept = set() if purge_data else set(tfvars.get("kept_namespaces") or ())
    left = [line for line in lines if kept | theirs >= set(_NAMESPACE.findall(line))]
    if purge_data:
        left = [line for line in left if not line.startswith("Database ")]
    return [*left, *(f"Namespace {name}" for name in sorted(kept - theirs))]


def purge_in_cluster(context: Context, prepared: Prepared, behind: Sequence[str]) -> list[str]:
    """Remove the volumes, Secrets and notebook servers among what a purging destroy left; returns what still stays.

    They are in namespaces that were there before us: those that we made take everything along. What the cluster refuses
    to remove stays in the list.
    """
    from mlops_install.live.errors import ClusterError
    from mlops_install.operations.cluster import connect

    stays = []
    for line in behind:
        found = _OBJECTS.match(line)
        if found is None:
            stays.append(line)
            continue
        try:
            _remove(connect(context, prepared.answers), *found.groups())
        except ClusterError as error:
            stays.append(f"{line} ({error.message})")
    return stays


def _remove(cluster: Cluster, kind: str, names: str, namespace: str) -> None:
    """Delete the objects of that kind, or where the name has a user in it, those of every user."""
    plural, of_users = _KINDS[kind]
    path = f"/api/v1/namespaces/{namespace}/{plural}"
    there = cluster.items(path, {"labelSelector": of_users} if "<" in names else {})
    wanted = None if "<" in names else names.split(" and ")
    for name in (item["metadata"]["name"] for item in there):
        if wanted is None or name in wanted:
            cluster.delete(f"{path}/{name}")


def clean_up(deployment: Deployment, *, purge_data: bool) -> Sequence[str]:
    """End what still lives of the local services and remove what can be made again; returns what stays, a line each.

    With `purge_data` the services' data and the secrets go too; a database that stays is only read with its password.
    """
    if read_marker(deployment).target != "local":
        if purge_data:
            deployment.secrets.unlink(missing_ok=True)
            shutil.rmtree(deployment.draft, ignore_errors=True)
        return tuple(_left(deployment))
    from mlops_install.local import control

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
