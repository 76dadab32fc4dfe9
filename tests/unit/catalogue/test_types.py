from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.types import parse_text, parse_type, render_type, type_schema

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_numbers = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
_scalars = st.booleans() | _numbers | _texts
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3), max_leaves=6
)


@st.composite
def _objects(draw: st.DrawFn, inner: st.SearchStrategy[TypeSpec]) -> TypeSpec:
    attributes = draw(st.dictionaries(_texts, inner, max_size=3))
    optional = {name: draw(st.none() | _values) for name in attributes if draw(st.booleans())}
    return TypeSpec("object", attributes=attributes, optional=optional)


specs = st.recursive(
    st.sampled_from([TypeSpec("string"), TypeSpec("number"), TypeSpec("bool"), TypeSpec("any")]),
    lambda inner: (
        inner.map(lambda spec: TypeSpec("list", element=spec))
        | inner.map(lambda spec: TypeSpec("list", element=spec, unique=True))
        | inner.map(lambda spec: TypeSpec("map", element=spec))
        | _objects(inner)
    ),
    max_leaves=6,
)


def values_of(spec: TypeSpec) -> st.SearchStrategy[Value]:
    element = values_of(spec.element) if spec.element else _values
    by_kind: dict[str, st.SearchStrategy[Value]] = {
        "string": _texts,
        "number": _numbers,
        "bool": st.booleans(),
        "any": _values,
        "list": st.lists(element, max_size=1 if spec.unique else 3),
        "map": st.dictionaries(_texts, element, max_size=3),
    }
    if spec.kind == "object":
        required = {name: values_of(inner) for name, inner in spec.attributes.items() if name not in spec.optional}
        optional = {name: st.none() | values_of(spec.attributes[name]) for name in spec.optional}
        return st.fixed_dictionaries(required, optional=optional)
    return by_kind[spec.kind]


@given(specs)
def test_rendered_types_are_read_back(spec: TypeSpec) -> None:
    assert parse_type(render_type(spec)) == spec


@given(specs.flatmap(lambda spec: st.tuples(st.just(spec), values_of(spec))))
def test_the_schema_takes_the_type_s_values_and_json_brings_them(pair: tuple[TypeSpec, Value]) -> None:
    spec, value = pair
    assert Draft202012Validator(type_schema(spec)).is_valid(value)
    if spec.kind != "string" and not (spec.kind == "any" and isinstance(value, str)):
        assert parse_text(spec, json.dumps(value)) == value


@given(specs, st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_reason(spec: TypeSpec, text: str) -> None:
    reason = ""
    try:
        parse_text(spec, text)
    except ValueError as error:
        reason = str(error)
    assert reason == "" or reason.startswith(("must be", "holds"))


@given(st.text(alphabet='listmapobjecnumbrg(){}[]=,:" \n?1', max_size=30))
def test_broken_types_raise_value_errors_only(text: str) -> None:
    try:
        parse_type(text)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("string", TypeSpec("string")),
        ("list", TypeSpec("list", element=TypeSpec("any"))),
        ("set( string )", TypeSpec("list", element=TypeSpec("string"), unique=True)),
        (
            'object({\n  a = string # name\n  b = optional(list(string), ["x"])\n})',
            TypeSpec(
                "object",
                attributes={"a": TypeSpec("string"), "b": TypeSpec("list", element=TypeSpec("string"))},
                optional={"b": ["x"]},
            ),
        ),
    ],
)
def test_types_as_people_write_them(text: str, spec: TypeSpec) -> None:
    assert parse_type(text) == spec


@pytest.mark.parametrize(
    "text", ["tuple([string])", "list(string, number)", "text", "", "object({a = 1})", "list(", "1"]
)
def test_other_types_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_type(text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "8000", "8000"),
        ("number", "8000", 8000),
        ("number", "-1.5e3", -1500.0),
        ("bool", "false", False),
        ("list(string)", "a, b", ["a", "b"]),
        ("list(string)", "", []),
        ("list(number)", "1,2.5", [1, 2.5]),
        ("list(string)", '["a,b"]', ["a,b"]),
        ("map(number)", '{"a": 1}', {"a": 1}),
    ],
)
def test_set_values_are_typed(kind: str, text: str, value: Value) -> None:
    read = parse_text(parse_type(kind), text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("number", "eight", "must be a number"),
        ("number", "inf", "must be a number"),
        ("number", "1e999", "must be a number that fits 64 bits"),
        ("bool", "yes", "must be true or false"),
        ("map(string)", "a=b", "must be written as JSON"),
        ("map(number)", '{"a": NaN}', "must be written as JSON"),
        ("list(object({a = string}))", "x,y", "must be written as JSON"),
        ("string", "a\udcff", "not UTF-8"),
    ],
)
def test_wrong_set_values_are_refused_in_plain_words(kind: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_text(parse_type(kind), text)
