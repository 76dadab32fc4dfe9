"""A whole target in one file: each module is one process that sleeps, known by a file with its number."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mlops_install.answers.document import read_answers
from mlops_install.answers.model import Answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import InstallerError
from mlops_install.targets.base import Operation, Planning, Questions, Removal, Services, Target
from mlops_install.targets.context import Context
from mlops_install.targets.records import CheckReport, Finding, ServiceState, StepReport


def _file(deployment: Deployment, module: str) -> Path:
    return deployment.folder / f"{module}.pid"


def _sleeps(deployment: Deployment, module: str) -> bool:
    try:
        pid = int(_file(deployment, module).read_text())
        return b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False


class _Questions(Questions):
    """Any machine takes sleepers."""


class _Planning(Planning):
    destroys_everything = True
    service_program = ""


class _Operation(Operation):
    def status(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers
    ) -> list[ServiceState]:
        return [
            ServiceState(module, module, "healthy" if _sleeps(deployment, module) else "down", "", "it sleeps or not")
            for module in catalogue.modules
            if module in answers.modules
        ]

    def verify(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, loop: bool
    ) -> Iterator[CheckReport]:
        for state in self.status(context, deployment, catalogue, answers):
            step = StepReport("breathes", state.state == "healthy", state.detail)
            if step.ok:
                yield CheckReport(state.module, "passed", 0.0, (step,), "")
            else:
                yield CheckReport(state.module, "failed", 0.0, (step,), "it doesn't sleep")


class _Services(Services):
    def start(self, deployment: Deployment) -> None:
        for module, seconds in self._wanted(deployment).items():
            if not _sleeps(deployment, module):
                child = subprocess.Popen(
                    ["sleep", seconds], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                _file(deployment, module).write_text(str(child.pid))

    def stop(self, deployment: Deployment) -> None:
        for file in deployment.folder.glob("*.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(file.read_text()), signal.SIGTERM)
            file.unlink()

    def _wanted(self, deployment: Deployment) -> dict[str, str]:
        catalogue = load_catalogue("sleepers", cache_home=deployment.folder / ".cache")
        answers = read_answers(deployment.answers, catalogue)
        if not answers.modules:
            raise InstallerError("Nobody is to sleep.")
        return {module: str(answers.parameters[f"{module}_seconds"]) for module in answers.modules}


class _Removal(Removal):
    def clean_up(self, deployment: Deployment, *, purge_data: bool) -> None:
        _Services().stop(deployment)


class Sleepers(Target):
    """Processes that only sleep."""

    name = "sleepers"
    summary = "processes that only sleep"
    takes_kubeconfig = False
    done_note = "Note: do not wake them."
    questions = _Questions()
    planning = _Planning()
    operation = _Operation()
    services = _Services()
    removal = _Removal()

    def doctor(self, context: Context) -> Iterator[Finding]:
        """Say that there is nothing to check."""
        yield Finding("sleepers", "ok", "any machine takes sleepers")


TARGET: Target = Sleepers()
