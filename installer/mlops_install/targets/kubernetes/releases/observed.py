"""The installer's own values for a plan, as the cluster is now."""

from __future__ import annotations

from mlops_install.catalogue.model import Value
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.root.kept import release_failures
from mlops_install.deployment.runs.record import Kind
from mlops_install.errors import PreflightError
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import connect
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.preflight.findings import Installation
from mlops_install.targets.kubernetes.releases.helm import list_namespaces, list_releases
from mlops_install.targets.kubernetes.releases.leftovers import find_leftovers, take_over


def observed_values(context: Context, prepared: Prepared, internal: dict[str, Value], kind: Kind) -> dict[str, Value]:
    """Return the values for this plan, and have it take over what an interrupted apply left.

    Releases that are found failed are counted: modules/release says why. A destroy keeps no namespace that isn't there,
    as it would make it. Raises PreflightError when the cluster fails.
    """
    deployment, answers = prepared.deployment, prepared.answers
    kept = set(map(str, internal.get("kept_namespaces") or ()))
    wanted = Installation.of(deployment, prepared.catalogue, answers).wanted()
    try:
        releases = list_releases(connect(context, answers), {place for place, _ in wanted})
        left = find_leftovers(context, deployment, prepared.catalogue, answers)
        if kind == "destroy":
            kept &= list_namespaces(connect(context, answers), kept)
    except ClusterError as error:
        raise PreflightError(error.message, hint=error.hint) from error
    failed = [it.name for it in releases if it.status == "failed" and (it.namespace, it.name) in wanted]
    places = kept | {place for place, _ in wanted}
    take_over(deployment, [it.name for it in left.namespaces if it.name in places])
    return {**internal, "kept_namespaces": sorted(kept), "release_failures": release_failures(deployment, failed)}
