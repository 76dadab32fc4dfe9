"""Helm's releases as it keeps them: one Secret a revision, its labels saying which and how it went (Helm 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlops_install.live.api import Cluster
from mlops_install.live.errors import ClusterError

_METADATA_ONLY = {"Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}
"""The Secrets hold whole charts; only the labels are needed."""
_OURS = "app.kubernetes.io/managed-by=mlops-install"
_PART = "app.kubernetes.io/part-of"
"""Labels of the Secrets that the Terraform module `release` makes, which Helm's own don't have."""


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

    @property
    def pending(self) -> bool:
        """Whether Helm takes it for in use: it was interrupted, or another hand is at it this moment."""
        return self.status.startswith("pending-")


def list_releases(cluster: Cluster, namespaces: Iterable[str]) -> list[HelmRelease]:
    """Return the newest revision of each release in these namespaces; raises ClusterError.

    Namespaces whose Secrets may not be listed are left out: that right is missing anyway.
    """
    wanted = sorted(set(namespaces))
    found = _secrets(cluster, "/api/v1/secrets")
    if found is None:
        places = (_secrets(cluster, f"/api/v1/namespaces/{name}/secrets") for name in wanted)
        found = [secret for secrets in places for secret in secrets or ()]
    return [release for release in newest(found) if release.namespace in wanted]


def _secrets(cluster: Cluster, path: str, selector: str = "owner=helm") -> list[dict[str, Any]] | None:
    """Return Helm's or other Secrets at the path without their contents; None when they may not be listed."""
    try:
        return cluster.items(path, {"labelSelector": selector}, headers=_METADATA_ONLY)
    except ClusterError as error:
        if error.status != 403:
            raise
        return None


def list_part_secrets(cluster: Cluster, namespaces: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return (namespace, release, Secret) of each that an mlops-install made for a release; raises ClusterError."""
    wanted = sorted(set(namespaces))
    found = [
        secret["metadata"]
        for name in wanted
        for secret in _secrets(cluster, f"/api/v1/namespaces/{name}/secrets", _OURS) or ()
    ]
    return [(it["namespace"], (it.get("labels") or {}).get(_PART, ""), it["name"]) for it in found]


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
            name, metadata["namespace"], str(labels.get("status", "")), int(revision), metadata["name"]
        )
        before = found.get((release.namespace, name))
        if before is None or before.revision < release.revision:
            found[release.namespace, name] = release
    return [found[key] for key in sorted(found)]


def repair(cluster: Cluster, release: HelmRelease) -> None:
    """Remove the half-made revision, so that the next apply can go on; what it made stays and is taken over then.

    Raises ClusterError; that it is gone already is none.
    """
    try:
        cluster.delete(f"/api/v1/namespaces/{release.namespace}/secrets/{release.secret}")
    except ClusterError as error:
        if error.status != 404:
            raise
