"""The objects of a cluster, of whatever kind it has: seen, changed, waited for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlops_install.targets.kubernetes.api import Cluster

PASSING = {"events", "leases", "endpoints", "endpointslices", "componentstatuses", "nodes", "csinodes"}
"""Kinds whose objects come and go by themselves."""


def objects(api: Cluster) -> set[str]:
    """Return every object that doesn't come and go by itself: `<plural> <name>`, with ` in <namespace>` inside one."""
    return {_name(plural, item["metadata"]) for plural, item in documents(api) if plural not in PASSING}


def documents(api: Cluster) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object there is, after the plural of its kind."""
    for plural, path in _kinds(api):
        for item in api.items(path):
            yield plural, item


def patch(api: Cluster, path: str, change: Mapping[str, Any]) -> None:
    """Change an object by a merge patch (RFC 7386)."""
    api.request("PATCH", path, None, json.dumps(change).encode(), {"Content-Type": "application/merge-patch+json"})


def label_release(api: Cluster, namespace: str, status: str) -> None:
    """Have Helm's first record of Valkey's release say this of itself."""
    path = f"/api/v1/namespaces/{namespace}/secrets/sh.helm.release.v1.feast-redis.v1"
    patch(api, path, {"metadata": {"labels": {"status": status}}})


def eventually(holds: Callable[[], bool]) -> bool:
    """Return whether it came to hold; clusters take their time."""
    end = time.monotonic() + 90
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def _name(plural: str, metadata: dict[str, str]) -> str:
    namespace = metadata.get("namespace")
    return f"{plural} {metadata['name']}" + (f" in {namespace}" if namespace else "")


def _kinds(api: Cluster) -> Iterator[tuple[str, str]]:
    """Yield the plural and the path of everything that can be listed."""
    paths = ["/api/v1"]
    paths += [f"/apis/{group['preferredVersion']['groupVersion']}" for group in api.get("/apis")["groups"]]
    for path in paths:
        for resource in api.get(path)["resources"]:
            plural = resource["name"]
            if "list" in resource["verbs"] and "/" not in plural:
                yield plural, f"{path}/{plural}"
