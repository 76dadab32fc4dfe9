"""Terraform `validation` conditions as JSON Schema fragments, where the fragment says exactly the same.

Translated: `contains`, `can(regex())`, `startswith`, `endswith`, `length` and number comparisons, `==`, `!=`,
whole numbers, `alltrue` over elements, joined by `&&`, `||`, `!` and `? :`. `length` of a text counts code points
here and grapheme clusters in Terraform, which differ only for combining characters.
"""

from __future__ import annotations

import re
from typing import Any

from mlops_install.catalogue.expression import (
    Binary,
    Call,
    Conditional,
    ForList,
    Literal,
    Name,
    Node,
    Sequence,
    Unary,
    literal_value,
    parse_expression,
)
from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.regex import portable_pattern

Fragment = dict[str, Any]
_JSON_TYPES = {
    "string": "string",
    "number": "number",
    "bool": "boolean",
    "list": "array",
    "map": "object",
    "object": "object",
}
_SIZES = {
    "string": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "map": ("minProperties", "maxProperties"),
}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_BOUNDS = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}


def translate(condition: str, variable: str, spec: TypeSpec) -> Fragment | None:
    """Return the JSON Schema fragment of a condition on one variable, or None when there is no exact one.

    The fragment refuses null unless the condition names it, as Terraform does.
    """
    try:
        return _rule(parse_expression(condition), Name(("var", variable)), spec)
    except ValueError:
        return None


def _rule(node: Node, subject: Name, spec: TypeSpec) -> Fragment:
    match node:
        case Binary("&&", left, right):
            return _both(_rule(left, subject, spec), _rule(right, subject, spec))
        case Binary("||", left, right):
            return {"anyOf": [_rule(left, subject, spec), _rule(right, subject, spec)]}
        case Conditional(condition, Literal(True), other):
            return {"anyOf": [_rule(condition, subject, spec), _rule(other, subject, spec)]}
        case Conditional(condition, other, Literal(True)):
            return {"anyOf": [_negated(condition, subject, spec), _rule(other, subject, spec)]}
        case Unary("!", operand):
            return _negated(operand, subject, spec)
        case Binary(operator, left, right) if operator in _MIRRORED:
            return _comparison(operator, left, right, subject, spec)
        case Call(name, arguments):
            return _call(name, arguments, subject, spec)
        case _:
            raise ValueError("not a rule on the variable alone")


def _both(left: Fragment, right: Fragment) -> Fragment:
    shared = left.keys() & right.keys()
    if all(left[key] == right[key] for key in shared) and not shared & {"anyOf", "not", "allOf"}:
        return left | right
    parts = [*(left["allOf"] if left.keys() == {"allOf"} else [left])]
    return {"allOf": [*parts, *(right["allOf"] if right.keys() == {"allOf"} else [right])]}


def _typed(spec: TypeSpec) -> Fragment:
    if spec.kind not in _JSON_TYPES:
        raise ValueError("a value of any type")
    return {"type": _JSON_TYPES[spec.kind]}


def _negated(node: Node, subject: Name, spec: TypeSpec) -> Fragment:
    """A negation holds only where the condition itself can be answered, so for values of the type, not for null."""
    match node:
        case Binary("==", left, right):
            return _comparison("!=", left, right, subject, spec)
        case Binary("!=", left, right):
            return _comparison("==", left, right, subject, spec)
        case Call("can", _):
            return {"not": _rule(node, subject, spec)}
        case Call("contains" | "startswith" | "endswith", _):
            return _typed(spec) | {"not": _rule(node, subject, spec)}
        case _:
            raise ValueError("a negation of something else")


def _comparison(operator: str, left: Node, right: Node, subject: Name, spec: TypeSpec) -> Fragment:
    if isinstance(left, Literal | Sequence) or (isinstance(left, Unary) and left.operator == "-"):
        left, right, operator = right, left, _MIRRORED[operator]
    if spec.kind == "number" and operator == "==" and _is_whole_number(left, right, subject):
        return {"type": "integer"}
    value = literal_value(right)
    if left == Call("length", (subject,)):
        return _size(operator, value, spec)
    if left == Call("length", (Call("regexall", _pattern_arguments(left, subject)),)):
        if (operator, value) not in ((">", 0), ("!=", 0), (">=", 1)):
            raise ValueError("a count of matches")
        return _matches(left, spec)
    if left != subject:
        raise ValueError("a comparison of something else")
    if operator in ("==", "!="):
        return _equality(operator, value, spec)
    if spec.kind != "number" or not _is_number(value):
        raise ValueError("an order of something else than numbers")
    return _typed(spec) | {_BOUNDS[operator]: value}


