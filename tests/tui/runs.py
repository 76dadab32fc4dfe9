"""Run folders as the engine writes them, for tests of what shows a run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import create_run, update_record, write_result
from mlops_install.deployment.runs.record import Result
from mlops_install.deployment.store import exists
from mlops_install.setup.interview import Interview

STAMP = "2026-11-23T23:52:{second:02d}.000000Z"


def terraform(message: str, kind: str, second: int, **more: Any) -> str:
    """Return a line as Terraform 1.11.4 writes it."""
    line = {"@level": "info", "@message": message, "@module": "terraform.ui", "@timestamp": STAMP.format(second=second)}
    return json.dumps({**line, **more, "type": kind}) + "\n"


def of(module: str, kind: str, second: int, words: str, action: str = "create", **more: Any) -> str:
    """Return a line about the service of a module."""
    address = f"module.{module}_service[0].terraform_data.service"
    hook = {"resource": {"addr": address}, "action": action, **more}
    return terraform(f"{address}: {words}", kind, second, **{"change" if kind == "planned_change" else "hook": hook})


def installer(kind: str, message: str, second: int, **data: Any) -> str:
    """Return a line of our own."""
    line = {"time": STAMP.format(second=second), "source": "installer", "type": kind, "message": message, "data": data}
    return json.dumps(line) + "\n"


def live(module: str, message: str, second: int) -> str:
    """Return a line of a service's own log."""
    line = {"time": STAMP.format(second=second), "source": "live", "type": "service_log", "module": module}
    return json.dumps({**line, "message": message}) + "\n"


BEGUN = (
    terraform("Terraform 1.11.4", "version", 1)
    + of("mlflow", "planned_change", 1, "Plan to create")
    + of("jupyterhub", "planned_change", 1, "Plan to create")
    + installer("phase", "Applying", 2, phase="apply")
    + of("mlflow", "apply_start", 2, "Creating...")
    + of("jupyterhub", "apply_start", 2, "Creating...")
    + of("mlflow", "provision_progress", 3, "(local-exec): phase: installing wheels", output="phase: installing wheels")
)
GOOD = of("mlflow", "apply_complete", 9, "Creation complete") + of(
    "jupyterhub", "apply_complete", 9, "Creation complete"
)
BAD = of("mlflow", "apply_complete", 9, "Creation complete") + of("jupyterhub", "apply_errored", 9, "Creation errored")
NO_PACKAGE: Mapping[str, Any] = {
    "severity": "error",
    "summary": "local-exec provisioner error",
    "address": "module.notebook_service.terraform_data.service",
    "detail": "Error running command './bin/service up notebook': exit status 1. Output: phase: installing the team's "
    "packages: nosuch 1.0\nTeam environment is not running. Its packages could not be installed: uv ended with 1.\n"
    "  error: No solution found when resolving dependencies\n"
    "    cause: Because nosuch was not found in the package registry and you require nosuch==1.0\n",
}


def begin_run(interview: Interview, *, kind: Any = "apply", events: str = BEGUN) -> RunFolder:
    """Return a run that this process applies, with its first events."""
    deployment = interview.deployment
    make_private(deployment.folder)
    if not exists(deployment):
        write_marker(deployment, Marker(interview.target))
    run, _ = create_run(deployment, kind=kind, state="applying", binary=("terraform",), binary_version="1.11.4")
    update_record(run, runner=mark(os.getpid()))
    run.events.write_text(events)
    return run


def end_run(run: RunFolder, events: str, *diagnostics: Mapping[str, Any], state: Any = "") -> None:
    """Write the rest of a run and its result: done without diagnostics, else failed."""
    state = state or ("failed" if diagnostics else "done")
    with run.events.open("a") as file:
        file.write(events + installer("phase", state.capitalize(), 10, phase=state))
    update_record(run, state=state)
    write_result(run, Result(0 if state == "done" else 1, state, "apply", "", "", 8.0, 0, tuple(diagnostics)))
