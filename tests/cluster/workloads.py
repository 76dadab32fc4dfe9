"""What runs in a cluster, and which secrets each of it uses: read from the API's objects alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cluster.conftest import TestCluster

KINDS = ("deployments", "statefulsets", "daemonsets")


@dataclass(frozen=True)
class Snapshot:
    """The workloads, Secrets and Helm releases of one moment."""

    workloads: Mapping[str, dict[str, Any]]
    """By `<namespace>/<name>`."""
    secrets: Mapping[str, Mapping[str, bytes]]
    """Data by `<namespace>/<name>`; Helm's own left out."""
    releases: Mapping[str, int]
    """The newest revision by the release's name."""

    def holders(self, value: str) -> set[str]:
        """Return the Secrets that hold the value, alone or inside something longer."""
        wanted = value.encode()
        return {name for name, data in self.secrets.items() if any(wanted in content for content in data.values())}

    def users(self, value: str) -> set[str]:
        """Return the workloads whose pods are given the value."""
        return {name for name in self.workloads if self._is_given(name, value.encode())}

    def rolled_since(self, before: Snapshot) -> set[str]:
        """Return the workloads that were there before and have other pods now."""
        both = self.workloads.keys() & before.workloads.keys()
        return {name for name in both if _template(self.workloads[name]) != _template(before.workloads[name])}

    def touched_since(self, before: Snapshot) -> set[str]:
        """Return the workloads that are not as they were: new, gone, made anew, or changed in more than their state."""
        names = self.workloads.keys() | before.workloads.keys()
        return {name for name in names if _identity(self.workloads.get(name)) != _identity(before.workloads.get(name))}

    def _is_given(self, name: str, wanted: bytes) -> bool:
        namespace = name.partition("/")[0]
        for secret, keys in _references(self.workloads[name]["spec"]["template"]["spec"]):
            data = self.secrets.get(f"{namespace}/{secret}", {})
            if any(wanted in content for key, content in data.items() if keys is None or key in keys):
                return True
        return False


def snapshot(cluster: TestCluster) -> Snapshot:
    """Return what is in the cluster now."""
    workloads = {
        _name(item): item for kind in KINDS for item in cluster.get(f"/apis/apps/v1/{kind}")["items"]
    }  # fmt: skip
    everything = cluster.get("/api/v1/secrets")["items"]
    helm = [item for item in everything if item["type"].startswith("helm.sh/")]
    releases: dict[str, int] = {}
    for item in helm:
        labels = item["metadata"]["labels"]
        releases[labels["name"]] = max(releases.get(labels["name"], 0), int(labels["version"]))
    secrets = {
        _name(item): {key: base64.b64decode(content) for key, content in (item.get("data") or {}).items()}
        for item in everything
        if item not in helm
    }
    return Snapshot(workloads, secrets, releases)


def _name(item: dict[str, Any]) -> str:
    return f"{item['metadata']['namespace']}/{item['metadata']['name']}"


def _template(workload: dict[str, Any]) -> str:
    return json.dumps(workload["spec"]["template"], sort_keys=True)


def _identity(workload: dict[str, Any] | None) -> tuple[str, int] | None:
    return None if workload is None else (workload["metadata"]["uid"], workload["metadata"]["generation"])


def _references(pod: dict[str, Any]) -> Iterator[tuple[str, set[str] | None]]:
    """Yield every Secret that a pod is given, and which keys of it; None stands for all."""
    for container in [*pod.get("initContainers", ()), *pod["containers"]]:
        for variable in container.get("env", ()):
            if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
                yield reference["name"], {reference["key"]}
        for source in container.get("envFrom", ()):
            if reference := source.get("secretRef"):
                yield reference["name"], None
    for volume in pod.get("volumes", ()):
        for source in [
            volume.get("secret"),
            *(it.get("secret") for it in volume.get("projected", {}).get("sources", ())),
        ]:
            if source:
                items = {item["key"] for item in source.get("items", ())}
                yield source.get("secretName") or source["name"], items or None
