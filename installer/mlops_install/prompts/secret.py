"""A secret as a question: generated, typed unseen, or taken from a variable or a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mlops_install.catalogue.model import Parameter, Value
from mlops_install.prompts.confirmation import choose
from mlops_install.prompts.lines import ask
from mlops_install.prompts.session import answer, is_plain

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class SecretAnswer:
    """How a secret comes, and its value when it was typed."""

    reference: str
    """`generated`, `typed`, `env:NAME` or `file:PATH`."""
    value: str | None = field(default=None, repr=False)


def ask_secret(parameter: Parameter, *, check: Callable[[Parameter, Value], str | None]) -> SecretAnswer:
    """Ask how a secret comes; what is typed isn't shown. Raises CancelledError on ^C."""
    options = [
        ("typed", "Type it now, unseen"),
        ("env", "From an environment variable, at each plan"),
        ("file", "From a file, at each plan"),
    ]
    if parameter.generate:
        options.insert(0, ("generated", "Generate one"))
    way = choose(f"{parameter.label or parameter.name}:", options)
    if way == "generated":
        return SecretAnswer("generated")
    if way == "typed":
        return SecretAnswer("typed", ask_typed(parameter, check))
    return SecretAnswer(f"{way}:{ask_source(way)}")


def ask_typed(parameter: Parameter, check: Callable[[Parameter, Value], str | None]) -> str:
    """Ask for a secret's value, which isn't shown; raises CancelledError on ^C."""
    import questionary

    def problem(text: str) -> bool | str:
        return (check(parameter, text) or True) if text else "A value is needed here."

    typed: str = answer(questionary.password("Value (not shown):", validate=problem))
    return typed


def ask_source(way: str, *, ways: bool = False, default: str = "") -> str:
    """Ask for the variable's name (`env`) or the file (`file`) that holds a secret; raises CancelledError on ^C.

    With `ways`, GoBack and GoToReview are raised where these are typed.
    """
    what = "Variable's name" if way == "env" else "File"
    if ways or is_plain():
        kept = f" [{default}]" if default else ""
        return ask(f"{what}{kept}:", lambda line: _checked(way, line or default), ways=ways)
    import questionary

    def problem(text: str) -> bool | str:
        try:
            _checked(way, text)
        except ValueError as error:
            return f"{error}."
        return True

    named: str = answer((questionary.path if way == "file" else questionary.text)(f"{what}:", validate=problem))
    return named.strip()


def _checked(way: str, text: str) -> str:
    named = text.strip()
    if not named:
        raise ValueError("a name is needed here")
    if way == "env" and not _VARIABLE.fullmatch(named):
        raise ValueError("a variable's name has letters, digits and _, such as GITHUB_CLIENT_SECRET")
    return named
