"""Why a namespace that is being removed doesn't go: what its conditions say, and the objects that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError

_REMAINING = re.compile(r"([a-z0-9-]+)\.([a-z0-9.-]*) has \d+ resource instances")
"""Of the condition NamespaceContentRemaining (seen with Kubernetes 1.34: `configmaps. has 1`, `jobs.batch has 2`)."""
_FAILURES = (
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
)
_PROTECTION = "kubernetes.io/pvc-protection"
_MOST = 5
"""Objects that are named."""


def held_by(cluster: Cluster, name: str) -> str:
    """Return what holds a namespace that is being removed, for people; empty when nothing does, or it is gone.

    What is only still being deleted doesn't count. Raises ClusterError when the namespace may not be read.
    """
    namespace = cluster.find(f"/api/v1/namespaces/{name}")
    if namespace is None:
        return ""
    said = {
        str(condition.get("type")): str(condition.get("message") or "")
        for condition in (namespace.get("status") or {}).get("conditions") or ()
        if condition.get("status") == "True"
    }
    failures = [said[kind] for kind in _FAILURES if kind in said]
    if "NamespaceFinalizersRemaining" not in said:
        return "; ".join(failures)
    kinds = set(_kinds(said))
    # A volume's own finalizer only waits for the pods.
    ignored = _PROTECTION if ("pods", "") in kinds else ""
    holding = [found for kind in sorted(kinds) for found in _with_finalizers(cluster, name, *kind, ignored=ignored)]
    if ignored and not holding:
        return "; ".join(failures)
    more = [f"and {len(holding) - _MOST} more"] if len(holding) > _MOST else []
    told = [*holding[:_MOST], *more] or [said["NamespaceFinalizersRemaining"]]
    return "; ".join([*failures, ", ".join(told)])


def _kinds(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (plural, group) of what is still there."""
    yield from _REMAINING.findall(said.get("NamespaceContentRemaining", ""))


def _with_finalizers(cluster: Cluster, namespace: str, plural: str, group: str, *, ignored: str) -> list[str]:
    """Return the objects of a kind that wait for somebody; none where they can't be listed."""
    try:
        root = "/api/v1"
        if group:
            root = f"/apis/{cluster.get(f'/apis/{group}')['preferredVersion']['groupVersion']}"
        found: list[dict[str, Any]] = cluster.items(f"{root}/namespaces/{namespace}/{plural}")
    except ClusterError:
        return []
    return [
        f"{plural}{f'.{group}' if group else ''} {it['metadata']['name']} (finalizer {', '.join(finalizers)})"
        for it in found
        if (finalizers := [one for one in it["metadata"].get("finalizers") or () if one != ignored])
    ]
