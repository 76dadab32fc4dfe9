"""What MLServer on this machine serves: the folder it reads, and what it answers."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

from mlops_install.deployment.layout import Deployment
from mlops_install.environment.served import RECORD, SETTINGS, ServedModel, from_record
from mlops_install.targets.local.supervision.programs import installed
from mlops_install.targets.local.tools._team import models_folder, reasons_folder

_TIMEOUT = 5.0
"""Seconds for a reply; loopback."""
_AT_ONCE = 8
_REASON = 500
"""Characters of the server's own words that are shown."""


def served_models(deployment: Deployment, given: str) -> list[ServedModel]:
    """Return every model in the folder that MLServer reads (`given`, else the service's own), by name.

    Never raises: a server that doesn't answer makes each of its models `down`.
    """
    root = Path(given) if given else models_folder(deployment.services)
    # Folders that begin with a dot are the deployers' own (plugins/mlflow-seldon).
    folders = sorted(path.parent for path in root.glob(f"[!.]*/{SETTINGS}"))
    port = _port(deployment)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda folder: _model(folder, port, reasons_folder(deployment.services)), folders))


def _port(deployment: Deployment) -> int | None:
    records = installed(deployment.services).get("seldon") or ()
    return records[0].ports[0] if records and records[0].ports else None


def _model(folder: Path, port: int | None, reasons: Path) -> ServedModel:
    settings, record = _read(folder / SETTINGS), _read(folder / RECORD)
    name = str(settings.get("name") or folder.name)
    parameters = settings.get("parameters") or {}
    wanted = str((parameters.get("extra") or {}).get("version") or parameters.get("version") or "")
    state, detail = _state(name, wanted, port, reasons)
    return from_record(name, {"version": wanted, **record}, state, detail)


def _state(
    name: str, wanted: str, port: int | None, reasons: Path
) -> tuple[Literal["healthy", "starting", "down"], str]:
    if port is None:
        return "down", "MLServer isn't set up"
    try:
        ready, _ = _get(port, f"/v2/models/{name}/ready")
        if ready == http.client.NOT_FOUND:
            return "down", f"MLServer failed to load it: {_reason(reasons / f'{name}.txt')}"
        if ready >= http.client.BAD_REQUEST:
            return "starting", "MLServer is loading it"
        _, metadata = _get(port, f"/v2/models/{name}")
    except (OSError, http.client.HTTPException) as error:
        return "down", f"MLServer at 127.0.0.1:{port} doesn't answer: {getattr(error, 'strerror', None) or error}"
    answering = metadata.get("versions") or []
    if wanted and answering and wanted not in answering:
        return "starting", f"version {answering[0]} still answers"
    return "healthy", ""


def _reason(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")[:_REASON]
    except OSError:
        return "its log says why (services/seldon/logs)"


def _get(port: int, path: str) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    return response.status, found if isinstance(found, dict) else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
