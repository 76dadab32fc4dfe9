"""Take a Helm release away as `helm uninstall` does, where Terraform doesn't know of it (Helm 3's release record)."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.releases.helm import HelmRelease

_GZIP = b"\x1f\x8b"
_KEEP = "helm.sh/resource-policy"
_PATIENCE = 60.0
"""Seconds that an operator gets to take its finalizers off, before it is removed itself."""
_POLL = 0.5
_BACKGROUND = {"propagationPolicy": "Background"}


def uninstall(cluster: Cluster, release: HelmRelease) -> None:
    """Delete what the release's newest revision made, what its chart wants kept excepted, and then its record.

    Its objects go in the opposite order in which Helm makes them; one that is gone already is no error, and for one
    that an operator must let go it is waited a while. Hooks aren't run: none of the charts of this stack has one that
    tidies up. Raises ClusterError.
    """
    secrets = f"/api/v1/namespaces/{release.namespace}/secrets"
    record = cluster.find(f"{secrets}/{release.secret}")
    if record is None:
        return
    kinds: dict[str, list[dict[str, Any]]] = {}
    paths = [_path(cluster, made, release.namespace, kinds) for made in reversed(list(_objects(record)))]
    going = [path for path in paths if path]
    for path in going:
        cluster.discard(path, _BACKGROUND)
    last = time.monotonic() + _PATIENCE
    while (going := [path for path in going if cluster.find(path) is not None]) and time.monotonic() < last:
        time.sleep(_POLL)
    for revision in cluster.items(secrets, {"labelSelector": f"owner=helm,name={release.name}"}):
        cluster.discard(f"{secrets}/{revision['metadata']['name']}", _BACKGROUND)


def _objects(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the manifest's objects, without those that `helm.sh/resource-policy` keeps."""
    packed = base64.b64decode(base64.b64decode(record["data"]["release"]))
    release = json.loads(gzip.decompress(packed) if packed.startswith(_GZIP) else packed)
    for made in yaml.safe_load_all(str(release.get("manifest") or "")):
        annotations = (made.get("metadata") or {}).get("annotations") if isinstance(made, dict) else None
        if isinstance(made, dict) and (annotations or {}).get(_KEEP) != "keep":
            yield made


def _path(
    cluster: Cluster, made: Mapping[str, Any], namespace: str, kinds: dict[str, list[dict[str, Any]]]
) -> str | None:
    """Return an object's path; None when the cluster doesn't have its kind any more."""
    version = str(made.get("apiVersion"))
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    if root not in kinds:
        kinds[root] = []
        with contextlib.suppress(ClusterError):  # the kinds of a definition that is gone went with it
            kinds[root] = cluster.get(root).get("resources") or []
    for kind in kinds[root]:
        if kind.get("kind") == made.get("kind") and "/" not in str(kind.get("name")):
            place = f"/namespaces/{made['metadata'].get('namespace') or namespace}" if kind.get("namespaced") else ""
            return f"{root}{place}/{kind['name']}/{made['metadata']['name']}"
    return None
