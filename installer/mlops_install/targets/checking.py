"""What a check gets to know, and how its result is handed on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Value
from mlops_install.checks.run import LOOP, MODULES, SECRETS, CheckResult
from mlops_install.targets.records import CheckReport, StepReport

CHECKS_AT_ONCE = 2
"""Each check starts a Python process that imports a whole client library; two keep two cores busy."""
CHECK_SECONDS = 240.0
LOOP_SECONDS = 900.0
"""For the whole way on a busy machine; on an idle one with two cores it takes less than 60."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check can count on where it runs."""

    start_seconds: float
    """How long a notebook server may take to start."""
    shared_folder: bool
    """Whether Prefect's worker reads the files of the process that checks."""
    model_server: bool
    """Whether the models' address is MLServer's own, which also lists them, and not a way to each model alone."""


def payload(
    module: str, published: Mapping[str, Value], answers: Answers, secrets: Mapping[str, str], facts: Facts
) -> dict[str, Value]:
    """Return what a check gets to know; of the secrets, only those that are its own."""
    return {
        "facts": asdict(facts),
        "addresses": published.get("addresses", {}),
        "settings": dict(answers.parameters),
        "modules": list(answers.modules),
        "secrets": {name: secrets[name] for name in SECRETS.get(module, ()) if name in secrets},
    }


def has_loop(modules: Collection[str]) -> bool:
    """Return whether all that the whole way goes through is chosen."""
    return set(MODULES) <= set(modules)


def loop_payload(told: Mapping[str, Value]) -> dict[str, Value]:
    """Return the payload of the whole way, made from that of a module."""
    return {**told, "modules": [*MODULES, LOOP], "secrets": {}}


def report(result: CheckResult) -> CheckReport:
    """Return a result as front ends get it."""
    steps = tuple(StepReport(step.name, step.ok, step.detail) for step in result.steps)
    return CheckReport(result.module, result.status, result.seconds, steps, result.message)
