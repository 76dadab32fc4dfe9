"""What of a cluster a deployment's Terraform state knows (format 4: Terraform 1.11, states/statefile)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlops_install.deployment.layout import Deployment
from mlops_install.engine.argv import Commands
from mlops_install.engine.binary import Binary
from mlops_install.engine.process import capture

_PARTS = {
    "kubernetes_secret_v1": "Secret",
    "kubernetes_config_map_v1": "ConfigMap",
    "kubernetes_service_account_v1": "ServiceAccount",
}


@dataclass(frozen=True, slots=True)
class Known:
    """Objects that the state holds."""

    namespaces: frozenset[str] = frozenset()
    parts: frozenset[tuple[str, str, str]] = frozenset()
    """What is beside releases in their namespaces: (kind, namespace, name), the kind as Kubernetes calls it."""
    releases: frozenset[tuple[str, str]] = frozenset()
    """(namespace, name)."""


def read_state(binary: Binary, deployment: Deployment, *, local: bool, variables: Mapping[str, str]) -> Known | None:
    """Return what the state holds; None when it can't be read, which Terraform itself explains at the next plan.

    `local` tells whether it is the file in the deployment's folder, as without a backend of the operator's.
    """
    if local:
        try:
            text = deployment.state.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Known()
    else:
        done = capture(binary, deployment.folder, Commands(()).state_pull(), variables=variables)
        if done.exit_code != 0:
            return None
        text = done.stdout
    try:
        document = json.loads(text) if text.strip() else {}
    except ValueError:
        return None
    return _known(document)


def _known(document: Mapping[str, Any]) -> Known:
    namespaces, parts, releases = set(), set(), set()
    for kind, attributes in _instances(document):
        metadata = attributes.get("metadata")
        if kind == "helm_release":
            releases.add((str(attributes.get("namespace")), str(attributes.get("name"))))
        elif isinstance(metadata, list) and metadata:
            name, place = str(metadata[0].get("name")), str(metadata[0].get("namespace"))
            if kind == "kubernetes_namespace_v1":
                namespaces.add(name)
            elif kind in _PARTS:
                parts.add((_PARTS[kind], place, name))
    return Known(frozenset(namespaces), frozenset(parts), frozenset(releases))


def _instances(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in document.get("resources") or ():
        if resource.get("mode") == "managed":
            for instance in resource.get("instances") or ():
                yield str(resource.get("type")), instance.get("attributes") or {}
