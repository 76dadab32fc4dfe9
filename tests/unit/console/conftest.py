"""A run of three tools as events, folded by the real reducer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from mlops_install.catalogue.model import Value
from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState, reduce

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Step = tuple[Event, RunState]
Script = Sequence[tuple[float, str, str, dict[str, Value]]]
"""Seconds, type, module, data."""


def at(seconds: float) -> datetime:
    """Return the time that many seconds into the run."""
    return START + timedelta(seconds=seconds)


def address(module: str) -> str:
    """Return a tool's resource address."""
    return f"module.{module}_service[0].terraform_data.service" if module else ""


def play(script: Script) -> Iterator[Step]:
    """Yield each event of a script with the state after it."""
    state = RunState()
    for seq, (seconds, kind, module, data) in enumerate(script):
        event = Event(
            seq=seq,
            time=at(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            source="live" if kind == "log" else "installer" if kind in {"phase", "cancel"} else "terraform",
            type=kind,
            module=module,
            resource="" if kind == "log" else address(module),
            message=str(data.get("message", "")),
            data=data,
        )
        state = reduce(state, event)
        yield event, state


def phase(seconds: float, module: str, text: str) -> tuple[float, str, str, dict[str, Value]]:
    """Return the line a tool prints when its phase changes."""
    return seconds, "provision_progress", module, {"hook": {"output": f"phase: {text}"}}


def script(*, last: str = "done", action: str = "create") -> Script:
    """Return an apply of the team's environment, MLflow and Seldon; Seldon fails unless `last` is done."""
    modules = ("environment", "mlflow", "seldon")
    end = "apply_complete" if last == "done" else "apply_errored"
    diagnostic = {"severity": "error", "summary": "local-exec provisioner error", "address": address("seldon")}
    failure: Script = () if last == "done" else [(12.2, "diagnostic", "seldon", {"diagnostic": diagnostic})]
    return [
        (0.0, "phase", "", {"phase": "init"}),
        (1.0, "phase", "", {"phase": "plan"}),
        *((2.0, "planned_change", m, {"change": {"action": action}}) for m in modules),
        (2.0, "phase", "", {"phase": "apply"}),
        *((2.5, "apply_start", m, {"hook": {"action": action}}) for m in modules),
        *(phase(2.6, m, "installing 84 packages") for m in modules),
        phase(5.0, "environment", "healthy"),
        (5.5, "apply_complete", "environment", {"hook": {"action": action}}),
        phase(7.0, "mlflow", "waiting for http://127.0.0.1:5000/health"),
        (7.5, "log", "mlflow", {"message": "\x1b[32mINFO\x1b[0m  serving on \x07port 5000"}),
        phase(9.0, "mlflow", "healthy http://127.0.0.1:5000"),
        (9.5, "apply_complete", "mlflow", {"hook": {"action": action}}),
        phase(11.0, "seldon", "starting"),
        *(() if last == "done" else [(11.9, "provision_progress", "seldon", {"hook": {"output": "it ended with 1"}})]),
        (12.0, end, "seldon", {"hook": {"action": action}}),
        *failure,
        (12.5, "phase", "", {"phase": last}),
    ]


@pytest.fixture
def titles() -> dict[str, str]:
    """Titles in the catalogue's order."""
    return {"jupyterhub": "JupyterHub", "mlflow": "MLflow", "seldon": "Seldon MLServer"}


@pytest.fixture
def run() -> Callable[..., list[Step]]:
    """Make a run's events and states: `run()`, `run(last="failed")`, `run(action="delete")`."""
    return lambda **given: list(play(script(**given)))
