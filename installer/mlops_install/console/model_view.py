"""`models` as a document and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlops_install.console.documents import VERSION, Document
from mlops_install.console.tables import state_text
from mlops_install.environment.served import ServedModel
from mlops_install.words.terminal import plain

_NONE = "No model is served. From a notebook: mlflow deployments create -t seldon --name NAME -m models:/MODEL@ALIAS"


def models_document(deployment: str, target: str, models: Sequence[ServedModel]) -> Document:
    """Return `models`: each served model; `healthy` when all of them answer."""
    listed = [
        {
            "name": model.name,
            "model": model.model,
            "version": model.version,
            "alias": model.alias or None,
            "since": model.since or None,
            "uri": model.uri,
            "state": model.state,
            "detail": model.detail,
        }
        for model in models
    ]
    healthy = all(model.state == "healthy" for model in models)
    return {"v": VERSION, "deployment": deployment, "target": target, "healthy": healthy, "models": listed}


def models_table(models: Sequence[ServedModel]) -> RenderableType:
    """Return `models` for people; what is not healthy explains itself below."""
    if not models:
        return Text(_NONE)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for column in ("Name", "Model", "Version", "State", "Since (UTC)"):
        table.add_column(column, overflow="fold", no_wrap=column != "Model")
    for model in models:
        version = f"{model.version} (@{model.alias})" if model.alias else model.version
        since = model.since.partition("+")[0].removesuffix("Z").replace("T", " ")
        table.add_row(plain(model.name), plain(model.model), plain(version), state_text(model.state), plain(since))
    ill = [
        Padding(Text(f"{plain(model.name)}: {plain(model.detail)}"), (0, 0, 0, 2)) for model in models if model.detail
    ]
    return Group(table, *([Text()] if ill else []), *ill)
