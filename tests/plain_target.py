"""A made-up target that differs in nothing, for made-up stacks: what is asked is their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.base import Operation, Planning, Questions, Removal, Target
from mlops_install.targets.context import Context
from mlops_install.targets.records import CheckReport, Finding, ServiceState


class _Operation(Operation):
    def status(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers
    ) -> list[ServiceState]:
        return []

    def verify(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, loop: bool
    ) -> Iterator[CheckReport]:
        return iter(())


class _Questions(Questions):
    """Nothing is known."""


class _Planning(Planning):
    destroys_everything = True
    service_program = ""


class _Removal(Removal):
    """Terraform removes everything."""


class PlainTarget(Target):
    """Asks, warns and watches nothing."""

    summary = "made up"
    takes_kubeconfig = False
    done_note = ""
    questions = _Questions()
    planning = _Planning()
    operation = _Operation()
    services = None
    removal = _Removal()

    def __init__(self, name: str) -> None:
        self.name = name

    def doctor(self, context: Context) -> Iterator[Finding]:
        """Find nothing."""
        return iter(())


def register(name: str) -> None:
    """Have the program know a target of this name, for the life of the process."""
    module = ModuleType(f"mlops_install.targets.{name}.target")
    module.__dict__["TARGET"] = PlainTarget(name)
    sys.modules[module.__name__] = module
