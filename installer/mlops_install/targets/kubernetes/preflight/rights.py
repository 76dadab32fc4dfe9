"""What the credentials in use may do: self-subject access reviews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from mlops_install.targets.kubernetes.api import Cluster

_AT_A_TIME = 8
_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@dataclass(frozen=True, slots=True, order=True)
class Action:
    """One thing to be done: a verb on a resource, in a namespace or (empty) in the whole cluster."""

    group: str
    resource: str
    """Plural; a subresource follows a slash."""
    verb: str
    namespace: str = ""

    def __str__(self) -> str:
        resource = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {resource}"


def refused(cluster: Cluster, wanted: Iterable[Action]) -> list[Action]:
    """Return what of `wanted` is not allowed, sorted; raises ClusterError.

    Whoever may do everything is told by one request; otherwise each is asked for, several at a time.
    """
    asked = sorted(set(wanted))
    if not asked or _allowed(cluster, Action("*", "*", "*")):
        return []
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return list(_left(asked, pool.map(lambda access: _allowed(cluster, access), asked)))


def _left(asked: Iterable[Action], allowed: Iterable[bool]) -> Iterator[Action]:
    return (access for access, yes in zip(asked, allowed, strict=True) if not yes)


def _allowed(cluster: Cluster, access: Action) -> bool:
    resource, _, subresource = access.resource.partition("/")
    attributes = {"group": access.group, "resource": resource, "verb": access.verb}
    if subresource:
        attributes["subresource"] = subresource
    if access.namespace:
        attributes["namespace"] = access.namespace
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    return bool((cluster.post(_PATH, review).get("status") or {}).get("allowed"))
