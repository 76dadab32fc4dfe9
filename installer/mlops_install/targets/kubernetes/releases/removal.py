"""What a destroy takes away in a cluster beside what Terraform knows, and what it says stays there."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mlops_install.answers.model import Answers
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.runs.history import read_record
from mlops_install.errors import InstallerError, PreflightError
from mlops_install.targets.context import Context
from mlops_install.targets.installed import installed_answers, outputs
from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.cluster import connect
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.preflight.examination import module_needs
from mlops_install.targets.kubernetes.preflight.findings import Installation
from mlops_install.targets.kubernetes.releases.helm import list_namespaces, list_releases
from mlops_install.targets.kubernetes.releases.leftovers import Leftovers, find_leftovers, remove
from mlops_install.targets.kubernetes.releases.namespaces import held_by

DEFINITION = "The custom resource definition"
"""How the modules begin what they say of definitions that stay."""
_GONE_SECONDS = 300.0
"""How long a namespace may take to go: as long as Terraform's provider gives it."""
_POLL = 0.5
_NAMESPACE = re.compile(r"\bin namespace ([a-z0-9-]+)")
_OBJECTS = re.compile(r"(PersistentVolumeClaim|Secret|Pod)s? (.+?) in namespace ([a-z0-9-]+)")
_KINDS = {
    "PersistentVolumeClaim": ("persistentvolumeclaims", "app=jupyterhub,component=singleuser-storage"),
    "Secret": ("secrets", ""),
    "Pod": ("pods", "app=jupyterhub,component=singleuser-server"),
}
"""How the objects that modules leave are listed, and the labels of those of JupyterHub's users (chart 4.4.0)."""


def left_behind(context: Context, deployment: Deployment, run: RunFolder, *, purge_data: bool) -> list[str]:
    """Return what a planned destroy leaves in the cluster, a line each, as the modules say it.

    Asked before it is carried out. What lies in a namespace that goes isn't listed, nor, with `purge_data`, what lies
    in a server of ours.
    """
    published = outputs(context, deployment)
    behind = published.get("left_behind") or {}
    lines = [str(line) for lines in behind.values() for line in lines] if isinstance(behind, dict) else []
    tfvars = json.loads(run.tfvars.read_bytes())
    theirs = set(tfvars.get("existing_namespaces") or ())
    kept = set() if purge_data else set(tfvars.get("kept_namespaces") or ())
    left = [line for line in lines if kept | theirs >= set(_NAMESPACE.findall(line))]
    if not published:
        _, answers = installed_answers(context, deployment)
        left = left_unsaid(context, deployment, answers, sorted(kept))
    if purge_data:
        left = [line for line in left if not line.startswith("Database ")]
    return [*left, *(f"Namespace {name}" for name in sorted(kept - theirs))]


def left_unsaid(context: Context, deployment: Deployment, answers: Answers, kept: Sequence[str]) -> list[str]:
    """Return what stays of an installation that never said it, its first apply having been cut off, a line each.

    `kept` are the namespaces that stay: the cluster tells their volumes. Beyond namespaces only definitions stay, of
    modules that came as far as a release. Asked before all is removed; raises PreflightError when the cluster fails.
    """
    lines: list[str] = []
    try:
        cluster = connect(context, answers)
        for name in kept:
            claims = cluster.items(f"/api/v1/namespaces/{name}/persistentvolumeclaims")
            lines += [f"PersistentVolumeClaim {claim['metadata']['name']} in namespace {name}" for claim in claims]
        there = {it.name for it in list_releases(cluster, _places(deployment, context, answers))}
    except ClusterError as error:
        raise PreflightError(error.message, hint=error.hint) from error
    needs = module_needs(context, answers)
    for module in context.catalogue(answers.target).modules.values():
        if module.id in needs and there & {release.name for release in module.releases}:
            lines += [line for line in needs[module.id].left_behind if line.startswith(DEFINITION)]
    return lines


def _places(deployment: Deployment, context: Context, answers: Answers) -> set[str]:
    return Installation.of(deployment, context.catalogue(answers.target), answers).our_namespaces()


def purge(context: Context, answers: Answers, behind: Sequence[str]) -> list[str]:
    """Remove volumes, Secrets and notebook servers among what modules say they leave; returns what still stays.

    They are in namespaces that were there before us: those that we made take everything along. What the cluster refuses
    to remove stays in the list, with why.
    """
    stays = []
    for line in behind:
        found = _OBJECTS.match(line)
        if found is None:
            stays.append(line)
            continue
        try:
            _delete(connect(context, answers), *found.groups())
        except ClusterError as error:
            stays.append(f"{line} ({error.message})")
    return stays


def _delete(cluster: Cluster, kind: str, names: str, namespace: str) -> None:
    """Delete the objects of that kind; where the name has a user in it, those of every user."""
    plural, of_users = _KINDS[kind]
    path = f"/api/v1/namespaces/{namespace}/{plural}"
    there = cluster.items(path, {"labelSelector": of_users} if "<" in names else {})
    wanted = None if "<" in names else names.split(" and ")
    for name in (item["metadata"]["name"] for item in there):
        if wanted is None or name in wanted:
            cluster.delete(f"{path}/{name}")


@dataclass(frozen=True, slots=True)
class ToRemove:
    """What an interrupted apply left and a destroy is to take along."""

    context: Context
    prepared: Prepared
    left: Leftovers

    def told(self) -> list[str]:
        """Return what it is, a line each."""
        return self.left.told()

    @contextmanager
    def removing(self) -> Iterator[None]:
        """Take it away around Terraform's destroy: releases and their parts before it, namespaces after it.

        Raises InstallerError when it can't be removed, or a namespace doesn't go.
        """
        _remove(self.context, self.prepared, replace(self.left, namespaces=()))
        yield
        _remove(self.context, self.prepared, Leftovers(namespaces=self.left.namespaces))
        if self.left.namespaces:
            _wait_until_gone(connect(self.context, self.prepared.answers), [it.name for it in self.left.namespaces])


def left_over(context: Context, prepared: Prepared, run: RunFolder) -> ToRemove:
    """Return what an interrupted apply left that the planned destroy `run` doesn't know of and that is to go.

    Raises PreflightError when the cluster can't be asked.
    """
    kept = set(json.loads(run.tfvars.read_bytes()).get("kept_namespaces") or ())
    everything = "-destroy" in read_record(run).plan_arguments
    try:
        left = find_leftovers(context, prepared.deployment, prepared.catalogue, prepared.answers, before=run)
    except ClusterError as error:
        raise PreflightError(error.message, hint=error.hint) from error
    going = tuple(it for it in left.namespaces if everything or it.name not in kept)
    return ToRemove(context, prepared, replace(left, namespaces=going))


def _remove(context: Context, prepared: Prepared, left: Leftovers) -> None:
    if not left.told():
        return
    try:
        remove(connect(context, prepared.answers), left)
    except ClusterError as error:
        raise InstallerError(
            f"What an interrupted apply left could not be removed. {error.message}", hint=error.hint
        ) from error


def _wait_until_gone(cluster: Cluster, namespaces: Sequence[str]) -> None:
    last = time.monotonic() + _GONE_SECONDS
    while there := sorted(list_namespaces(cluster, namespaces)):
        if time.monotonic() > last:
            held = held_by(cluster, there[0])
            raise InstallerError(
                f"The namespace {there[0]} is being removed and doesn't go"
                + (f": it is held by {held}." if held else "."),
                hint=f"`kubectl get namespace {there[0]} -o yaml` says under `status` what holds it.",
            )
        time.sleep(_POLL)
