"""The part of Terraform's expression language that types and validations are written in, as a small tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mlops_install.catalogue.model import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, bool or null."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its attributes: `var.x` is `("var", "x")`."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call, or a type constructor such as `list(string)`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """`{a = 1, "b" = 2}`."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`!a` or `-a`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`a && b` and the like."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional:
    """`a ? b : c`."""

    condition: Node
    positive: Node
    negative: Node


@dataclass(frozen=True, slots=True)
class ForList:
    """`[for v in source : body]`, or `[for k, v in source : body]`."""

    key: str | None
    value: str
    source: Node
    body: Node


Node = Literal | Name | Call | Sequence | Attributes | Unary | Binary | Conditional | ForList

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*|//[^\n]*|/\*.*?\*/)
      |(?P<text>"(?:[^"\\\n]|\\.)*")
      |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      |(?P<name>[^\W\d][\w-]*)
      |(?P<mark>\|\||&&|==|!=|<=|>=|[-+*/%!<>?:()\[\]{}.,=])""",
    re.VERBOSE | re.DOTALL,
)
_PRECEDENCE: Mapping[str, int] = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_CONSTANTS: Mapping[str, Value] = {"true": True, "false": False, "null": None}
_ESCAPES: Mapping[str, str] = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)|([$%])\4\{|([$%])\{", re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    short, long, simple, doubled, template = match.groups()
    if short or long:
        return chr(int(short or long, 16))
    if doubled:
        return doubled + "{"
    if template:
        raise ValueError("a template with ${…} has no fixed value")
    if simple not in _ESCAPES:
        raise ValueError(f"unknown escape \\{simple}")
    return _ESCAPES[simple]


def unquote(text: str) -> str:
    """Return the value of a quoted Terraform text (quotes included in the argument).

    Raises ValueError for a template, whose value isn't fixed, and for an unknown escape.
    """
    return _ESCAPE.sub(_unescape, text[1:-1])


def quote(value: str) -> str:
    """Return the Terraform text for a value, in quotes."""
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return '"' + re.sub(r"([$%])\{", r"\1\1{", text) + '"'


def parse_expression(text: str) -> Node:
    """Return the tree of a Terraform expression.

    Raises ValueError for what lies outside the supported part (templates, splats, indexes, filters) or is malformed.
    """
    return _Parser(text).whole()


def literal_value(node: Node) -> Value:
    """Return the value of a tree made of literals only; raises ValueError for anything else."""
    match node:
        case Literal(value):
            return value
        case Sequence(items):
            return [literal_value(item) for item in items]
        case Attributes(pairs):
            return {key: literal_value(item) for key, item in pairs}
        case Unary("-", Literal(bool())):
            raise ValueError("a bool has no sign")
        case Unary("-", Literal(int() | float() as number)):
            return -number
        case _:
            raise ValueError("not a fixed value")


class _Parser:
    """Recursive descent over the tokens; operators by precedence (Terraform docs, language/expressions/operators)."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._peek() != ("end", ""):
            raise ValueError(f"unexpected {self._peek()[1]!r}")
        return node

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _accept(self, mark: str) -> bool:
        if self._peek() == ("mark", mark):
            self._at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            raise ValueError(f"expected {mark!r} before {self._peek()[1]!r}")

    def _expression(self) -> Node:
        condition = self._binary(1)
        if not self._accept("?"):
            return condition
        positive = self._expression()
        self._expect(":")
        return Conditional(condition, positive, self._expression())

    def _binary(self, level: int) -> Node:
        left = self._unary()
        while self._peek()[0] == "mark" and _PRECEDENCE.get(self._peek()[1], 0) >= level:
            operator = self._take()[1]
            left = Binary(operator, left, self._binary(_PRECEDENCE[operator] + 1))
        return left

    def _unary(self) -> Node:
        for operator in ("!", "-"):
            if self._accept(operator):
                return Unary(operator, self._unary())
        return self._term()

    def _term(self) -> Node:
        kind, text = self._take()
        if kind == "text":
            return Literal(unquote(text))
        if kind == "number":
            return Literal(int(text) if text.isdecimal() else float(text))
        if kind == "name":
            return self._named(text)
        if text == "(":
            node = self._expression()
            self._expect(")")
            return node
        if text == "[":
            return self._for() if self._peek() == ("name", "for") else Sequence(self._until("]"))
        if text == "{":
            return self._attributes()
        raise ValueError(f"unexpected {text!r}")

    def _named(self, text: str) -> Node:
        if self._accept("("):
            return Call(text, self._until(")"))
        if text in _CONSTANTS:
            return Literal(_CONSTANTS[text])
        parts = [text]
        while self._accept("."):
            kind, attribute = self._take()
            if kind != "name":
                raise ValueError(f"unexpected {attribute!r}")
            parts.append(attribute)
        return Name(tuple(parts))

    def _until(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._accept(closing):
            items.append(self._expression())
            if not self._accept(","):
                self._expect(closing)
                break
        return tuple(items)

    def _attributes(self) -> Attributes:
        items: list[tuple[str, Node]] = []
        while not self._accept("}"):
            kind, text = self._take()
            if kind not in ("name", "text"):
                raise ValueError(f"unexpected {text!r}")
            if not self._accept("="):
                self._expect(":")
            items.append((text if kind == "name" else unquote(text), self._expression()))
            self._accept(",")
        return Attributes(tuple(items))

    def _for(self) -> ForList:
        self._take()
        names = [self._identifier()]
        if self._accept(","):
            names.append(self._identifier())
        if self._take() != ("name", "in"):
            raise ValueError("expected 'in'")
        source = self._expression()
        self._expect(":")
        body = self._expression()
        self._expect("]")
        return ForList(names[0] if len(names) == 2 else None, names[-1], source, body)

    def _identifier(self) -> str:
        kind, text = self._take()
        if kind != "name":
            raise ValueError(f"unexpected {text!r}")
        return text


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"unexpected {text[at]!r}")
        at = match.end()
        if match.lastgroup and match.lastgroup != "skip":
            tokens.append((match.lastgroup, match.group()))
    return tokens
