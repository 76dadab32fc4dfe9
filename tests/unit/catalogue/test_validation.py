from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mlops_install.catalogue.model import Value
from mlops_install.catalogue.regex import portable_pattern
from mlops_install.catalogue.types import parse_type
from mlops_install.catalogue.validation import translate


def takes(condition: str, kind: str, value: Value) -> bool:
    fragment = translate(condition, "x", parse_type(kind))
    assert fragment is not None, condition
    Draft202012Validator.check_schema(fragment)
    return Draft202012Validator(fragment).is_valid(value)


@pytest.mark.parametrize(
    ("condition", "kind", "good", "bad"),
    [
        ('contains(["a", "b"], var.x)', "string", ["a", "b"], ["c", "", None]),
        ('!contains(["a"], var.x)', "string", ["b"], ["a", None]),
        ("contains([1, 2.5], var.x)", "number", [1, 2.5], [2, None]),
        ('can(regex("^[a-z]+(\\\\.x)?$", var.x))', "string", ["ab", "ab.x"], ["", "ab-x", "ab\n", None]),
        ("length(var.x) >= 2 && length(var.x) < 4", "string", ["ab", "abc"], ["a", "abcd", None]),
        ("length(var.x) > 0", "list(string)", [["a"]], [[], None]),
        ("length(var.x) == 1", "map(string)", [{"a": "b"}], [{}, {"a": "", "b": ""}]),
        ("length(var.x) != 0", "string", ["a"], [""]),
        ("var.x >= 1 && var.x <= 9", "number", [1, 9, 1.5], [0, 10, None]),
        ("0 < var.x", "number", [0.1], [0, -1]),
        ("var.x > -1", "number", [0], [-1]),
        ("floor(var.x) == var.x", "number", [3, 3.0], [3.5, None]),
        ("var.x % 1 == 0", "number", [3], [3.5]),
        ("var.x == null || var.x > 3", "number", [None, 4], [3]),
        ("var.x == null ? true : length(var.x) >= 8", "string", [None, "12345678"], ["1234567"]),
        ('var.x != null ? can(regex("a", var.x)) : true', "string", [None, "ba"], ["b"]),
        ('var.x == "" || startswith(var.x, "s3://")', "string", ["", "s3://b"], ["x", "as3://"]),
        ('endswith(var.x, ".b")', "string", ["a.b"], ["a.b\n", "acb"]),
        ("var.x != null", "string", ["", "a"], [None]),
        ('alltrue([for v in var.x : can(regex("^a", v))])', "list(string)", [[], ["a", "ab"]], [["a", "b"], None]),
        ('alltrue([for k, v in var.x : can(regex("^a", k))])', "map(string)", [{"a": "z"}], [{"b": "a"}]),
        ("alltrue([for k, v in var.x : v > 1])", "map(number)", [{"b": 2}], [{"b": 1}]),
        ("alltrue([var.x > 1, var.x < 5])", "number", [2], [1, 5]),
        ('length(regexall("b", var.x)) > 0', "string", ["abc"], ["ac"]),
        ("(var.x > 1 || var.x < -1) && (var.x != 5 || var.x == 7)", "number", [2, -2, 7], [0, 5]),
    ],
)
def test_fragments_say_what_the_conditions_say(condition: str, kind: str, good: list[Value], bad: list[Value]) -> None:
    assert [value for value in good if not takes(condition, kind, value)] == []
    assert [value for value in bad if takes(condition, kind, value)] == []


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("var.x > var.y", "number"),
        ("var.y > 1", "number"),
        ('can(regex("(?i)a", var.x))', "string"),
        ('can(regex("${var.y}", var.x))', "string"),
        ('!var.install_hub || var.x != ""', "string"),
        ("tonumber(var.x) > 1", "string"),
        ('var.x > "a"', "string"),
        ("alltrue([for v in var.x : v if v > 1])", "list(number)"),
        ("alltrue([for v in var.y : v > 1])", "list(number)"),
        ("var.x[0] > 1", "list(number)"),
        ("length(var.x.a) > 1", "any"),
        ("var.x > 1 && var.y", "number"),
        ("!(var.x > 1 && var.x < 2)", "number"),
        ("this is not an expression", "string"),
    ],
)
def test_everything_else_is_left_to_terraform(condition: str, kind: str) -> None:
    assert translate(condition, "x", parse_type(kind)) is None


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-60, 60) | st.floats(-60, 60))
def test_bounds_take_exactly_what_lies_within(low: int, high: int, value: float) -> None:
    assert takes(f"var.x >= {low} && var.x < {high}", "number", value) == (low <= value < high)


@given(st.integers(0, 6), st.integers(0, 6), st.lists(st.just("a"), max_size=8))
def test_sizes_take_exactly_what_lies_within(low: int, high: int, value: list[str]) -> None:
    assert takes(f"length(var.x) >= {low} && {high} >= length(var.x)", "list(string)", value) == (
        low <= len(value) <= high
    )


_pieces = st.sampled_from(
    ["a", "b", "-", "_", "1", ".", "^", "$", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,}",
     "[a-c]", "[^b-]", "\\d",
     "\\w", "\\.", "[\\w-.]", "\\s", "\\A", "\\z", "/"]
)  # fmt: skip


@given(st.lists(_pieces, max_size=6).map("".join), st.text("ab-_1. \n/é٣", max_size=5))
def test_portable_patterns_match_as_re2_does(pattern: str, text: str) -> None:
    """RE2 is ASCII only, its `$` is the very end, and so on: Python with those choices made is the reference."""
    portable = portable_pattern(pattern)
    if portable is None:
        return
    reference = re.compile(pattern.replace("[\\w-.]", "[\\w\\-.]").replace("$", "\\Z").replace("\\z", "\\Z"), re.ASCII)
    if "\\s" in pattern:
        text = text.replace("\v", "")
    assert bool(re.search(portable, text)) == bool(reference.search(text))


@pytest.mark.parametrize(
    "pattern", ["(?i)a", "(?P<n>a)", "\\bx", "\\pL", "[[:alpha:]]", "[]a]", "a{,3}", "a++", "^*", "(a", "\\Qa"]
)
def test_patterns_without_a_common_form_are_left_alone(pattern: str) -> None:
    assert portable_pattern(pattern) is None
