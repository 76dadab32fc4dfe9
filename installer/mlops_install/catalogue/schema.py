"""The JSON Schema of a complete answers document (draft 2020-12), for checks and for editors."""

from __future__ import annotations

from typing import Any

from mlops_install.catalogue.model import Catalogue, Parameter
from mlops_install.catalogue.types import nullable_schema, type_schema

NAME_PATTERN = "^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?(?!\\n)$"
"""Names of deployments: 1 to 40 lower-case letters, digits and hyphens."""
REFERENCE_PATTERN = "^(?:generated|typed|env:[A-Za-z_][A-Za-z0-9_]*|file:[^\\n]+)(?!\\n)$"
"""How a secret comes."""


def parameter_schema(parameter: Parameter) -> dict[str, Any]:
    """Return the schema of a parameter's values: its type and every validation that has an exact fragment."""
    schema = type_schema(parameter.type)
    if parameter.nullable:
        schema = nullable_schema(schema)
    fragments = [dict(validation.schema) for validation in parameter.validations if validation.schema is not None]
    return schema | {"allOf": fragments} if fragments else schema


def answers_schema(catalogue: Catalogue) -> dict[str, Any]:
    """Return the JSON Schema of a complete `answers.yaml` of this catalogue's target."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"mlops-install answers for the target {catalogue.target}",
        "type": "object",
        "properties": {
            "format": {"const": 1, "description": "Version of this format."},
            "name": {"type": "string", "pattern": NAME_PATTERN, "description": "The deployment's name."},
            "target": {"const": catalogue.target, "description": "Where it installs."},
            "modules": {
                "type": "array",
                "description": "What is installed.",
                "items": {"enum": list(catalogue.modules)},
                "uniqueItems": True,
            },
            "parameters": {
                "type": "object",
                "properties": {parameter.name: _described(parameter) for parameter in catalogue.settings()},
                "additionalProperties": False,
            },
            "secrets": {
                "type": "object",
                "description": "How each secret comes: generated, typed, env:NAME or file:PATH. Never a value.",
                "properties": {parameter.name: _reference(parameter) for parameter in catalogue.secrets()},
                "additionalProperties": False,
            },
            "backend": {
                "type": "object",
                "description": "Where Terraform keeps its state; credentials come from the environment.",
                "properties": {"type": {"type": "string"}, "config": {"type": "object"}},
                "required": ["type"],
                "additionalProperties": False,
            },
        },
        "required": ["format", "name", "target", "modules"],
        "additionalProperties": False,
    }


def _described(parameter: Parameter) -> dict[str, Any]:
    schema = {"title": parameter.label, "description": parameter.description} | parameter_schema(parameter)
    return schema | {"default": parameter.default} if parameter.has_default else schema


def _reference(parameter: Parameter) -> dict[str, Any]:
    pattern = REFERENCE_PATTERN if parameter.generate else REFERENCE_PATTERN.replace("generated|", "", 1)
    return {"title": parameter.label, "description": parameter.description, "type": "string", "pattern": pattern}
