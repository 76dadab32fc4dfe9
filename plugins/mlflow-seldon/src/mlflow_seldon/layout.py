"""A served model's folder: what MLServer reads, and what we remember about it.

<name>/model-settings.json   MLServer's settings: which runtime, which of the folders below
<name>/<version>/            the MLflow model, as logged
<name>/deployment.json       where it came from, for people and for `mlops-install models`
"""

from __future__ import annotations

import datetime
import json
import secrets
from pathlib import Path
from typing import Any

SETTINGS = "model-settings.json"
RECORD = "deployment.json"
RUNTIME = "mlflow_seldon.runtime.ModelRuntime"
SAMPLE = "sample"
"""Value of "model" in the record of the sample model, which comes from no registry."""


def settings(name: str, folder: str, version: str, revision: str) -> dict[str, Any]:
    """Return MLServer's settings (mlserver.settings.ModelSettings, 1.7.1) of a model whose files are in `folder`.

    The version is not given to MLServer as such: its registry makes a further version the default before it is loaded,
    so that requests fail meanwhile; without a version it loads first and changes over then (mlserver/registry.py).
    `revision` is different at each deployment, so that a change of files under the same version can be observed.
    """
    extra = {"version": version, "revision": revision}
    return {"name": name, "implementation": RUNTIME, "parameters": {"uri": f"./{folder}", "extra": extra}}


def said(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what settings say beyond MLServer's own: version and revision; empty for settings made by hand."""
    found = (settings.get("parameters") or {}).get("extra")
    return found if isinstance(found, dict) else {}


def record(*, name: str, model: str, version: str, uri: str, flavor: str, alias: str | None) -> dict[str, Any]:
    """Return what is remembered about a deployment; `uri` says where its files came from."""
    return {
        "format": 1,
        "name": name,
        "model": model,
        "version": version,
        "uri": uri,
        "flavor": flavor,
        "created": now(),
        "alias": alias,
    }


def now() -> str:
    """Return the time in UTC, ISO 8601 to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def new_revision() -> str:
    """Return a word that no other deployment has."""
    return secrets.token_hex(6)


def write(path: Path, content: dict[str, Any]) -> None:
    """Write JSON at once: whoever reads sees all of the old or all of the new."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any] | None:
    """Return a file's JSON object; None where there is none, or another kind of content."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
