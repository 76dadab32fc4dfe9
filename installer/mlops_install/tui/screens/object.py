"""One object of a parameter's value: a field for each of its attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.tui.widgets.fields.field import Facts, FieldEdited
from mlops_install.tui.widgets.fields.make import make_field

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute, of the object or of an object in it."""

    path: Path
    spec: TypeSpec
    optional: bool
    default: Value

    @property
    def label(self) -> str:
        """Its name in words."""
        return ", ".join(name.replace("_", " ") for name in self.path)


def attributes(spec: TypeSpec, path: Path = (), *, optional: bool = False) -> Iterator[Attribute]:
    """Yield the attributes of an object type, those of objects in it in their place."""
    for name, inner in spec.attributes.items():
        may_lack = optional or name in spec.optional
        if inner.kind == "object" and inner.attributes:
            yield from attributes(inner, (*path, name), optional=may_lack)
        else:
            yield Attribute((*path, name), inner, may_lack, spec.optional.get(name))


def value_at(held: Value, attribute: Attribute) -> Value:
    """Return an attribute's value; its default where it is left out."""
    for name in attribute.path:
        if not isinstance(held, dict) or name not in held:
            return attribute.default
        held = held[name]
    return held


def with_value(held: dict[str, Value], attribute: Attribute, value: Value) -> dict[str, Value]:
    """Return the object with another value of an attribute; an optional one that is null is left out."""
    changed = deepcopy(held)
    place = changed
    for name in attribute.path[:-1]:
        if not isinstance(place.get(name), dict):
            place[name] = {}
        place = place[name]
    if value is None and attribute.optional:
        place.pop(attribute.path[-1], None)
    else:
        place[attribute.path[-1]] = value
    return changed


class AttributeRow(Horizontal):
    """An attribute's label and field."""

    def __init__(self, attribute: Attribute, value: Value, changed: Callable[[Attribute, Value], None]) -> None:
        super().__init__(classes="row-line")
        self.attribute, self._value, self._changed = attribute, value, changed
        self._marks = Static("", classes="row-marks", markup=False)

    def compose(self) -> ComposeResult:
        """Show the label, the field and whether it must be given."""
        attribute = self.attribute
        yield Static(attribute.label, classes="row-label", markup=False)
        facts = Facts(attribute.spec, attribute.label, attribute.optional, attribute.default)
        field = make_field(facts, self._value)
        field.add_class("field")
        yield field
        yield self._marks

    def on_mount(self) -> None:
        """Mark what must be given."""
        self.follow(self._value)

    def follow(self, value: Value) -> None:
        """Mark an attribute that must be given and is empty."""
        lacks = not self.attribute.optional and value in (None, "")
        self._marks.update("● required" if lacks else "")

    def on_field_edited(self, event: FieldEdited) -> None:
        """Pass the new value on."""
        event.stop()
        self.follow(event.value)
        self._changed(self.attribute, event.value)


class ObjectScreen(ModalScreen[None]):
    """A form for one object. Each change is kept at once, as everywhere; it can be put back as it was."""

    CSS_PATH = "../styles/parameters.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3", "leave", "Close"),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, spec: TypeSpec, value: dict[str, Value], kept: Callable[[Value], None]) -> None:
        super().__init__()
        self.heading, self.spec, self.kept = title, spec, kept
        self.before = deepcopy(value)
        self.held = deepcopy(value)

    def compose(self) -> ComposeResult:
        """Show a field for each attribute."""
        with Vertical(classes="dialog wide", id="object"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            with VerticalScroll(id="attributes", can_focus=False):
                for attribute in attributes(self.spec):
                    yield AttributeRow(attribute, value_at(self.held, attribute), self._changed)
            with Horizontal(classes="object-buttons"):
                yield Button("Close", id="close", variant="primary", compact=True)
                yield Button("Put back as it was", id="undo", compact=True)
            yield Static("What you type is kept at once. Esc closes this.", classes="dialog-foot", markup=False)

    def _changed(self, attribute: Attribute, value: Value) -> None:
        self.held = with_value(self.held, attribute, value)
        self.kept(self.held)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "undo" and self.held != self.before:
            self.kept(self.before)
        self.dismiss()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next()

    def action_leave(self) -> None:
        """Close it; what was typed is kept."""
        self.dismiss()
