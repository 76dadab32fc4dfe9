"""The cluster that answers mean: named before anything is asked of it, and the same one for a deployment's life."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, read_marker, write_marker
from mlops_install.deployment.runs.record import Kind
from mlops_install.deployment.store import exists
from mlops_install.errors import PreflightError, UsageError
from mlops_install.targets.context import Context

if TYPE_CHECKING:
    from mlops_install.targets.kubernetes.api import Cluster
    from mlops_install.targets.kubernetes.preflight.facts import Facts

LOOK_SECONDS = 3.0
"""How long a look at the cluster waits that only helps to answer."""


@dataclass(slots=True)
class _Known:
    """What one invocation knows of clusters, by kubeconfig and context."""

    clients: dict[tuple[str, str], Cluster] = field(default_factory=dict)
    facts: dict[tuple[str, str], Facts | None] = field(default_factory=dict)
    """None of a cluster that can't be asked."""


def name_cluster(context: Context, answers: Answers) -> Answers:
    """Return the answers with the file and the context of `--kubeconfig`, `--context`, KUBECONFIG written in.

    A context that isn't named is filled in when it is the only one; with several, or none, it stays empty: it is
    required, so it is asked for or reported.
    """
    from mlops_install.targets.kubernetes.access import contexts, kubeconfig_files

    environment, catalogue = context.environment, context.catalogue(answers.target)
    file = context.kubeconfig or str(value_of("kubeconfig", answers, catalogue) or "")
    name = context.kube_context or str(value_of("kube_context", answers, catalogue) or "")
    try:
        found = contexts(file, environment)
    except PreflightError:
        found = {}
    if not name and len(found) == 1:
        name = next(iter(found))
    if name in found:
        files = found[name]
        file = "" if files == (environment.home / ".kube" / "config",) else ":".join(map(str, files))
    elif file:
        file = ":".join(map(str, kubeconfig_files(file, environment)))
    given = {"kubeconfig": file, "kube_context": name}
    return replace(answers, parameters={**answers.parameters, **{key: value for key, value in given.items() if value}})


def connect(context: Context, answers: Answers) -> Cluster:
    """Return a client of the cluster that the answers name, one for each; nothing is asked of it yet.

    Raises PreflightError when the file or the context isn't there, or no context is named and there are several.
    """
    from mlops_install.targets.kubernetes.access import choose
    from mlops_install.targets.kubernetes.api import Cluster

    named = name_cluster(context, answers)
    catalogue = context.catalogue(answers.target)
    key = (
        str(value_of("kubeconfig", named, catalogue) or ""),
        str(value_of("kube_context", named, catalogue) or ""),
    )
    known = context.memory(_Known).clients
    if key not in known:
        access = choose(*key, context.environment)
        known[key] = Cluster(access, context.environment.variables)
    return known[key]


def look(context: Context, answers: Answers) -> Facts | None:
    """Return what the cluster has, looked at once for each context and soon given up; None when it can't be asked."""
    from mlops_install.targets.kubernetes.api import Cluster
    from mlops_install.targets.kubernetes.errors import ClusterError
    from mlops_install.targets.kubernetes.preflight.facts import gather

    try:
        access = connect(context, answers).access
    except (PreflightError, UsageError):
        return None
    key = (str(access.kubeconfig), access.context)
    known = context.memory(_Known).facts
    if key not in known:
        try:
            known[key] = gather(Cluster(access, context.environment.variables, timeout=LOOK_SECONDS))
        except ClusterError:
            known[key] = None
    return known[key]


def contexts_there(context: Context, answers: Answers) -> tuple[str, ...]:
    """Return the contexts that can be named, sorted; none when no kubeconfig can be read."""
    from mlops_install.targets.kubernetes.access import contexts

    catalogue: Catalogue = context.catalogue(answers.target)
    file = context.kubeconfig or str(value_of("kubeconfig", answers, catalogue) or "")
    try:
        return tuple(sorted(contexts(file, context.environment)))
    except PreflightError:
        return ()


def way_there(context: Context, answers: Answers) -> str:
    """Return the parameter that leads to the cluster: the context, or the file where there is none to read it from."""
    from mlops_install.targets.kubernetes.access import kubeconfig_files

    file = context.kubeconfig or str(value_of("kubeconfig", answers, context.catalogue(answers.target)) or "")
    there = any(path.is_file() for path in kubeconfig_files(file, context.environment))
    return "kube_context" if there else "kubeconfig"


def refuse_other_cluster(deployment: Deployment, uid: str, name: str) -> None:
    """Raise PreflightError when the deployment was approved for another cluster than the one with this UID.

    An empty UID is of a cluster that doesn't tell it, which can't be held to anything.
    """
    pinned = pinned_cluster(deployment)
    if pinned and uid and pinned != uid:
        raise PreflightError(
            f"the context {name} leads to another cluster than the one that {deployment.name} is installed on.",
            hint="Name the right one with --context or --kubeconfig; another cluster needs a deployment of its own.",
        )


def pinned_cluster(deployment: Deployment) -> str:
    """Return the UID of the cluster of the approved installation; empty when nothing was approved yet."""
    if not exists(deployment) or not deployment.answers.is_file():
        return ""
    return read_marker(deployment).cluster


def pin_cluster(context: Context, deployment: Deployment, answers: Answers, kind: Kind = "apply") -> Marker:
    """Return the marker, which notes now what cluster a plan is for; until one is approved, another may follow.

    Raises PreflightError when something is installed on another cluster, and when it can't be reached, for a destroy
    with the way to do without it.
    """
    try:
        return _pin(context, deployment, answers)
    except PreflightError as error:
        if kind != "destroy":
            raise
        raise PreflightError(
            f"{error.message} Nothing was removed.",
            hint=f"{error.hint} If it is only out of reach, look after the network, the VPN and the kubeconfig "
            "(--kubeconfig, --context), and destroy again. If it is gone for good, forget the deployment: "
            f"`rm -r {shlex.quote(str(deployment.folder))}` takes its answers, secrets and state away and touches no "
            "cluster.".lstrip(),
        ) from error


def _pin(context: Context, deployment: Deployment, answers: Answers) -> Marker:
    from mlops_install.targets.kubernetes.errors import ClusterError
    from mlops_install.targets.kubernetes.preflight.facts import cluster_uid

    cluster = connect(context, answers)
    try:
        uid = cluster_uid(cluster)
    except ClusterError as error:
        raise PreflightError(error.message, hint=error.hint) from error
    refuse_other_cluster(deployment, uid, cluster.access.context)
    marker = read_marker(deployment)
    if uid and marker.cluster != uid:
        marker = replace(marker, cluster=uid)
        write_marker(deployment, marker)
    return marker
