"""Helm's releases as it keeps them: one Secret a revision, its labels saying which and how it went (Helm 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError

_METADATA_ONLY = {"Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}
"""The Secrets hold whole charts; only the labels are needed."""
_OURS = "app.kubernetes.io/managed-by=mlops-install"
_PART = "app.kubernetes.io/part-of"
"""Labels of the namespaces and of what else the Terraform stack makes, which Helm's own objects don't have."""
_PARTS = {"Secret": "secrets", "ConfigMap": "configmaps", "ServiceAccount": "serviceaccounts"}
"""What the stack makes beside a release: kind and the name of its list."""


@dataclass(frozen=True, slots=True)
class HelmRelease:
    """The newest revision of one release."""

    name: str
    namespace: str
    status: str
    """Helm's word: `deployed`, `failed`, `pending-install`, `pending-upgrade`, `pending-rollback`, `uninstalling`."""
    revision: int
    secret: str
    """The Secret that holds this revision."""
    created: str = ""
    """When that Secret was made, as the API server writes it."""

    @property
    def pending(self) -> bool:
        """Whether Helm refuses an upgrade of it: it was interrupted, or another hand is at it this moment."""
        return self.status.startswith("pending-") or self.status == "uninstalling"

    @property
    def told(self) -> str:
        """What it is, for people."""
        return f"{self.name} in {self.namespace} ({self.status})"


def list_releases(cluster: Cluster, namespaces: Iterable[str]) -> list[HelmRelease]:
    """Return the newest revision of each release in these namespaces; raises ClusterError.

    Namespaces whose Secrets may not be listed are left out: that right is missing anyway.
    """
    return newest(_objects_in(cluster, "secrets", namespaces, "owner=helm"))


def _objects_in(cluster: Cluster, kind: str, namespaces: Iterable[str], selector: str) -> list[dict[str, Any]]:
    """Return objects without their contents: by one request where the whole cluster's may be listed."""
    wanted = sorted(set(namespaces))
    found = _objects(cluster, f"/api/v1/{kind}", selector)
    if found is None:
        places = (_objects(cluster, f"/api/v1/namespaces/{name}/{kind}", selector) for name in wanted)
        found = [it for objects in places for it in objects or ()]
    return [it for it in found if it["metadata"]["namespace"] in wanted]


def _objects(cluster: Cluster, path: str, selector: str) -> list[dict[str, Any]] | None:
    """Return the objects at the path without their contents; None when they may not be listed."""
    try:
        return cluster.items(path, {"labelSelector": selector}, headers=_METADATA_ONLY)
    except ClusterError as error:
        if error.status != 403:
            raise
        return None


@dataclass(frozen=True, slots=True)
class MadeObject:
    """A namespace, or a part of a release beside Helm's objects, that bears the mark of an mlops-install."""

    kind: str
    """`Namespace`, `Secret`, `ConfigMap` or `ServiceAccount`."""
    name: str
    namespace: str
    """Empty for a namespace."""
    release: str
    """The release that it is for; empty for a namespace."""
    created: str
    """As the API server writes it."""

    @property
    def told(self) -> str:
        """What it is, for people."""
        return f"{self.kind} {self.name}" + (f" in {self.namespace}" if self.namespace else "")

    @property
    def path(self) -> str:
        """Where the API has it."""
        if self.kind == "Namespace":
            return f"/api/v1/namespaces/{self.name}"
        return f"/api/v1/namespaces/{self.namespace}/{_PARTS[self.kind]}/{self.name}"


def list_made_namespaces(cluster: Cluster, names: Iterable[str]) -> list[MadeObject]:
    """Return which of these namespaces are there and bear our mark, sorted; raises ClusterError."""
    wanted = set(names)
    try:
        found = cluster.items("/api/v1/namespaces", {"labelSelector": _OURS})
    except ClusterError as error:
        if error.status != 403:
            raise
        found = [namespace for name in wanted if (namespace := _namespace(cluster, name)) is not None]
    made = [it["metadata"] for it in found if it["metadata"]["name"] in wanted]
    return sorted(
        (MadeObject("Namespace", it["name"], "", "", str(it.get("creationTimestamp") or "")) for it in made),
        key=lambda it: it.name,
    )


def list_namespaces(cluster: Cluster, names: Iterable[str]) -> set[str]:
    """Return which of these namespaces are there, or may not be read; raises ClusterError."""
    there: set[str] = set()
    for name in names:
        try:
            if cluster.find(f"/api/v1/namespaces/{name}") is None:
                continue
        except ClusterError as error:
            if error.status != 403:
                raise
        there.add(name)
    return there


def _namespace(cluster: Cluster, name: str) -> dict[str, Any] | None:
    """Return a namespace that bears our mark; None when there is none or it may not be read."""
    try:
        found = cluster.find(f"/api/v1/namespaces/{name}")
    except ClusterError as error:
        if error.status != 403:
            raise
        return None
    key, _, value = _OURS.partition("=")
    return found if found and (found["metadata"].get("labels") or {}).get(key) == value else None


def list_parts(cluster: Cluster, namespaces: Iterable[str]) -> list[MadeObject]:
    """Return each Secret, ConfigMap and service account there that an mlops-install made for a release.

    Raises ClusterError.
    """
    wanted = set(namespaces)
    found = [
        (kind, it["metadata"]) for kind, plural in _PARTS.items() for it in _objects_in(cluster, plural, wanted, _OURS)
    ]
    return [
        MadeObject(
            kind, it["name"], it["namespace"], (it.get("labels") or {}).get(_PART, ""),
            str(it.get("creationTimestamp") or ""),
        )
        for kind, it in found
    ]  # fmt: skip


def newest(secrets: Iterable[Mapping[str, Any]]) -> list[HelmRelease]:
    """Return the newest revision of each release among Helm's Secrets, sorted by namespace and name."""
    found: dict[tuple[str, str], HelmRelease] = {}
    for secret in secrets:
        metadata = secret["metadata"]
        labels = metadata.get("labels") or {}
        name, revision = labels.get("name"), str(labels.get("version", ""))
        if not name or not revision.isdigit():
            continue
        release = HelmRelease(
            name,
            metadata["namespace"],
            str(labels.get("status", "")),
            int(revision),
            metadata["name"],
            str(metadata.get("creationTimestamp") or ""),
        )
        before = found.get((release.namespace, name))
        if before is None or before.revision < release.revision:
            found[release.namespace, name] = release
    return [found[key] for key in sorted(found)]


def repair(cluster: Cluster, release: HelmRelease) -> None:
    """Remove the half-made revision, so that the next apply can go on; what it made stays and is taken over then.

    Raises ClusterError; that it is gone already is none.
    """
    cluster.discard(f"/api/v1/namespaces/{release.namespace}/secrets/{release.secret}")
