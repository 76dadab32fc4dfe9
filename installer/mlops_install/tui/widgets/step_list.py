"""The list of steps: where one is, how far each step is, and the way to any of them."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from mlops_install.tui.guide import Guide
from mlops_install.tui.messages import StepWanted
from mlops_install.tui.steps import SYMBOLS, WORDS, Status, Step

WIDE = 100
"""Columns from which the list is a column of its own; below it is one line on top."""


class StepList(Widget, can_focus=True):
    """Symbol and name of each step; arrows and Enter, or a click, go there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "move(-1)", "Previous step", show=False),
        Binding("down,right", "move(1)", "Next step", show=False),
        Binding("enter,space", "choose", "Go there"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"step--here", "step--cursor", "step--problem", "step--locked"}

    cursor: reactive[int] = reactive(0)

    def __init__(self, guide: Guide, here: Step) -> None:
        super().__init__(id="steps")
        self.guide = guide
        self.here = here
        self.set_reactive(StepList.cursor, list(Step).index(here))

    @property
    def upright(self) -> bool:
        """Whether the steps stand below each other."""
        return self.screen.size.width >= WIDE

    def status(self, step: Step) -> Status:
        """Return how far a step is."""
        return self.guide.status(step)

    def render(self) -> RenderResult:
        """Show the steps, below each other where there is room."""
        return self._column() if self.upright else self._line()

    def _column(self) -> Text:
        text = Text()
        for place, step in enumerate(Step):
            status = self.status(step)
            word = "" if step is self.here or status in ("done", "locked") else f"\n    {WORDS[status]}"
            mark = ">" if step is self.here else " "
            text.append(f"{mark} {SYMBOLS[status]} {step.label}{word}\n", self._style(place, step, status))
        return text

    def _line(self) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        for place, (step, words) in enumerate(self._words()):
            text.append(words, self._style(place, step, self.status(step)))
            text.append("  ")
        return text

    def _words(self) -> list[tuple[Step, str]]:
        """Return what stands for each step on a line: where it is too short for all names, those that matter now."""
        words = [(step, f"{SYMBOLS[self.status(step)]} {step.label}") for step in Step]
        if sum(len(word) + 2 for _, word in words) - 2 <= self.size.width:
            return words
        named = {self.here, list(Step)[self.cursor] if self.has_focus else self.here}
        return [(step, word if step in named else word[:1]) for step, word in words]

    def _style(self, place: int, step: Step, status: Status) -> str:
        parts = []
        if self.has_focus and place == self.cursor:
            parts.append("reverse")
        if step is self.here:
            parts.append("bold underline")
        if status == "locked":
            parts.append("dim")
        return " ".join(parts)

    def action_move(self, by: int) -> None:
        """Move the cursor to a neighbouring step."""
        self.cursor = max(0, min(len(Step) - 1, self.cursor + by))

    def action_choose(self) -> None:
        """Go to the step under the cursor."""
        self.post_message(StepWanted(list(Step)[self.cursor]))

    def on_click(self, event: Click) -> None:
        """Go to the step that was clicked."""
        place = self._place_at(event.x, event.y)
        if place is not None:
            self.post_message(StepWanted(list(Step)[place]))

    def _place_at(self, x: int, y: int) -> int | None:
        if not self.upright:
            column = 0
            for place, (_, words) in enumerate(self._words()):
                width = len(words) + 2
                if column <= x < column + width:
                    return place
                column += width
            return None
        line = 0
        for place, step in enumerate(Step):
            status = self.status(step)
            height = 1 if step is self.here or status in ("done", "locked") else 2
            if line <= y < line + height:
                return place
            line += height
        return None

    def on_focus(self) -> None:
        """Begin at the step one is at."""
        self.cursor = list(Step).index(self.here)
