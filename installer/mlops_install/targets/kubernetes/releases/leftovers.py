"""What an apply that was cut off made in a cluster without Terraform's state knowing of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers, Backend
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.files import write_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.root.backend import noted_backend
from mlops_install.deployment.runs.history import list_runs, read_record
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import connect
from mlops_install.targets.kubernetes.preflight.findings import Installation

if TYPE_CHECKING:
    from mlops_install.engine.state import Known
    from mlops_install.targets.kubernetes.api import Cluster
    from mlops_install.targets.kubernetes.releases.helm import HelmRelease, MadeObject

_TAKEN_OVER = "taken_over.tf"
_HEAD = """\
# Written by mlops-install with each plan: an apply was cut off after it had made these and before the state knew.
"""
_CLOCKS = timedelta(minutes=10)
"""How far the cluster's clock may be from this machine's."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Objects of the approved installation that are in the cluster and not in the state."""

    namespaces: tuple[MadeObject, ...] = ()
    parts: tuple[MadeObject, ...] = ()
    """What stands beside releases: Secrets, ConfigMaps, service accounts."""
    releases: tuple[HelmRelease, ...] = ()
    """Half-made or whole: Helm has them, Terraform doesn't. In the order in which they are installed."""

    def told(self) -> list[str]:
        """Return what they are, a line each."""
        objects = (*self.parts, *self.namespaces)
        return [*(it.told for it in self.releases), *(it.told for it in objects)]


def find_leftovers(
    context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, before: RunFolder | None = None
) -> Leftovers:
    """Return what the deployment's applies left behind; nothing where the last one came to its end.

    An object counts only if the approved answers name it, it bears our mark (a release: Helm's, of a name of ours), and
    it was made after the first apply since the installation last was removed. `before` is a run that doesn't count.
    Raises ClusterError and PreflightError.
    """
    from mlops_install.engine.state import read_state
    from mlops_install.targets.kubernetes.releases.helm import list_made_namespaces, list_parts, list_releases

    # Where the state is, not where it is asked to be.
    local = (noted_backend(deployment) or answers.backend) == Backend()
    since = _cut_off_since(deployment, before, local=local)
    if since is None or not deployment.tfvars.is_file():
        return Leftovers()
    known = read_state(context.binary(), deployment, local=local, variables=context.environment.variables)
    if known is None:
        return Leftovers()
    installation = Installation.of(deployment, catalogue, answers)
    cluster = connect(context, answers)
    ours, places = installation.our_releases(), installation.our_namespaces()
    existing = installation.approved.get("existing_namespaces")
    made = places - set(map(str, existing if isinstance(existing, list) else ()))
    return Leftovers(
        tuple(
            it for it in list_made_namespaces(cluster, made)
            if it.name not in known.namespaces and _later(it.created, since)
        ),
        tuple(
            it for it in list_parts(cluster, places)
            if (it.namespace, it.release) in ours
            and (it.kind, it.namespace, it.name) not in known.parts
            and _later(it.created, since)
        ),
        _in_order(catalogue, [it for it in list_releases(cluster, places) if _is_left(it, ours, known, since)]),
    )  # fmt: skip


def _is_left(release: HelmRelease, ours: set[tuple[str, str]], known: Known, since: datetime) -> bool:
    key = (release.namespace, release.name)
    return key in ours and key not in known.releases and _later(release.created, since)


def _in_order(catalogue: Catalogue, releases: Sequence[HelmRelease]) -> tuple[HelmRelease, ...]:
    order = [release.name for module in catalogue.modules.values() for release in module.releases]
    return tuple(sorted(releases, key=lambda it: order.index(it.name)))


def _cut_off_since(deployment: Deployment, before: RunFolder | None, *, local: bool) -> datetime | None:
    """Return when the first apply began after the last destroy that was done; None when the last run left nothing."""
    applies: list[str] = []
    last = ""
    for run in list_runs(deployment):
        if run == before:
            break
        record = read_record(run)
        if record.state in ("planning", "planned"):
            continue
        last = record.state
        if record.kind == "destroy" and record.state == "done":
            applies.clear()
        else:
            applies.append(record.created)
    lost = local and not deployment.state.exists()
    if not applies or (last == "done" and not lost):
        return None
    return datetime.fromisoformat(applies[0])


def _later(created: str, since: datetime) -> bool:
    with suppress(ValueError):
        return datetime.fromisoformat(created) >= since - _CLOCKS
    return False


def take_over(deployment: Deployment, namespaces: Sequence[str]) -> None:
    """Have the next plan take over namespaces that are there already, and only these.

    Their content stays. A Secret can't be taken over so: the provider would read its content into the state.
    """
    path = deployment.folder / _TAKEN_OVER
    if not namespaces:
        path.unlink(missing_ok=True)
        return
    blocks = [f'import {{\n  to = kubernetes_namespace_v1.this["{name}"]\n  id = "{name}"\n}}\n' for name in namespaces]
    write_private(path, "\n".join([_HEAD, *blocks]))


def remove(cluster: Cluster, leftovers: Leftovers) -> None:
    """Take leftovers away: releases as Helm uninstalls them, the last first, then their parts, then namespaces.

    Raises ClusterError.
    """
    from mlops_install.targets.kubernetes.releases.uninstall import uninstall

    for release in reversed(leftovers.releases):
        uninstall(cluster, release)
    for it in (*leftovers.parts, *leftovers.namespaces):
        cluster.discard(it.path)
