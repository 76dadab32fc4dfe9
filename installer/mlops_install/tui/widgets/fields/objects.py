"""A list of objects, or one object: a line each, opened in a form of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.reactive import reactive

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.words.wording import shown

_ANY = TypeSpec("any")
_ONLY_ONE = "default"
"""The attribute that at most one object has switched on, unless the widget's `only_one` names another."""


class ObjectsField(Field, can_focus=True):
    """The objects below each other; they can be added, opened, removed and moved, and one can be the default."""

    HINT = "Enter: open or add. F8: remove. Alt+↑, Alt+↓: move."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "open_object", "Open", tooltip="Open the object under the cursor, or add one"),
        Binding("f8,delete", "remove_object", "Remove", tooltip="Remove the object under the cursor"),
        Binding("alt+up,ctrl+up", "move_object(-1)", "Move up", show=False, tooltip="Move the object up"),
        Binding("alt+down,ctrl+down", "move_object(1)", "Move down", show=False, tooltip="Move the object down"),
        Binding("d", "make_default", "Default", tooltip="Make the object under the cursor the only default"),
        Binding("up", "cursor(-1)", "Up", show=False),
        Binding("down", "cursor(1)", "Down", show=False),
    ]

    cursor: reactive[int] = reactive(0)

    def __init__(self, facts: Facts, value: Value) -> None:
        super().__init__()
        self.facts = facts
        self._items: list[Value] = list(value or [])

    @property
    def spec(self) -> TypeSpec:
        """The type of one object."""
        return self.facts.spec.element or _ANY

    @property
    def only_one(self) -> str:
        """The name of the attribute that at most one object has switched on; empty when the type has none."""
        name = self.facts.widget.get("only_one", _ONLY_ONE)
        attribute = self.spec.attributes.get(name) if isinstance(name, str) else None
        return name if attribute is not None and attribute.kind == "bool" else ""

    def given_value(self) -> Value:
        """Return the objects in order."""
        return list(self._items)

    def take_value(self, value: Value) -> None:
        """Show other objects."""
        items = list(value or [])
        if items != self._items:
            self._items = items
            self._drawn_anew()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return a line an object, and one to add."""
        return len(self._items) + 1

    def render(self) -> RenderResult:
        """Show a line an object, and one to add."""
        text = Text(no_wrap=True, overflow="ellipsis")
        for place, line in enumerate([*map(self._told, self._items), "+ add one"]):
            here = self.has_focus and place == self.cursor
            text.append(f"{'>' if here else ' '} {line}\n", "reverse" if here else "")
        text.rstrip()
        return text

    def _told(self, item: Value) -> str:
        if not isinstance(item, dict):
            return shown(item)
        mark = ("(x) " if item.get(self.only_one) else "( ) ") if self.only_one else ""
        parts = [part for _, part in zip(range(3), _leaves(item, skip=self.only_one), strict=False)]
        return mark + (" · ".join(parts) or "(nothing yet)")

    def action_cursor(self, by: int) -> None:
        """Move the cursor; past either end it goes on to the next field."""
        if 0 <= self.cursor + by <= len(self._items):
            self.cursor += by
        elif by < 0:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()

    def action_open_object(self) -> None:
        """Open the object under the cursor; on the last line, a new one."""
        from mlops_install.tui.screens.object import ObjectScreen

        place = min(self.cursor, len(self._items))
        if place == len(self._items):
            first = {self.only_one: True} if self.only_one and place == 0 else {}
            self._items.append(in_order(self.spec, {**new_object(self.spec), **first}))
            self._changed()
        item = self._items[place]

        def kept(value: Value) -> None:
            self._items[place] = in_order(self.spec, value)
            self._keep_only_one(place)
            self._changed()

        title = f"{self.facts.label}: {place + 1} of {len(self._items)}"
        self.app.push_screen(ObjectScreen(title, self.spec, item if isinstance(item, dict) else {}, kept))

    def action_remove_object(self) -> None:
        """Remove the object under the cursor."""
        if self.cursor < len(self._items):
            del self._items[self.cursor]
            self._changed()

    def action_move_object(self, by: int) -> None:
        """Change places with the neighbour."""
        other = self.cursor + by
        if self.cursor < len(self._items) and 0 <= other < len(self._items):
            self._items[self.cursor], self._items[other] = self._items[other], self._items[self.cursor]
            self.cursor = other
            self._changed()

    def action_make_default(self) -> None:
        """Switch the attribute on that only one object may have."""
        if self.only_one and self.cursor < len(self._items) and isinstance(self._items[self.cursor], dict):
            self._items[self.cursor] = in_order(self.spec, {**self._items[self.cursor], self.only_one: True})
            self._keep_only_one(self.cursor)
            self._changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the default only where the objects have one."""
        return action != "make_default" or bool(self.only_one)

    def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked line; a second click opens it."""
        event.stop()
        if event.y == self.cursor and event.chain > 1:
            self.action_open_object()
        self.cursor = max(0, min(event.y, len(self._items)))

    def _keep_only_one(self, chosen: int) -> None:
        name = self.only_one
        if name and isinstance(self._items[chosen], dict) and self._items[chosen].get(name):
            self._items = [
                {**item, name: False} if place != chosen and isinstance(item, dict) and item.get(name) else item
                for place, item in enumerate(self._items)
            ]

    def _changed(self) -> None:
        self._drawn_anew()
        self.tell(list(self._items))

    def _drawn_anew(self) -> None:
        self.cursor = min(self.cursor, len(self._items))
        self.refresh(layout=True)


class ObjectField(Field, can_focus=True):
    """One object: what it holds on a line, opened by Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "open_object", "Open", tooltip="Open the object"),
    ]

    def __init__(self, facts: Facts, value: Value) -> None:
        super().__init__()
        self.facts = facts
        self._value = value

    def given_value(self) -> Value:
        """Return the object, or null."""
        return self._value

    def take_value(self, value: Value) -> None:
        """Show another object."""
        self._value = value
        self.refresh(layout=True)

    def render(self) -> RenderResult:
        """Show what it holds."""
        return Text(shown(self._value), no_wrap=True, overflow="ellipsis")

    def action_open_object(self) -> None:
        """Open it."""
        from mlops_install.tui.screens.object import ObjectScreen

        def kept(value: Value) -> None:
            self.take_value(in_order(self.facts.spec, value))
            self.tell(self._value)

        held = self._value if isinstance(self._value, dict) else new_object(self.facts.spec)
        self.app.push_screen(ObjectScreen(self.facts.label, self.facts.spec, held, kept))

    def on_click(self, event: Click) -> None:
        """Open it by the mouse."""
        event.stop()
        self.action_open_object()


def new_object(spec: TypeSpec) -> dict[str, Value]:
    """Return an object with what must be in it, each empty."""
    return {name: _blank(inner) for name, inner in spec.attributes.items() if name not in spec.optional}


def in_order(spec: TypeSpec, item: Value) -> Value:
    """Return an object with its attributes in the type's order, so that it is written the same however it was made."""
    if not isinstance(item, dict) or not spec.attributes:
        return item
    known = {name: in_order(inner, item[name]) for name, inner in spec.attributes.items() if name in item}
    return known | {name: value for name, value in item.items() if name not in known}


def _blank(spec: TypeSpec) -> Value:
    if spec.kind == "object":
        return new_object(spec)
    return {"string": "", "bool": False, "list": [], "map": {}}.get(spec.kind)


def _leaves(item: Value, *, skip: str = "") -> Iterator[str]:
    """Yield what an object holds, in words, without the attribute that has a mark of its own."""
    for name, value in item.items():
        if name == skip or value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield shown(value) if isinstance(value, str) else f"{name.replace('_', ' ')}: {shown(value)}"
