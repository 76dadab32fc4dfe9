"""Answers over answers, and `--set`, `--module`, `--without` over both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mlops_install.answers.check import name_problem
from mlops_install.answers.model import Answers, Backend
from mlops_install.answers.rules import SWITCH, closed, did_you_mean, needed_modules
from mlops_install.answers.values import value_problems
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.errors import Problem, UsageError

_BY_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:[^\n]+")


def merge(base: Answers, over: Answers) -> Answers:
    """Return `base` with everything that `over` sets; modules and backend are taken whole where `over` has any."""
    return Answers(
        name=over.name or base.name,
        target=over.target or base.target,
        modules=over.modules or base.modules,
        parameters={**base.parameters, **over.parameters},
        secrets={**base.secrets, **over.secrets},
        backend=base.backend if over.backend == Backend() else over.backend,
    )


def apply_overrides(
    answers: Answers,
    catalogue: Catalogue,
    *,
    sets: Sequence[str],
    modules: Sequence[str],
    without: Sequence[str],
) -> Answers:
    """Return the answers with the command line's changes.

    `sets` are `key=value`, typed by the catalogue; a secret only as `env:NAME` or `file:PATH`.
    Raises UsageError with everything wrong, never repeating a value.
    """
    problems: list[Problem] = []
    chosen = _choose(answers, catalogue, modules, without, problems)
    parameters: dict[str, Value] = dict(answers.parameters)
    secrets = dict(answers.secrets)
    for number, text in enumerate(sets, start=1):
        key, separator, value = text.partition("=")
        key = key.strip()
        if not separator or not key:
            problems.append(Problem(f"--set number {number}", "must be written key=value."))
        elif key in catalogue.parameters and catalogue.parameters[key].sensitive:
            secrets[key] = value
            problems += _secret_problems(key, value)
        else:
            _set(key, value, catalogue, parameters, problems)
    if problems:
        raise UsageError("The command line's changes can't be used.", problems=problems)
    return replace(answers, modules=chosen, parameters=parameters, secrets=secrets)


def _set(key: str, text: str, catalogue: Catalogue, parameters: dict[str, Value], problems: list[Problem]) -> None:
    problem = name_problem(key, catalogue)
    if problem is not None:
        problems.append(problem)
        return
    parameter = catalogue.parameters[key]
    try:
        value = parse_text(parameter.type, text)
    except ValueError as error:
        problems.append(Problem(key, f"{error}."))
        return
    problems += value_problems(parameter, value)
    parameters[key] = value


def _secret_problems(key: str, value: str) -> list[Problem]:
    if _BY_REFERENCE.fullmatch(value):
        return []
    hint = f"Use --set {key}=env:NAME or --set {key}=file:PATH. If you typed the secret itself, change it."
    return [Problem(key, "is a secret, and a command line is visible to others on this machine.", hint)]


def _choose(
    answers: Answers, catalogue: Catalogue, added: Sequence[str], removed: Sequence[str], problems: list[Problem]
) -> tuple[str, ...]:
    known = f"Modules: {', '.join(catalogue.modules)}."
    for flag, names in (("--module", added), ("--without", removed)):
        for name in names:
            if name not in catalogue.modules:
                hint = did_you_mean(name.removeprefix(SWITCH), catalogue.modules, known)
                problems.append(Problem(flag, f"names no module of {catalogue.target}: {name}.", hint))
    for name in sorted({*added} & {*removed}):
        problems.append(Problem("--without", f"takes away {name}, which --module adds."))
    wanted = ({*answers.modules} | {*added}) - {*removed}
    for module, by, reason in needed_modules(wanted, catalogue):
        if module in removed:
            problems.append(Problem("--without", f"can't take away {module}: {by} needs it. {reason}".strip()))
    chosen = tuple(name for name in catalogue.modules if name in wanted)
    return closed(chosen, catalogue) if added or removed else answers.modules
