"""How the chosen modules on this machine are: their services' state, what a client meets, and the served models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.checks.run import LOOP, MODULES, run_check
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import read_secrets
from mlops_install.environment.served import ServedModel
from mlops_install.errors import InstallerError
from mlops_install.targets.checking import (
    CHECK_SECONDS,
    CHECKS_AT_ONCE,
    LOOP_SECONDS,
    Facts,
    has_loop,
    loop_payload,
    payload,
    report,
)
from mlops_install.targets.context import Context
from mlops_install.targets.installed import outputs
from mlops_install.targets.local.models import served_models
from mlops_install.targets.local.status import inspect
from mlops_install.targets.local.tool import team_folder
from mlops_install.targets.local.tools._team import team_variables
from mlops_install.targets.records import CheckReport, ServiceState
from mlops_install.targets.served import with_models

_FACTS = Facts(start_seconds=180.0, shared_folder=True, model_server=True)
"""Of checks that run as the same user on the same machine as all tools."""


def module_states(deployment: Deployment, catalogue: Catalogue, answers: Answers) -> list[ServiceState]:
    """Return the state of every chosen module, in the catalogue's order."""
    found = {entry.module: entry for entry in inspect(deployment)}
    states: list[ServiceState] = []
    for module in (m for m in catalogue.modules if m in answers.modules):
        entry = found.get(module)
        if entry is None:
            hint = f"never came up; `{deployment.command('apply')}` carries on"
            states.append(ServiceState(module, module, "down", "", hint))
        else:
            states.append(ServiceState(module, entry.tool, entry.state, entry.address, entry.detail))
    return with_models(states, lambda: models(deployment, answers))


def models(deployment: Deployment, answers: Answers) -> list[ServedModel]:
    """Return the models that MLServer is to serve, by name; never raises."""
    return served_models(deployment, str(answers.parameters.get("seldon_models_directory") or ""))


def checks(
    context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, loop: bool
) -> Iterator[CheckReport]:
    """Check every module with a client in the team's environment, as each comes to its end; with `loop` all at last.

    Raises InstallerError when the team's environment is not there.
    """
    python = _team_python(deployment)
    for module in catalogue.modules:
        if module not in answers.modules:
            yield CheckReport(module, "not installed", 0.0, (), "")
    published = outputs(context, deployment)
    secrets = read_secrets(deployment.secrets)
    with ThreadPoolExecutor(CHECKS_AT_ONCE) as pool:
        futures = [
            pool.submit(_check, module, python, payload(module, published, answers, secrets, _FACTS), published)
            for module in sorted(answers.modules, key=MODULES.index)
        ]
        for future in as_completed(futures):
            yield future.result()
    if loop:
        yield _loop_check(deployment, answers, published)


def _team_python(deployment: Deployment) -> Path:
    python = team_folder(deployment.services) / "bin" / "python"
    if not python.is_file():
        raise InstallerError(
            "the team's environment is not there, so nothing can be verified",
            hint=f"`{deployment.command('apply')}` makes it.",
        )
    return python


def _check(module: str, python: Path, given: dict[str, Value], published: Mapping[str, Value]) -> CheckReport:
    environment = dict(published.get("environment") or {})
    return report(run_check(module, python=python, payload=given, timeout=CHECK_SECONDS, environment=environment))


def _loop_check(deployment: Deployment, answers: Answers, published: Mapping[str, Value]) -> CheckReport:
    if not has_loop(answers.modules):
        return CheckReport(LOOP, "not installed", 0.0, (), "")
    given = loop_payload(payload(LOOP, published, answers, {}, _FACTS))
    environment = team_variables(deployment.services, dict(published.get("environment") or {}))
    python = _team_python(deployment)
    return report(run_check(LOOP, python=python, payload=given, timeout=LOOP_SECONDS, environment=environment))
