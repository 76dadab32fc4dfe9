"""A SeldonDeployment made of the cluster's template (ConfigMap `seldon-serving`), and what one says about itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mlflow_seldon import layout, source, words
from mlflow_seldon.source import Source

CONFIG_MAP = "seldon-serving"
PREFIX = "mlflow-seldon/"
MODEL = f"{PREFIX}model"
"""The label by which our deployments are known. Not `managed-by`: on the sample, which a chart makes, Helm sets it."""


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """Return the template with each placeholder, wherever it stands in a string, replaced."""
    if isinstance(template, str):
        for placeholder, value in values.items():
            template = template.replace(placeholder, value)
        return template
    if isinstance(template, list):
        return [filled(item, values) for item in template]
    if isinstance(template, dict):
        return {filled(key, values): filled(item, values) for key, item in template.items()}
    return template


def made(template: Mapping[str, Any], name: str, model: Source, uri: str) -> dict[str, Any]:
    """Return the SeldonDeployment for a version whose files are at `uri` in the object store."""
    values = {
        "@NAME@": name,
        "@URI@": uri,
        "@VERSION@": model.version,
        "@MODEL@": label(model.model),
        "@CREATED@": layout.now(),
    }
    found: dict[str, Any] = filled(dict(template), values)
    annotations = found["metadata"].setdefault("annotations", {})
    annotations[f"{PREFIX}registered"] = model.model
    annotations[f"{PREFIX}source"] = model.uri
    if model.alias:
        annotations[f"{PREFIX}alias"] = model.alias
    return found


def described(deployment: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a SeldonDeployment says about what it serves, in the words of a deployment."""
    metadata = deployment["metadata"]
    annotations = metadata.get("annotations") or {}
    labelled = (metadata.get("labels") or {}).get(f"{PREFIX}model", "")
    return {
        "name": metadata["name"],
        "model": annotations.get(f"{PREFIX}registered") or labelled,
        "version": annotations.get(f"{PREFIX}version", ""),
        "uri": annotations.get(f"{PREFIX}source") or annotations.get(f"{PREFIX}uri", ""),
        "flavor": source.FLAVOR,
        # A template that Helm filled leaves the moment to Kubernetes.
        "created": _moment(annotations.get(f"{PREFIX}created", "")) or metadata.get("creationTimestamp", ""),
        "alias": annotations.get(f"{PREFIX}alias"),
    }


def label(text: str) -> str:
    """Return a text as the value of a label: 63 letters, digits, `-_.`, a letter or digit first and last."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", text)[:63].strip("-_.")


def stored(place: str, root: str, model: Source) -> str:
    """Return the s3:// address of files that MLflow keeps at `place`; raises MlflowException where it has none.

    `root` is the address of `mlflow-artifacts:/`.
    """
    if place.startswith("s3://"):
        return place.rstrip("/")
    if place.startswith("mlflow-artifacts:") and root:
        return f"{root.rstrip('/')}/{urlsplit(place).path.strip('/')}"
    raise words.failed(
        f"The files of {model.words} are at {place}, where a model server of the cluster can't fetch them.",
        "MLflow must keep its artifacts in the object store (install_object_store or mlflow_artifact_root); "
        "then log and register the model anew.",
    )


def _moment(text: str) -> str:
    return "" if text.startswith("@") else text
