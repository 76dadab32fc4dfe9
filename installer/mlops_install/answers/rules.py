"""What follows from answers: conditions, needed modules, needed secrets, and the nearest known name."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Condition, Parameter, Value

SWITCH = "install_"
"""Prefix of the variables that Terraform gets for chosen modules; never written in answers."""


def value_of(name: str, answers: Answers, catalogue: Catalogue) -> Value:
    """Return a parameter's value, its default where nothing is answered; for `install_<module>` whether it's chosen."""
    module = name.removeprefix(SWITCH)
    if name.startswith(SWITCH) and module in catalogue.modules:
        return module in answers.modules
    if name in answers.parameters:
        return answers.parameters[name]
    parameter = catalogue.parameters.get(name)
    return None if parameter is None else parameter.default


def holds(conditions: Iterable[Condition], answers: Answers, catalogue: Catalogue) -> bool:
    """Return whether all conditions hold; one on `{"not": value}` holds for any other value."""
    return all(
        _fits(value_of(name, answers, catalogue), expected)
        for condition in conditions
        for name, expected in condition.items()
    )


def _fits(value: Value, expected: Value) -> bool:
    if isinstance(expected, dict):
        return not _same(value, expected["not"])
    return _same(value, expected)


def _same(left: Value, right: Value) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def is_chosen(parameter: Parameter, answers: Answers) -> bool:
    """Return whether a parameter's module is chosen; those of the deployment itself always are."""
    return not parameter.module or parameter.module in answers.modules


def needed_modules(chosen: Collection[str], catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return what chosen modules pull in, as (module, needed by, reason), each module once."""
    seen = set(chosen)
    pulled: list[tuple[str, str, str]] = []
    waiting = [name for name in catalogue.modules if name in seen]
    while waiting:
        by = catalogue.modules[waiting.pop(0)]
        for need in by.needs:
            if need.module not in seen:
                seen.add(need.module)
                waiting.append(need.module)
                pulled.append((need.module, by.id, need.reason))
    return pulled


def closed(chosen: Collection[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Return chosen modules with all that they need, in the catalogue's order."""
    wanted = {*chosen, *(module for module, _, _ in needed_modules(chosen, catalogue))}
    return tuple(name for name in catalogue.modules if name in wanted)


def is_required(parameter: Parameter, answers: Answers, catalogue: Catalogue) -> bool:
    """Return whether a chosen module can't do without the parameter's value."""
    if not is_chosen(parameter, answers):
        return False
    if parameter.required_when is None:
        return not parameter.has_default
    return holds(parameter.required_when, answers, catalogue)


def needed_secrets(answers: Answers, catalogue: Catalogue) -> list[Parameter]:
    """Return the secrets to have a value: required ones, and optional ones that are generated or referred to."""
    return [parameter for parameter in catalogue.secrets() if _is_needed(parameter, answers, catalogue)]


def _is_needed(parameter: Parameter, answers: Answers, catalogue: Catalogue) -> bool:
    if parameter.required_when is None and is_chosen(parameter, answers):
        return parameter.generate is not None or parameter.name in answers.secrets or not parameter.has_default
    return is_required(parameter, answers, catalogue)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like the given one, or an empty text when none is near."""
    import difflib

    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the hint `Did you mean …?`, or another one when no known name is near."""
    near = nearest(name, known)
    return f"Did you mean {near}?" if near else otherwise
