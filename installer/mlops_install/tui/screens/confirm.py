"""Questions before something that can't be taken back: yes or no, or a word to type."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static


class ConfirmScreen(ModalScreen[bool]):
    """Answers whether the operator is sure. With a word to type, nothing less than that word is a yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "No"),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(
        self, question: str, explanation: str = "", *, yes: str = "Yes", word: str = "", prefer_yes: bool = False
    ) -> None:
        super().__init__()
        self.question, self.explanation, self.yes, self.word = question, explanation, yes, word
        self.prefer_yes = prefer_yes

    def compose(self) -> ComposeResult:
        """Ask; what comes first has the focus: No, unless a yes is what is expected."""
        with Vertical(classes="dialog"):
            yield Static(self.question, classes="dialog-title", markup=False)
            if self.explanation:
                yield Static(self.explanation, classes="dialog-text", markup=False)
            if self.word:
                yield Static(f"Type {self.word} and press Enter to go on; Esc leaves it.", markup=False)
                yield Input(id="word")
                yield Static("", id="said", classes="problem", markup=False)
            else:
                buttons = [Button("No", id="no"), Button(Content(self.yes), id="yes")]
                yield from reversed(buttons) if self.prefer_yes else buttons

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if event.value.strip() == self.word:
            self.dismiss(True)
        else:
            self.query_one("#said", Static).update(f"That is not {self.word}.")

    def action_refuse(self) -> None:
        """Take Esc for a no."""
        self.dismiss(False)
