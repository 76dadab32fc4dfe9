"""The documents of `-o json` and `-o yaml`: the operations' records as plain data, version 1.

The shapes are documented by the JSON Schemas (draft 2020-12) in `schemas/`, one a document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from mlops_install.answers.model import Preset
from mlops_install.catalogue.model import Value
from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState
from mlops_install.errors import ExitCode, InstallerError, Problem
from mlops_install.inspect.logins import Login
from mlops_install.targets.records import (
    CheckReport,
    Diagnosis,
    Finding,
    PlanSummary,
    PresetSummary,
    RunSummary,
    ServiceState,
)
from mlops_install.words.terminal import plain_lines
from mlops_install.workflow.rows import rows_of

VERSION = 1
"""Of every document; raised when a member changes its meaning or goes, not when one is added."""

SchemaName = Literal[
    "run", "status", "models", "verify", "outputs", "presets", "preset", "runs", "doctor", "plan", "error", "secret"
]
SCHEMA_NAMES: tuple[str, ...] = get_args(SchemaName)
Document = dict[str, Any]


def schema(name: SchemaName) -> Document:
    """Return the JSON Schema of a document."""
    path = Path(__file__).parent / "schemas" / f"{name}.schema.json"
    loaded: Document = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def event_line(event: Event, *, seq: int) -> Document:
    """Return one event of a run as a line of `-o json`."""
    return {
        "v": VERSION,
        "seq": seq,
        "time": event.time,
        "source": event.source,
        "type": event.type,
        "module": event.module,
        "resource": event.resource,
        "message": event.message,
        "data": dict(event.data),
    }


def result_line(data: Mapping[str, Value], *, seq: int, time: str, message: str) -> Document:
    """Return the last line of a run's `-o json`."""
    return event_line(Event(seq, time, "installer", "result", message=message, data=data), seq=seq)


def result_data(
    *,
    exit_code: int,
    run: RunSummary | None,
    state: RunState | None = None,
    verified: Iterable[CheckReport] = (),
    addresses: Mapping[str, str] | None = None,
    problems: Iterable[Problem | Diagnosis] = (),
) -> Document:
    """Return the `data` of a run's result.

    `run` is None where none was made; `state` tells what became of each module that was to change; `verified` the
    verification that followed, empty where there was none.
    """
    checks = {report.module: report.status for report in verified}
    return {
        "exit_code": int(exit_code),
        "run": None if run is None else _run(run),
        "modules": _modules(state or RunState(), checks),
        "addresses": dict(addresses or {}),
        "problems": [problem_object(problem) for problem in problems],
    }


def _modules(state: RunState, checks: Mapping[str, str]) -> list[Document]:
    changed = {row.module: row for row in rows_of(state, {}) if row.module}
    known = [m for m in dict.fromkeys([*(r.module for r in state.resources.values()), *checks]) if m]
    found: list[Document] = []
    for module in known:
        row = changed.get(module)
        took = (row.finished - row.started).total_seconds() if row and row.started and row.finished else None
        status = row.status if row else "unchanged"
        found.append({"module": module, "status": status, "seconds": took, "verified": checks.get(module)})
    return found


def problem_object(problem: Problem | Diagnosis) -> Document:
    """Return a finding or a diagnosis in the one shape that documents use for both."""
    if isinstance(problem, Diagnosis):
        return {
            "subject": problem.parameter or problem.module,
            "message": problem.cause,
            "hint": problem.action,
            "source": "",
            "module": problem.module,
            "parameter": problem.parameter,
            "detail": plain_lines(problem.detail),
        }
    return {
        "subject": problem.subject,
        "message": problem.message,
        "hint": problem.hint,
        "source": problem.source,
        "module": "",
        "parameter": "",
        "detail": [],
    }


def status_document(deployment: str, target: str, services: Iterable[ServiceState]) -> Document:
    """Return `status`: each chosen module's state; `healthy` when all of them are."""
    modules = [
        {"module": s.module, "tool": s.tool, "state": s.state, "address": s.address, "detail": s.detail}
        for s in services
    ]
    healthy = all(m["state"] == "healthy" for m in modules)
    return {"v": VERSION, "deployment": deployment, "target": target, "healthy": healthy, "modules": modules}


