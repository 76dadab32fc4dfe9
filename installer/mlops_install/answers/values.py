"""Whether a value fits its parameter, in plain words that never repeat the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlops_install.answers.rules import did_you_mean
from mlops_install.catalogue.model import Parameter, Validation, Value
from mlops_install.catalogue.types import nullable_schema, type_schema
from mlops_install.errors import Problem

_WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
    "null": "null",
}
_CREDENTIALS = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_MOST = 5
"""Problems named for one value; more would bury the others."""


def kind_of(value: Value) -> str:
    """Return what a value is, in words."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return _WORDS["boolean"]
    if isinstance(value, int | float):
        return _WORDS["number"]
    if isinstance(value, str):
        return _WORDS["string"]
    return _WORDS["array" if isinstance(value, list) else "object"]


def value_problems(parameter: Parameter, value: Value) -> list[Problem]:
    """Return what is wrong with a parameter's value: its type, else each validation that can be checked here."""
    from jsonschema.validators import Draft202012Validator

    schema = type_schema(parameter.type)
    if parameter.nullable:
        schema = nullable_schema(schema)
    errors = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda error: [str(p) for p in error.path])
    if errors:
        return [_phrase(error, parameter) for error in errors[:_MOST]]
    if holds_credentials(value):
        return [Problem(parameter.name, "holds a password inside an address.", "No secret may stand in answers.")]
    return list(validation_problems(parameter, value))


def validation_problems(parameter: Parameter, value: Value) -> Iterator[Problem]:
    """Yield the validations that a value of the right type breaks, in the stack's own words."""
    from jsonschema.validators import Draft202012Validator

    for validation in parameter.validations:
        if validation.schema is not None and not Draft202012Validator(validation.schema).is_valid(value):
            yield Problem(parameter.name, validation.message, _choice_hint(validation, parameter, value))


def _choice_hint(validation: Validation, parameter: Parameter, value: Value) -> str:
    if parameter.sensitive or not isinstance(value, str) or "enum" not in (validation.schema or {}):
        return ""
    return did_you_mean(value, [choice for choice in parameter.choices if isinstance(choice, str)])


def holds_credentials(value: Value) -> bool:
    """Return whether a text anywhere in a value is an address with a password (`https://user:password@…`)."""
    if isinstance(value, str):
        return _CREDENTIALS.search(value) is not None
    if isinstance(value, list):
        return any(holds_credentials(item) for item in value)
    return isinstance(value, dict) and any(holds_credentials(item) for item in value.values())


def _phrase(error: Any, parameter: Parameter) -> Problem:
    place = "".join(f"item {step + 1}: " if isinstance(step, int) else f"key {step}: " for step in error.absolute_path)
    if error.validator == "type":
        message = f"is {kind_of(error.instance)}, must be {_expected(error, parameter)}."
        return Problem(parameter.name, place + message)
    if error.validator == "required":
        lacking = [name for name in error.validator_value if name not in error.instance]
        return Problem(parameter.name, f"{place}lacks {', '.join(lacking)}.")
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        extra = [name for name in error.instance if name not in known]
        hint = did_you_mean(extra[0], known, f"Known keys: {', '.join(known)}.")
        return Problem(parameter.name, f"{place}has the unknown key {', '.join(extra)}.", hint)
    return Problem(parameter.name, f"{place}holds an item twice.")


def _expected(error: Any, parameter: Parameter) -> str:
    kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    whole = not error.absolute_path and any(v.schema == {"type": "integer"} for v in parameter.validations)
    return " or ".join(_WORDS["integer" if whole and kind == "number" else kind] for kind in kinds)
