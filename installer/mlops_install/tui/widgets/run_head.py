"""The head of a run: what goes on, how far it is, how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from rich.text import Text
from textual.app import RenderResult
from textual.widget import Widget

from mlops_install.tui.following import Picture
from mlops_install.words.wording import duration, instant
from mlops_install.workflow.rows import ENDED, STAGES, share_done


class RunHead(Widget):
    """Two lines: a sentence with the elapsed and the expected time, and the overall bar."""

    def __init__(self, identity: str) -> None:
        super().__init__(id=identity)
        self.picture: Picture | None = None
        self.expected: Mapping[str, float] = {}
        """Seconds of earlier runs, by module."""

    def show(self, picture: Picture) -> None:
        """Show where the run stands."""
        self.picture = picture
        self.refresh()

    def render(self) -> RenderResult:
        """Draw both lines."""
        if self.picture is None:
            return Text("● Opening the run …")
        width = max(20, min(100, self.size.width))
        return Text("\n").join([self._sentence(width), self._bar(width)])

    def _sentence(self, width: int) -> Text:
        assert self.picture is not None
        state, rows = self.picture.state, self.picture.rows
        begun = instant(self.picture.begun)
        took = duration((self._end() - begun).total_seconds()) if begun else ""
        # Of a module that was never set up nobody knows how long it takes, and so of the whole run.
        known = all(row.module in self.expected for row in rows)
        usual = max((self.expected[row.module] for row in rows), default=0.0) if known else 0.0
        right = f"{took} of about {duration(usual)}" if usual > 0 and state.stage not in ENDED else took
        left = Text(self._words(), "bold")
        left.truncate(max(0, width - len(right) - 1), overflow="ellipsis", pad=True)
        return Text.assemble(left, " ", right)

    def _words(self) -> str:
        assert self.picture is not None
        state = self.picture.state
        if state.stage == "done":
            return f"✓ {self.picture.done_word}"
        if state.stage == "failed":
            return "! Failed: what is ready stays"
        if state.stage == "cancelled":
            return "! Cancelled: what is ready stays"
        if state.cancel_requested:
            return "● Cancelling: what is under way ends first"
        return f"● {STAGES.get(state.stage) or self.picture.word}"

    def _end(self) -> datetime:
        assert self.picture is not None
        ends = [time for row in self.picture.rows if row.finished and (time := row.finished)]
        return max(ends) if self.picture.ended and ends else datetime.now(UTC)

    def _bar(self, width: int) -> Text:
        assert self.picture is not None
        rows = self.picture.rows
        done = sum(row.status == "done" for row in rows)
        label = f"  {done} of {len(rows)} {self.picture.count_word}" if rows else ""
        cells = max(8, width - len(label))
        full = int(cells * share_done(rows, self.expected, datetime.now(UTC)))
        return Text.assemble("━" * full, ("─" * (cells - full), "dim"), label)
