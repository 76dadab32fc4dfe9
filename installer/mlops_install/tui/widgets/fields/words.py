"""How values are typed and secrets are said on a form."""

from __future__ import annotations

import json

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.setup.questions import SecretState

SCALARS = ("string", "number", "bool")
"""The kinds that stand on one line."""


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
