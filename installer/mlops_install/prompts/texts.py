"""Values as they are written and read in plain lines."""

from __future__ import annotations

import json

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.errors import Problem
from mlops_install.operations.wording import at_a_form, plain, value_text
from mlops_install.prompts.lines import yes_or_no


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


def told(problem: Problem) -> str:
    """Return a problem as a sentence of its own, its subject left out."""
    message = problem.message.replace(", must be ", "; it must be ")
    if message[:1].islower() and not message.startswith(("item ", "key ", "port ")):
        message = f"it {message}"
    return f"{message[:1].upper()}{message[1:]} {at_a_form(problem.hint)}".rstrip()


def read(spec: TypeSpec, line: str) -> Value:
    """Return the value that a typed line means; raises ValueError with a plain sentence part."""
    if spec.kind == "bool":
        return yes_or_no(line)
    if spec.kind == "string":
        return _unquoted(line)
    return parse_text(spec, line)


def empty(spec: TypeSpec, *, nullable: bool, default: Value = None) -> Value:
    """Return the value of `-`; raises ValueError where a type has no empty one and it can't be null."""
    if nullable and default is None:
        return None
    if spec.kind == "string":
        return ""
    if spec.kind == "list":
        return []
    if spec.kind in ("map", "object"):
        return {}
    if nullable:
        return None
    raise ValueError("a value is needed here")


def is_plain_list(spec: TypeSpec) -> bool:
    """Tell whether a list's items can be typed with commas between them."""
    return spec.kind == "list" and spec.element is not None and spec.element.kind in ("string", "number", "bool")


def _unquoted(line: str) -> str:
    """Return the text that double quotes hold, as JSON has it; any other text as it is."""
    if len(line) > 1 and line[0] == line[-1] == '"':
        try:
            text = json.loads(line)
        except ValueError:
            return line
        if isinstance(text, str):
            return text
    return line
