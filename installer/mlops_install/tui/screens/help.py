"""Help: what the step is about, and every key that works on it."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from mlops_install.tui.keys import own_keys

_GENERAL = """\
Nothing you type is lost: a draft is saved after each answer, and `mlops-install` offers to go on with it. Nothing is \
installed or changed before you approve a plan on the Review step. ^P lists every action.
✓ done   ! needs attention   ● to do   · can't be reached yet"""


class HelpScreen(ModalScreen[None]):
    """The help of the screen underneath."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "app.pop_screen", "Close")]

    def __init__(self, underneath: Screen[Any]) -> None:
        super().__init__()
        self.underneath = underneath

    def compose(self) -> ComposeResult:
        """Show the text first, then the keys."""
        with Vertical(classes="dialog wide"):
            yield Static("Help", classes="dialog-title", markup=False)
            with VerticalScroll(can_focus=True):
                about = getattr(self.underneath, "HELP_TEXT", "")
                yield Static("\n\n".join(filter(None, (about, _GENERAL))) + "\n", markup=False)
                yield Static(self._keys(), markup=False)
            yield Static("Esc closes this", classes="dialog-foot", markup=False)

    def _keys(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for binding, tooltip in own_keys(self.underneath):
            table.add_row(Text(self.app.get_key_display(binding), "bold"), binding.description, Text(tooltip, "dim"))
        return table
