"""What is there: status, outputs, verification, history, presets, single secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path

from mlops_install.answers.check import complete, missing
from mlops_install.answers.model import Answers, Preset
from mlops_install.answers.presets import list_presets, load_preset
from mlops_install.answers.secrets import resolve
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.checks.run import LOOP, MODULES, run_check
from mlops_install.deployment.history import list_runs, read_record, read_result
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.secrets import read_secrets
from mlops_install.engine.events import parse_line
from mlops_install.errors import InstallerError, UsageError
from mlops_install.setup.preset_places import preset_roots
from mlops_install.targets.checking import (
    CHECK_SECONDS,
    CHECKS_AT_ONCE,
    LOOP_SECONDS,
    has_loop,
    loop_payload,
    payload,
    report,
)
from mlops_install.targets.context import Context
from mlops_install.targets.installed import installed_answers
from mlops_install.targets.records import CheckReport, PresetSummary, RunSummary, ServiceState

_RUNS_LOOKED_AT = 10
"""Earlier runs searched for the time each module takes."""


def status(context: Context, deployment: Deployment) -> list[ServiceState]:
    """Return the state of every chosen module, in the catalogue's order."""
    catalogue, answers = installed_answers(context, deployment)
    if answers.target == "kubernetes":
        from mlops_install.targets.kubernetes.status import cluster_states

        return cluster_states(context, deployment, catalogue, answers, outputs(context, deployment))
    from mlops_install.targets.local.models import served_models
    from mlops_install.targets.local.status import inspect
    from mlops_install.targets.served import with_models

    found = {entry.module: entry for entry in inspect(deployment)}
    states: list[ServiceState] = []
    for module in (m for m in catalogue.modules if m in answers.modules):
        entry = found.get(module)
        if entry is None:
            hint = f"never came up; `{deployment.command('apply')}` carries on"
            states.append(ServiceState(module, module, "down", "", hint))
        else:
            states.append(ServiceState(module, entry.tool, entry.state, entry.address, entry.detail))
    given = str(answers.parameters.get("seldon_models_directory") or "")
    return with_models(states, lambda: served_models(deployment, given))


def outputs(context: Context, deployment: Deployment) -> dict[str, Value]:
    """Return the stack's outputs by name; empty when nothing was applied."""
    from mlops_install.engine.outputs import read_outputs

    return read_outputs(context.binary(), deployment, variables=context.environment.variables)


def verify(context: Context, deployment: Deployment, *, loop: bool = False) -> Iterator[CheckReport]:
    """Check every module by a real client, as each comes to its end; a module that isn't chosen is `not installed`.

    With `loop` the whole way from features to a served model is gone at last, where all of it is chosen. In a cluster
    the clients run in a notebook started through the Hub. Raises InstallerError when the team's environment is not
    there.
    """
    catalogue, answers = installed_answers(context, deployment)
    if answers.target == "kubernetes":
        from mlops_install.targets.kubernetes.verify import cluster_checks

        yield from cluster_checks(context, deployment, catalogue, answers, outputs(context, deployment), loop=loop)
        return
    yield from _local_checks(context, deployment, catalogue, answers)
    if loop:
        yield _loop_check(deployment, answers, outputs(context, deployment))


def _local_checks(
    context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers
) -> Iterator[CheckReport]:
    python = _team_python(deployment)
    for module in catalogue.modules:
        if module not in answers.modules:
            yield CheckReport(module, "not installed", 0.0, (), "")
    published = outputs(context, deployment)
    secrets = read_secrets(deployment.secrets)
    with ThreadPoolExecutor(CHECKS_AT_ONCE) as pool:
        futures = [
            pool.submit(_check, module, python, payload(module, published, answers, secrets), published)
            for module in sorted(answers.modules, key=MODULES.index)
        ]
        for future in as_completed(futures):
            yield future.result()


def _team_python(deployment: Deployment) -> Path:
    from mlops_install.targets.local.tool import team_folder

    python = team_folder(deployment.services) / "bin" / "python"
    if not python.is_file():
        raise InstallerError(
            "the team's environment is not there, so nothing can be verified",
            hint=f"`{deployment.command('apply')}` makes it.",
        )
    return python


def _check(module: str, python: Path, told: dict[str, Value], published: Mapping[str, Value]) -> CheckReport:
    environment = dict(published.get("environment") or {})
    return report(run_check(module, python=python, payload=told, timeout=CHECK_SECONDS, environment=environment))


def _loop_check(deployment: Deployment, answers: Answers, published: Mapping[str, Value]) -> CheckReport:
    from mlops_install.targets.local.tools._team import team_variables

    if not has_loop(answers.modules):
        return CheckReport(LOOP, "not installed", 0.0, (), "")
    told = loop_payload(payload(LOOP, published, answers, {}))
    environment = team_variables(deployment.services, dict(published.get("environment") or {}))
    python = _team_python(deployment)
    return report(run_check(LOOP, python=python, payload=told, timeout=LOOP_SECONDS, environment=environment))


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
    preset = load_preset(
        name,
        root=preset_roots(context),
        working_directory=context.environment.working_directory,
        catalogue_of=context.catalogue,
    )
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
