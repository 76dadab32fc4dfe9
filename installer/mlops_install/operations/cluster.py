"""The cluster that answers mean: named before anything is asked of it, and the same one for a deployment's life."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, read_marker, write_marker
from mlops_install.deployment.store import exists
from mlops_install.errors import PreflightError, UsageError
from mlops_install.operations.context import Context

if TYPE_CHECKING:
    from mlops_install.live.api import Cluster
    from mlops_install.live.facts import Facts

LOOK_SECONDS = 3.0
"""How long a look at the cluster waits that only helps to answer."""


def name_cluster(context: Context, answers: Answers) -> Answers:
    """Return the answers with the file and the context of `--kubeconfig`, `--context`, KUBECONFIG written in.

    A context that isn't named is filled in when it is the only one; with several, or none, it stays empty: it is
    required, so it is asked for or reported. Answers of another target are returned as they are.
    """
    if answers.target != "kubernetes":
        return answers
    from mlops_install.live.access import contexts, kubeconfig_files

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
    from mlops_install.live.access import choose
    from mlops_install.live.api import Cluster

    named = name_cluster(context, answers)
    catalogue = context.catalogue(answers.target)
    key = (
        str(value_of("kubeconfig", named, catalogue) or ""),
        str(value_of("kube_context", named, catalogue) or ""),
    )
    if key not in context.clusters:
        access = choose(*key, context.environment)
        context.clusters[key] = Cluster(access, context.environment.variables)
    return context.clusters[key]


def look(context: Context, answers: Answers) -> Facts | None:
    """Return what the cluster has, looked at once for each context and soon given up; None when it can't be asked."""
    from mlops_install.live.api import Cluster
    from mlops_install.live.errors import ClusterError
    from mlops_install.live.facts import gather

    try:
        access = connect(context, answers).access
    except (PreflightError, UsageError):
        return None
    key = (str(access.kubeconfig), access.context)
    if key not in context.looked_at:
        try:
            context.looked_at[key] = gather(Cluster(access, context.environment.variables, timeout=LOOK_SECONDS))
        except ClusterError:
            context.looked_at[key] = None
    return context.looked_at[key]


def contexts_there(context: Context, answers: Answers) -> tuple[str, ...]:
    """Return the contexts that can be named, sorted; none when no kubeconfig can be read."""
    from mlops_install.live.access import contexts

    catalogue: Catalogue = context.catalogue(answers.target)
    file = context.kubeconfig or str(value_of("kubeconfig", answers, catalogue) or "")
    try:
        return tuple(sorted(contexts(file, context.environment)))
    except PreflightError:
        return ()


def way_there(context: Context, answers: Answers) -> str:
    """Return the parameter that leads to the cluster: the context, or the file where there is none to read it from."""
    from mlops_install.live.access import kubeconfig_files

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


def pin_cluster(context: Context, deployment: Deployment, answers: Answers) -> Marker:
    """Return the marker, which notes now what cluster a plan is for; until one is approved, another may follow.

    Raises PreflightError when something is installed on another cluster, and when it can't be reached.
    """
    from mlops_install.live.errors import ClusterError
    from mlops_install.live.facts import cluster_uid

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
