"""What a check is told, and how its result is handed on."""

from __future__ import annotations

from collections.abc import Mapping

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Value
from mlops_install.checks.run import SECRETS, CheckResult
from mlops_install.operations.records import CheckReport, StepReport

CHECKS_AT_ONCE = 2
"""Each check starts a Python process that imports a whole client library; two keep two cores busy."""
CHECK_SECONDS = 240.0


def payload(
    module: str, published: Mapping[str, Value], answers: Answers, secrets: Mapping[str, str]
) -> dict[str, Value]:
    """Return what a check is told; of the secrets, only those that are its own."""
    return {
        "target": answers.target,
        "addresses": published.get("addresses", {}),
        "settings": dict(answers.parameters),
        "modules": list(answers.modules),
        "secrets": {name: secrets[name] for name in SECRETS.get(module, ()) if name in secrets},
    }


def report(result: CheckResult) -> CheckReport:
    """Return a result as front ends get it."""
    steps = tuple(StepReport(step.name, step.ok, step.detail) for step in result.steps)
    return CheckReport(result.module, result.status, result.seconds, steps, result.message)
