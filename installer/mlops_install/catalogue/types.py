"""Terraform type constraints: read, written, as JSON Schema, and as the reader of `--set` values.

The language: Terraform 1.11 docs, language/expressions/type-constraints.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from mlops_install.catalogue.expression import (
    Attributes,
    Call,
    Name,
    Node,
    literal_value,
    parse_expression,
    quote,
)
from mlops_install.catalogue.model import TypeSpec, Value

_ANY = TypeSpec("any")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NAME = re.compile(r"[^\W\d][\w-]*")


def parse_type(text: str) -> TypeSpec:
    """Return the type that a Terraform type constraint names; raises ValueError for anything else, tuples included."""
    return _spec(parse_expression(text))


def _spec(node: Node) -> TypeSpec:
    match node:
        case Name(("string" | "number" | "bool" | "any" as kind,)):
            return TypeSpec(kind)
        case Name(("list" | "map" as kind,)):
            return TypeSpec(kind, element=_ANY)
        case Name(("set",)):
            return TypeSpec("list", element=_ANY, unique=True)
        case Call("list" | "map" as kind, (element,)):
            return TypeSpec(kind, element=_spec(element))
        case Call("set", (element,)):
            return TypeSpec("list", element=_spec(element), unique=True)
        case Call("object", (Attributes(items),)):
            return _object(items)
        case _:
            raise ValueError("not a supported type constraint")


def _object(items: tuple[tuple[str, Node], ...]) -> TypeSpec:
    attributes: dict[str, TypeSpec] = {}
    optional: dict[str, Value] = {}
    for name, node in items:
        match node:
            case Call("optional", (inner,)):
                optional[name] = None
            case Call("optional", (inner, default)):
                optional[name] = literal_value(default)
            case inner:
                pass
        attributes[name] = _spec(inner)
    return TypeSpec("object", attributes=attributes, optional=optional)


def render_type(spec: TypeSpec) -> str:
    """Return the Terraform type constraint of a type."""
    if spec.kind in ("list", "map"):
        name = "set" if spec.unique else spec.kind
        return f"{name}({render_type(spec.element or _ANY)})"
    if spec.kind != "object":
        return spec.kind
    return "object({" + ", ".join(_attribute(spec, name) for name in spec.attributes) + "})"


def _attribute(spec: TypeSpec, name: str) -> str:
    text = render_type(spec.attributes[name])
    if name in spec.optional:
        default = spec.optional[name]
        text = f"optional({text})" if default is None else f"optional({text}, {render_value(default)})"
    return f"{_key(name)} = {text}"


def render_value(value: Value) -> str:
    """Return a value as Terraform text."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return "[" + ", ".join(render_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {render_value(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else quote(name)


def type_schema(spec: TypeSpec) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a type's values; stricter than Terraform, which converts texts.

    Only optional attributes may be null; an object's unknown attributes are refused.
    """
    if spec.kind == "any":
        return {}
    if spec.kind == "list":
        schema: dict[str, Any] = {"type": "array", "items": type_schema(spec.element or _ANY)}
        return schema | {"uniqueItems": True} if spec.unique else schema
    if spec.kind == "map":
        return {"type": "object", "additionalProperties": type_schema(spec.element or _ANY)}
    if spec.kind == "object":
        return {
            "type": "object",
            "properties": {
                name: nullable_schema(type_schema(inner)) if name in spec.optional else type_schema(inner)
                for name, inner in spec.attributes.items()
            },
            "required": [name for name in spec.attributes if name not in spec.optional],
            "additionalProperties": False,
        }
    return {"type": "boolean" if spec.kind == "bool" else spec.kind}


def nullable_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a type's schema that accepts null too."""
    return schema | {"type": [schema["type"], "null"]} if "type" in schema else schema


def parse_text(spec: TypeSpec, text: str) -> Value:
    """Return the value that a `--set` text means for a type.

    Texts stand for themselves; lists, maps and objects are JSON, and a list of plain values may be written `a,b,c`.
    Raises ValueError with a plain sentence part such as `must be a number`.
    """
    if not text.isprintable() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds bytes that are not UTF-8 text")
    if spec.kind == "string":
        return text
    if spec.kind == "number":
        return _number(text.strip())
    if spec.kind == "bool":
        if text.strip() not in ("true", "false"):
            raise ValueError("must be true or false")
        return text.strip() == "true"
    if spec.kind == "list" and not text.lstrip().startswith("["):
        return _comma_separated(spec.element or _ANY, text)
    try:
        return _json(text)
    except ValueError:
        if spec.kind == "any":
            return text
        example = '["a","b"]' if spec.kind == "list" else '{"key": "value"}'
        raise ValueError(f"must be written as JSON, such as {example}") from None


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("must be a number")
    if _WHOLE.fullmatch(text) and len(text) <= 300:
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("must be a number that fits 64 bits")
    return value


def _comma_separated(element: TypeSpec, text: str) -> list[Value]:
    if element.kind not in ("string", "number", "bool", "any"):
        raise ValueError('must be written as JSON, such as [{"key": "value"}]')
    return [parse_text(element, item.strip()) for item in text.split(",") if item.strip()]


def _json(text: str) -> Value:
    def refuse(name: str) -> Value:
        raise ValueError(f"{name} is not a value")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deep") from None
