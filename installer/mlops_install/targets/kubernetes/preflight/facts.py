"""What a cluster is and has: version, identity, classes, namespaces, and the room on its nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.preflight.quantities import MIB, quantity

_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
_STORAGE = "storageclasses.storage.k8s.io"
_INGRESS = "ingressclasses.networking.k8s.io"
_GATEWAYS = "gateways.gateway.networking.k8s.io"
_UNSCHEDULABLE = ("NoSchedule", "NoExecute")

Objects = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NodeRoom:
    """What is left on one node that takes pods: allocatable minus what its pods request."""

    name: str
    cpu: float
    """Cores."""
    memory: float
    """MiB."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One look at a cluster. What may not be read is None."""

    version: tuple[int, int]
    version_text: str
    uid: str
    """The UID of the namespace kube-system, which stands for the cluster; empty when it may not be read."""
    namespaces: Mapping[str, str] | None
    """Phase (`Active`, `Terminating`) by name."""
    storage_classes: tuple[str, ...] | None
    default_storage_class: str | None
    ingress_classes: tuple[str, ...] | None
    gateways: tuple[tuple[str, str], ...] | None
    """(namespace, name) of each; empty too where the Gateway API isn't there."""
    nodes: tuple[NodeRoom, ...] | None
    refused: tuple[str, ...] = ()
    """What may not be listed in the whole cluster, as RBAC names it (`nodes`, `storageclasses.storage.k8s.io`)."""


def cluster_uid(cluster: Cluster) -> str:
    """Return the UID that stands for the cluster, empty when it may not be read; raises ClusterError."""
    try:
        return str(cluster.get("/api/v1/namespaces/kube-system")["metadata"]["uid"])
    except ClusterError as error:
        if error.status != 403:
            raise
        return ""


def gather(cluster: Cluster) -> Facts:
    """Look at the cluster, several requests at a time.

    Raises ClusterError when it can't be reached, or doesn't accept the credentials.
    """
    version = cluster.get("/version")
    uid = cluster_uid(cluster)
    lists: dict[str, Callable[[], Objects]] = {
        "namespaces": lambda: cluster.items("/api/v1/namespaces"),
        _STORAGE: lambda: cluster.items("/apis/storage.k8s.io/v1/storageclasses"),
        _INGRESS: lambda: cluster.items("/apis/networking.k8s.io/v1/ingressclasses"),
        _GATEWAYS: lambda: cluster.items("/apis/gateway.networking.k8s.io/v1/gateways"),
        "nodes": lambda: cluster.items("/api/v1/nodes"),
        "pods": lambda: cluster.items(
            "/api/v1/pods", {"fieldSelector": "status.phase!=Succeeded,status.phase!=Failed"}
        ),
    }
    with ThreadPoolExecutor(len(lists)) as pool:
        found = dict(zip(lists, pool.map(_allowed, lists.values()), strict=True))
    nodes, pods, storage = found["nodes"], found["pods"], found[_STORAGE]
    return Facts(
        version=(_number(version.get("major")), _number(version.get("minor"))),
        version_text=str(version.get("gitVersion") or ""),
        uid=uid,
        namespaces=_phases(found["namespaces"]),
        storage_classes=_names(storage),
        default_storage_class=next((_name(it) for it in storage or () if _is_default(it)), None),
        ingress_classes=_names(found[_INGRESS]),
        gateways=_places(found[_GATEWAYS]),
        nodes=None if nodes is None or pods is None else free_room(nodes, pods),
        refused=tuple(resource for resource, objects in found.items() if objects is None),
    )


def free_room(nodes: Iterable[Mapping[str, Any]], pods: Iterable[Mapping[str, Any]]) -> tuple[NodeRoom, ...]:
    """Return what is left on each node that ordinary pods can be placed on."""
    taken: dict[str, tuple[float, float]] = {}
    for pod in pods:
        node = pod["spec"].get("nodeName")
        if node:
            cpu, memory = requests(pod["spec"])
            before = taken.get(node, (0.0, 0.0))
            taken[node] = (before[0] + cpu, before[1] + memory)
    rooms: list[NodeRoom] = []
    for node in nodes:
        if not _takes_pods(node):
            continue
        name, has = _name(node), node["status"].get("allocatable") or {}
        cpu, memory = taken.get(name, (0.0, 0.0))
        rooms.append(NodeRoom(name, quantity(has.get("cpu", 0)) - cpu, quantity(has.get("memory", 0)) / MIB - memory))
    return tuple(rooms)


def requests(spec: Mapping[str, Any]) -> tuple[float, float]:
    """Return what a pod requests as the scheduler counts it: cores, MiB of memory."""
    return _request(spec, "cpu"), _request(spec, "memory") / MIB


def _request(spec: Mapping[str, Any], resource: str) -> float:
    def of(container: Mapping[str, Any]) -> float:
        return quantity(((container.get("resources") or {}).get("requests") or {}).get(resource, 0))

    together, most = 0.0, 0.0
    for container in spec.get("initContainers") or ():
        if container.get("restartPolicy") == "Always":
            together += of(container)
            most = max(most, together)
        else:
            most = max(most, together + of(container))
    together += sum(of(container) for container in spec.get("containers") or ())
    return max(most, together) + quantity((spec.get("overhead") or {}).get(resource, 0))


def _takes_pods(node: Mapping[str, Any]) -> bool:
    spec = node.get("spec") or {}
    conditions = (node.get("status") or {}).get("conditions") or ()
    ready = any(it.get("type") == "Ready" and it.get("status") == "True" for it in conditions)
    tainted = any(taint.get("effect") in _UNSCHEDULABLE for taint in spec.get("taints") or ())
    return ready and not tainted and not spec.get("unschedulable")


def _allowed(read: Callable[[], Objects]) -> Objects | None:
    """Return a list's objects, none when the cluster has no such kind, None when it may not be read."""
    try:
        return read()
    except ClusterError as error:
        if error.status == 404:
            return []
        if error.status == 403:
            return None
        raise


def _phases(namespaces: Objects | None) -> dict[str, str] | None:
    if namespaces is None:
        return None
    return {_name(it): str((it.get("status") or {}).get("phase") or "Active") for it in namespaces}


def _names(objects: Objects | None) -> tuple[str, ...] | None:
    return None if objects is None else tuple(sorted(_name(it) for it in objects))


def _places(objects: Objects | None) -> tuple[tuple[str, str], ...] | None:
    return None if objects is None else tuple(sorted((str(it["metadata"]["namespace"]), _name(it)) for it in objects))


def _is_default(storage_class: Mapping[str, Any]) -> bool:
    return (storage_class["metadata"].get("annotations") or {}).get(_DEFAULT_CLASS) == "true"


def _name(it: Mapping[str, Any]) -> str:
    return str(it["metadata"]["name"])


def _number(text: object) -> int:
    """Return the leading digits: managed clusters write `30+`."""
    digits = re.match(r"\d+", str(text))
    return int(digits[0]) if digits else 0