def verify_document(deployment: str, reports: Iterable[CheckReport]) -> Document:
    """Return `verify`: what real clients met; `passed` when no check failed."""
    modules = [
        {
            "module": report.module,
            "status": report.status,
            "seconds": round(report.seconds, 3),
            "message": report.message,
            "steps": [{"name": s.name, "ok": s.ok, "detail": s.detail} for s in report.steps],
        }
        for report in reports
    ]
    passed = all(m["status"] != "failed" for m in modules)
    return {"v": VERSION, "deployment": deployment, "passed": passed, "modules": modules}


def outputs_document(
    deployment: str, addresses: Mapping[str, str], environment: Mapping[str, str], ways_in: Mapping[str, Login]
) -> Document:
    """Return `outputs`: addresses by module, the notebooks' variables, and the way in, never a secret."""
    return {
        "v": VERSION,
        "deployment": deployment,
        "addresses": dict(addresses),
        "environment": dict(environment),
        "logins": {module: {"how": login.how, "command": login.command} for module, login in ways_in.items()},
    }


def presets_document(presets: Iterable[PresetSummary]) -> Document:
    """Return `presets`."""
    return {"v": VERSION, "presets": [_preset(preset) for preset in presets]}


def preset_document(summary: PresetSummary, preset: Preset) -> Document:
    """Return `preset show`: the summary, and everything the preset sets."""
    answers = preset.answers
    held = {"parameters": dict(answers.parameters), "secrets": dict(answers.secrets)}
    return {"v": VERSION, "preset": _preset(summary) | held}


def _preset(preset: PresetSummary) -> Document:
    return {
        "id": preset.id,
        "title": preset.title,
        "description": preset.description,
        "target": preset.target,
        "modules": list(preset.modules),
        "needs": list(preset.needs),
        "path": preset.path,
    }


def runs_document(deployment: str, runs: Iterable[RunSummary]) -> Document:
    """Return `runs`: the history."""
    return {"v": VERSION, "deployment": deployment, "runs": [_run(run) for run in runs]}


def _run(run: RunSummary) -> Document:
    return {
        "id": run.id,
        "kind": run.kind,
        "state": run.state,
        "created": run.created,
        "seconds": run.seconds,
        "changes": run.changes,
        "exit_code": run.exit_code,
    }


def doctor_document(findings: Iterable[Finding]) -> Document:
    """Return `doctor`; `ok` when no finding is a problem."""
    listed = [{"check": f.check, "level": f.level, "message": f.message, "hint": f.hint} for f in findings]
    return {"v": VERSION, "ok": all(f["level"] != "problem" for f in listed), "findings": listed}


def plan_document(deployment: str, plan: PlanSummary) -> Document:
    """Return `plan`: what changes in Terraform's words, and which answers it comes from."""
    changes = [{"module": c.module, "address": c.address, "action": c.action, "reason": c.reason} for c in plan.changes]
    answers = [{"name": name, "before": before, "after": after} for name, before, after in plan.answers_diff]
    return {
        "v": VERSION,
        "deployment": deployment,
        "run": plan.run,
        "kind": plan.kind,
        "changes": changes,
        "answers": answers,
    }


def secret_document(deployment: str, name: str, value: str) -> Document:
    """Return `secret show`: the only document that holds a secret, asked for by name."""
    return {"v": VERSION, "deployment": deployment, "name": name, "value": value}


def error_document(error: InstallerError, causes: Iterable[Diagnosis] = ()) -> Document:
    """Return an error as the document that takes the place of the one asked for; `causes` come before its problems."""
    return {
        "v": VERSION,
        "error": {
            "exit_code": int(error.exit_code),
            "kind": ExitCode(error.exit_code).name.lower(),
            "message": error.message,
            "hint": error.hint,
            "problems": [*map(problem_object, causes), *map(problem_object, error.problems)],
        },
    }
