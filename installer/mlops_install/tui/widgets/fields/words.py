"""How values, problems and secrets are said on a form."""

from __future__ import annotations

import json

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.errors import Problem
from mlops_install.operations.questions import SecretState
from mlops_install.operations.wording import at_a_form, plain, value_text

SCALARS = ("string", "number", "bool")
"""The kinds that stand on one line."""


def shown(value: Value) -> str:
    """Return a value in words, on one line."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{plain(key)}: {shown(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            return f"{len(value)} item{'s' if len(value) > 1 else ''}"
        return ", ".join(shown(item) for item in value) or "none"
    return value_text(value)


def typed(value: Value) -> str:
    """Return a value as it is typed into a line."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read(spec: TypeSpec, text: str) -> Value:
    """Return the value of a typed text; the text itself where it is none, so that nothing typed is lost."""
    try:
        return parse_text(spec, text)
    except ValueError:
        return text


def told(problem: Problem) -> str:
    """Return a problem as a sentence of its own, under its field."""
    message = problem.message.replace(", must be ", "; it must be ")
    if message[:1].islower() and not message.startswith(("item ", "key ", "port ")):
        message = f"it {message}"
    return f"{message[:1].upper()}{message[1:]} {at_a_form(problem.hint)}".rstrip()


def secret_words(state: SecretState) -> str:
    """Return how a secret comes, never its value."""
    if not state.reference:
        return "not given yet"
    words = {"generated": "made by the installer", "typed": "typed"}.get(state.reference, state.reference)
    for prefix, meaning in (("env:", "read from the variable "), ("file:", "read from the file ")):
        if words.startswith(prefix):
            words = meaning + words.removeprefix(prefix)
    if state.fresh:
        words += ", new"
    elif state.kept:
        words += ", as installed"
    elif state.reference == "typed":
        words += ", no value yet"
    return f"{words}, {state.strength}" if state.strength else words