def _pattern_arguments(node: Node, subject: Name) -> tuple[Node, ...]:
    match node:
        case Call("length", (Call("regexall", (Literal(str()), value) as arguments),)) if value == subject:
            return arguments
        case _:
            return ()


def _matches(node: Node, spec: TypeSpec) -> Fragment:
    match node:
        case Call("length", (Call("regexall", (Literal(str() as pattern), _)),)):
            return _pattern(pattern, spec)
        case _:
            raise ValueError("no pattern")


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole_number(left: Node, right: Node, subject: Name) -> bool:
    floor = Call("floor", (subject,))
    rest = Binary("%", subject, Literal(1))
    return (left, right) in ((subject, floor), (floor, subject), (rest, Literal(0)))


def _size(operator: str, value: Value, spec: TypeSpec) -> Fragment:
    if spec.kind not in _SIZES or not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a size of something else")
    least, most = _SIZES[spec.kind]
    low = {">=": value, ">": value + 1, "==": value}.get(operator)
    high = {"<=": value, "<": value - 1, "==": value}.get(operator)
    if operator == "!=" and value == 0:
        low = 1
    bounds = {key: bound for key, bound in ((least, low), (most, high)) if bound is not None}
    if not bounds or (high is not None and high < 0):
        raise ValueError("a size that can't be said")
    return _typed(spec) | {key: bound for key, bound in bounds.items() if (key, bound) != (least, 0)}


def _equality(operator: str, value: Value, spec: TypeSpec) -> Fragment:
    if value is None:
        return {"type": "null"} if operator == "==" else {"not": {"type": "null"}}
    fits = {"string": isinstance(value, str), "bool": isinstance(value, bool), "number": _is_number(value)}
    if not fits.get(spec.kind, False):
        raise ValueError("a comparison with another type")
    return {"const": value} if operator == "==" else {"not": {"const": value}}


def _call(name: str, arguments: tuple[Node, ...], subject: Name, spec: TypeSpec) -> Fragment:
    match name, arguments:
        case "contains", (Sequence() as allowed, value) if value == subject:
            return _choice(literal_value(allowed), spec)
        case "can", (Call("regex", (Literal(str() as pattern), value)),) if value == subject:
            return _pattern(pattern, spec)
        case "startswith", (value, Literal(str() as text)) if value == subject:
            return _pattern("^" + re.escape(text), spec)
        case "endswith", (value, Literal(str() as text)) if value == subject:
            return _pattern(re.escape(text) + "$", spec)
        case "alltrue", (Sequence(items),) if items:
            rules = [_rule(item, subject, spec) for item in items]
            while len(rules) > 1:
                rules[:2] = [_both(rules[0], rules[1])]
            return rules[0]
        case "alltrue", (ForList(key, element, source, body),) if source == subject:
            return _elements(key, element, body, spec)
        case _:
            raise ValueError("another function")


def _choice(allowed: Value, spec: TypeSpec) -> Fragment:
    fits = {"string": lambda v: isinstance(v, str), "number": _is_number}.get(spec.kind)
    if fits is None or not allowed or not all(fits(value) for value in allowed):
        raise ValueError("a choice of other types")
    return _typed(spec) | {"enum": allowed}


def _pattern(pattern: str, spec: TypeSpec) -> Fragment:
    portable = portable_pattern(pattern)
    if spec.kind != "string" or portable is None:
        raise ValueError("a pattern that others read differently")
    return _typed(spec) | {"pattern": portable}


def _elements(key: str | None, element: str, body: Node, spec: TypeSpec) -> Fragment:
    if spec.element is None or spec.kind not in ("list", "map"):
        raise ValueError("elements of something else")
    if key is not None and spec.kind == "map":
        try:
            return _typed(spec) | {"propertyNames": _rule(body, Name((key,)), TypeSpec("string"))}
        except ValueError:
            pass
    keyword = "items" if spec.kind == "list" else "additionalProperties"
    return _typed(spec) | {keyword: _rule(body, Name((element,)), spec.element)}
