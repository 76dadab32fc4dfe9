"""Yes or no."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.reactive import reactive

from mlops_install.catalogue.model import Value
from mlops_install.tui.widgets.fields.field import Facts, Field


class SwitchField(Field, can_focus=True):
    """A box that is ticked or not, with the word beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "turn", "Switch", tooltip="Change between yes and no"),
        Binding("y", "set_to(True)", "Yes", show=False),
        Binding("n", "set_to(False)", "No", show=False),
    ]

    on: reactive[bool] = reactive(False)

    def __init__(self, facts: Facts, value: Value) -> None:
        super().__init__()
        self.facts = facts
        self.set_reactive(SwitchField.on, bool(value))

    def render(self) -> RenderResult:
        """Show the box and the word."""
        return Text("[x] yes" if self.on else "[ ] no")

    def given_value(self) -> Value:
        """Return whether it is on."""
        return self.on

    def take_value(self, value: Value) -> None:
        """Show another value."""
        self.on = bool(value)

    def action_turn(self) -> None:
        """Change it."""
        self.action_set_to(not self.on)

    def action_set_to(self, value: bool) -> None:
        """Set it, and tell when that changed it."""
        if value != self.on:
            self.on = value
            self.tell(value)

    def on_click(self, event: Click) -> None:
        """Change it by the mouse."""
        event.stop()
        self.action_turn()
