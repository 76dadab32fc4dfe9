"""Values as they are written and read in plain lines."""

from __future__ import annotations

import json

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.prompts.lines import yes_or_no


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
