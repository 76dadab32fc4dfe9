"""What every field has in common: the facts of its value, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from textual.message import Message
from textual.widget import Widget

from mlops_install.catalogue.model import Parameter, TypeSpec, Value


@dataclass(frozen=True, slots=True)
class Facts:
    """What a field must know of its value: of a parameter, or of a part of one."""

    spec: TypeSpec
    label: str = ""
    nullable: bool = False
    default: Value = None
    choices: tuple[Value, ...] = ()
    widget: Mapping[str, Value] = field(default_factory=dict)
    """What kind of field, with its arguments, as the overlay says it."""

    @classmethod
    def of(cls, parameter: Parameter) -> Facts:
        """Return the facts of a parameter."""
        return cls(
            parameter.type,
            parameter.label or parameter.name,
            parameter.nullable,
            parameter.default,
            parameter.choices,
            parameter.widget,
        )

    @property
    def empty(self) -> Value:
        """What an emptied field means: null where it may be left out, else the type's own empty value."""
        if self.nullable and self.default is None:
            return None
        return {"string": "", "list": [], "map": {}, "object": {}}.get(self.spec.kind)


@dataclass
class FieldEdited(Message):
    """A field has another value; posted with each key."""

    value: Value


class Field(Widget):
    """A widget that shows and edits one value. A subclass posts `FieldEdited` for what the operator changes."""

    facts: Facts
    HINT: ClassVar[str] = ""
    """The keys that the field has beyond the usual ones, in words."""

    def given_value(self) -> Value:
        """Return the value as it is on the screen."""
        raise NotImplementedError

    def take_value(self, value: Value) -> None:
        """Show another value; says nothing of it, and leaves the cursor alone where it is shown already."""
        raise NotImplementedError

    def entry(self) -> Widget:
        """Return what gets the cursor when the field is gone to."""
        return self

    def own_problem(self) -> str:
        """Return what is wrong with what was typed and is no value yet; empty for nothing."""
        return ""

    def tell(self, value: Value) -> None:
        """Post the new value."""
        self.post_message(FieldEdited(value))
