"""Where a deployment's secrets are seen: in files, in a cluster's objects, in Helm's releases."""

from __future__ import annotations

import base64
import gzip
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cluster.conftest import TestCluster
from tests.cluster.objects import documents

SECRETS = "secrets.tfvars.json"


def secrets_of(on_cluster: TestCluster, name: str) -> dict[str, str]:
    """Return a deployment's secrets by their names."""
    found: dict[str, str] = json.loads((on_cluster.program.folder(name) / SECRETS).read_text())
    return found


def where_shown(on_cluster: TestCluster, name: str, said: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return by place which of a deployment's secrets are seen where they don't belong, in clear or as base64.

    Looked at are what the program said and wrote, plans and state among it, every object of the cluster, and Helm's
    releases; the file of secrets and Secrets are where they belong.
    """
    values = secrets_of(on_cluster, name)
    found = {place: shown(values, content) for place, content in _contents(on_cluster, name, said)}
    return {place: names for place, names in found.items() if names}


def shown(values: Mapping[str, str], content: bytes) -> set[str]:
    """Return the names of the secrets that are in the content."""
    forms = {name: (value.encode(), base64.b64encode(value.encode())) for name, value in values.items()}
    return {name for name, both in forms.items() if any(form in content for form in both)}


def helm_secrets(on_cluster: TestCluster) -> list[dict[str, Any]]:
    """Return the Secrets in which Helm keeps its releases."""
    found: list[dict[str, Any]] = on_cluster.get("/api/v1/secrets?labelSelector=owner%3Dhelm")["items"]
    return found


def _contents(on_cluster: TestCluster, name: str, said: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    yield "what was said", json.dumps(said).encode()
    for path in on_cluster.program.root.rglob("*"):
        if path.is_file() and path.name != SECRETS and ".terraform" not in path.parts:
            yield str(path), b"\n".join(_members(path))
    for kind, item in documents(on_cluster.client()):
        if kind != "secrets":
            yield f"{kind} {item['metadata']['name']}", json.dumps(item).encode()
    for secret in helm_secrets(on_cluster):
        release = gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"])))
        yield f"release {secret['metadata']['labels']['name']}", release


def _members(path: Path) -> Iterator[bytes]:
    """Yield a file's content, of an archive, as a saved plan is one, that of its members."""
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield archive.read(name)
