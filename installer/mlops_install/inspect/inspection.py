"""What is there: status, outputs, verification, history, presets, single secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mlops_install.answers.check import complete, missing
from mlops_install.answers.model import Preset
from mlops_install.answers.presets import list_presets
from mlops_install.answers.secrets import resolve
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.runs.history import list_runs, read_record, read_result
from mlops_install.deployment.secrets import read_secrets
from mlops_install.engine.events import parse_line
from mlops_install.errors import UsageError
from mlops_install.setup import opening
from mlops_install.setup.preset_places import preset_roots
from mlops_install.targets.context import Context
from mlops_install.targets.installed import installed_answers
from mlops_install.targets.records import CheckReport, PresetSummary, RunSummary, ServiceState
from mlops_install.targets.registry import target

_RUNS_LOOKED_AT = 10
"""Earlier runs searched for the time each module takes."""


def status(context: Context, deployment: Deployment) -> list[ServiceState]:
    """Return the state of every chosen module, in the catalogue's order."""
    catalogue, answers = installed_answers(context, deployment)
    return target(answers.target).operation.status(context, deployment, catalogue, answers)


def verify(context: Context, deployment: Deployment, *, loop: bool = False) -> Iterator[CheckReport]:
    """Check every module by a real client, as each comes to its end; a module that isn't chosen is `not installed`.

    With `loop` the whole way from features to a served model is gone at last, where all of it is chosen. Raises
    InstallerError when there is nothing to check from, or the target can't be asked.
    """
    catalogue, answers = installed_answers(context, deployment)
    yield from target(answers.target).operation.verify(context, deployment, catalogue, answers, loop=loop)


def history(deployment: Deployment) -> list[RunSummary]:
    """Return every run, the oldest first."""
    summaries: list[RunSummary] = []
    for run in list_runs(deployment):
        record = read_record(run)
        result = read_result(run)
        summaries.append(
            RunSummary(
                id=run.id,
                kind=record.kind,
                state=record.state,
                created=record.created,
                seconds=result.seconds if result else None,
                changes=len(record.changes),
                exit_code=result.exit_code if result else None,
            )
        )
    return summaries


def expected_seconds(deployment: Deployment) -> dict[str, float]:
    """Return how long each module took the last time it was set up, by module id; empty before the first apply.

    A run that goes on is left out: its modules have only begun.
    """
    found: dict[str, float] = {}
    for run in reversed(list_runs(deployment)[-_RUNS_LOOKED_AT:]):
        if run.events.is_file() and read_result(run) is not None:
            found = _seconds_by_module(run) | found
    return found


def _seconds_by_module(run: RunFolder) -> dict[str, float]:
    started: dict[str, datetime] = {}
    found: dict[str, float] = {}
    for line in run.events.read_text(encoding="utf-8", errors="replace").splitlines():
        if '"apply_start"' not in line and '"apply_complete"' not in line:
            continue
        event = parse_line(line, seq=0)
        if not event.module or not event.time:
            continue
        at = datetime.fromisoformat(event.time)
        if event.type == "apply_start":
            started.setdefault(event.module, at)
        elif event.type == "apply_complete" and event.module in started:
            found[event.module] = (at - started[event.module]).total_seconds()
    return found


def preset_summary(context: Context, preset: Preset) -> PresetSummary:
    """Return what a preset holds and which required values it leaves open."""
    catalogue = context.catalogue(preset.answers.target)
    answers = complete(preset.answers, catalogue)
    secrets = resolve(
        answers,
        catalogue,
        variables=context.environment.variables,
        base=context.environment.working_directory,
        kept={},
        typed={},
    )
    needs = missing(answers, catalogue, secrets=secrets.values.keys())
    return PresetSummary(
        id=preset.id,
        title=preset.title,
        description=preset.description,
        target=preset.answers.target,
        modules=answers.modules,
        needs=tuple(parameter.name for parameter in needs),
        path=preset.path,
    )


def preset_details(context: Context, name: str) -> tuple[PresetSummary, Preset]:
    """Return a preset by name or file with its summary; raises UsageError with everything wrong in it."""
    preset = opening.preset(context, name)
    return preset_summary(context, preset), preset


def presets(context: Context) -> list[PresetSummary]:
    """Return the shipped presets."""
    return [preset_summary(context, preset) for preset in list_presets(preset_roots(context))]


def secret(context: Context, deployment: Deployment, name: str) -> str:
    """Return one secret's value; raises UsageError for a name that is none or has no value."""
    catalogue = context.catalogue(read_marker(deployment).target)
    known = [parameter.name for parameter in catalogue.secrets()]
    if name not in known:
        raise UsageError(f"{name!r} is not a secret of this deployment", hint=f"Its secrets: {', '.join(known)}.")
    values = read_secrets(deployment.secrets)
    if name not in values:
        raise UsageError(f"the secret {name!r} has no value", hint="It is set when a module that needs it is applied.")
    return values[name]
