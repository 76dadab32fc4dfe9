"""How many models are served, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from mlops_install.environment.served import ServedModel
from mlops_install.errors import InstallerError
from mlops_install.targets.records import ServiceState

MODULE = "seldon"


def with_models(states: list[ServiceState], models: Callable[[], list[ServedModel]]) -> list[ServiceState]:
    """Return the states with, for a healthy Seldon, how many models it serves, which tells more than a reply."""
    return [
        replace(state, detail=_counted(models) or state.detail)
        if state.module == MODULE and state.state == "healthy"
        else state
        for state in states
    ]


def _counted(models: Callable[[], list[ServedModel]]) -> str:
    try:
        return counted(models())
    except InstallerError:
        return ""


def counted(models: Iterable[ServedModel]) -> str:
    """Return how many there are in a few words: `3 models served, 1 not healthy`."""
    listed = list(models)
    if not listed:
        return "no model served"
    ill = sum(model.state != "healthy" for model in listed)
    words = f"{len(listed)} model{'s' if len(listed) > 1 else ''} served"
    return f"{words}, {ill} not healthy" if ill else words
