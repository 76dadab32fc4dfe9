"""The variables that a Terraform file declares; the only place that knows python-hcl2 (8.1.4)."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Any

from mlops_install.catalogue.expression import literal_value, parse_expression, unquote
from mlops_install.catalogue.model import Value

_HEREDOC = re.compile(
    r"<<(?P<indented>-?)(?P<mark>\w[\w.-]*)\r?\n(?P<body>.*?)^[ \t]*(?P=mark)$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One `variable` block as it is written."""

    name: str
    type: str
    """Type constraint as Terraform text; `any` where the block has none."""
    description: str
    default: Value
    has_default: bool
    nullable: bool
    sensitive: bool
    ephemeral: bool
    validations: tuple[tuple[str, str], ...]
    """Conditions as Terraform text, each with its error message."""


def read_variables(text: str) -> list[Variable]:
    """Return the variables of one file in the order they stand there.

    Raises ValueError for text that isn't Terraform and for values that aren't fixed.
    """
    import hcl2
    from hcl2.utils import SerializationOptions
    from lark.exceptions import LarkError

    try:
        parsed = hcl2.loads(text, serialization_options=SerializationOptions(with_comments=False))
    except LarkError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    return [
        _variable(_text(name), body)
        for block in parsed.get("variable", [])
        for name, body in block.items()
        if isinstance(body, dict)
    ]


def _variable(name: str, body: dict[str, Any]) -> Variable:
    try:
        return Variable(
            name=name,
            type=_expression(body.get("type", "any")),
            description=_value(body.get("description", '""')),
            default=_value(body.get("default")),
            has_default="default" in body,
            nullable=body.get("nullable", True) is True,
            sensitive=body.get("sensitive", False) is True,
            ephemeral=body.get("ephemeral", False) is True,
            validations=tuple(
                (_expression(block["condition"]), _message(block["error_message"]))
                for block in body.get("validation", [])
            ),
        )
    except ValueError as error:
        raise ValueError(f"variable {name}: {error}") from error


def _expression(text: str) -> str:
    """python-hcl2 wraps every expression but bare words in `${…}`."""
    return text[2:-1] if text.startswith("${") and text.endswith("}") else text


def _message(text: str) -> str:
    """An error message may be a template; its text is shown as it stands then."""
    try:
        return _text(text).strip()
    except ValueError:
        return text.strip('"')


def _value(value: Any) -> Value:
    if isinstance(value, str):
        return literal_value(parse_expression(_expression(value))) if value.startswith("${") else _text(value)
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {_text(key): _value(item) for key, item in value.items() if not key.startswith("__")}
    return value


def _text(text: str) -> str:
    """Quoted texts keep their quotes in python-hcl2 8, heredocs get some; a bare word is a key."""
    if not (len(text) >= 2 and text.startswith('"') and text.endswith('"')):
        return text
    heredoc = _HEREDOC.fullmatch(text[1:-1])
    if heredoc is None:
        return unquote(text)
    body = heredoc["body"].replace("\\", "\\\\")
    return unquote(f'"{textwrap.dedent(body) if heredoc["indented"] else body}"')
