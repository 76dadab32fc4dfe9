"""What can be chosen on the target, for parameters whose overlay says `choices_from`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Parameter
from mlops_install.targets.context import Context
from mlops_install.targets.registry import target


def choices(context: Context, answers: Answers, kind: str) -> tuple[str, ...]:
    """Return what there is of a kind on the target, sorted; empty when it can't be asked or has none; never raises."""
    return target(answers.target).questions.choices(context, answers, kind)


def offered(context: Context, answers: Answers, parameters: Iterable[Parameter]) -> list[Parameter]:
    """Return the parameters, each with the choices that the target has for it where it has any."""
    return [
        replace(parameter, choices=found)
        if parameter.choices_from and (found := choices(context, answers, parameter.choices_from))
        else parameter
        for parameter in parameters
    ]
