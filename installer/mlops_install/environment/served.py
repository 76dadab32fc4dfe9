"""A served model, as `plugins/mlflow-seldon` writes it down: in a file beside it, or on a SeldonDeployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SETTINGS, RECORD = "model-settings.json", "deployment.json"
PREFIX = "mlflow-seldon/"
"""Of the labels and annotations by which a SeldonDeployment says where its model comes from."""


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One model that is to be served. What nobody wrote down is empty: a model may have been put there by hand."""

    name: str
    """In the address: `$SELDON_URL/v2/models/<name>/infer`."""
    model: str
    """The registered model's name; `sample` for the sample."""
    version: str
    alias: str
    since: str
    """ISO 8601, UTC."""
    uri: str
    state: Literal["healthy", "starting", "down"]
    detail: str
    """Why it is so; empty when healthy."""


def from_record(
    name: str, record: Mapping[str, Any], state: Literal["healthy", "starting", "down"], detail: str
) -> ServedModel:
    """Return a served model from what its deployment.json says."""
    text = {key: str(record.get(key) or "") for key in ("model", "version", "alias", "created", "uri")}
    return ServedModel(name, text["model"], text["version"], text["alias"], text["created"], text["uri"], state, detail)


def from_object(
    deployment: Mapping[str, Any], state: Literal["healthy", "starting", "down"], detail: str
) -> ServedModel:
    """Return a served model from what its SeldonDeployment says."""
    metadata = deployment.get("metadata") or {}
    annotations, labels = metadata.get("annotations") or {}, metadata.get("labels") or {}
    said = {key.removeprefix(PREFIX): str(value) for key, value in annotations.items() if key.startswith(PREFIX)}
    created = said.get("created", "")
    return ServedModel(
        name=str(metadata.get("name", "")),
        # A label can't hold every name that the registry knows.
        model=said.get("registered") or str(labels.get(f"{PREFIX}model", "")),
        version=said.get("version", ""),
        alias=said.get("alias", ""),
        # The sample's template leaves the moment to Kubernetes.
        since=created if created and not created.startswith("@") else str(metadata.get("creationTimestamp", "")),
        uri=said.get("source") or said.get("uri", ""),
        state=state,
        detail=detail,
    )
