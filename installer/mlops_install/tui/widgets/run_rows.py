"""The modules of a run with their resources: only the rows in sight are drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mlops_install.engine.progress import ResourceState, RunState
from mlops_install.tui.following import Picture
from mlops_install.tui.widgets.run_view import RunView
from mlops_install.words.wording import duration, instant
from mlops_install.workflow.changes import short_address
from mlops_install.workflow.rows import Row, detail_of, word_of

SYMBOLS = {"done": "✓", "failed": "!", "working": "●", "waiting": "·", "unchanged": "✓"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a module, or with `resource` one of its resources."""

    row: Row
    resource: ResourceState | None = None


class RunRows(RunView):
    """One row a module, opened to its resources on demand; the one under the cursor has its detail shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(0)", "First", show=False),
        Binding("end", "edge(1)", "Last", show=False),
        Binding("enter,space", "open", "Resources", id="run.open", tooltip="Show the module's resources, or hide them"),
    ]

    cursor: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """The cursor is on another module."""

        module: str
        title: str

    def __init__(self, identity: str) -> None:
        super().__init__(id=identity)
        self._rows: tuple[Row, ...] = ()
        self._resources: Mapping[str, tuple[ResourceState, ...]] = {}
        self._state = RunState()
        self._starts: list[int] = []
        """On which line each module begins: of thousands of resources, only those in sight are made lines."""
        self._count = 0
        self._open: set[str] = set()
        self._chosen = ""

    @property
    def chosen(self) -> str:
        """The module under the cursor; empty when there is none."""
        line = self.line(self.cursor)
        return line.row.module if line else ""

    def line(self, place: int) -> Line | None:
        """Return what is on a line; None beyond the last."""
        if not 0 <= place < self._count:
            return None
        at = bisect_right(self._starts, place) - 1
        row, within = self._rows[at], place - self._starts[at]
        return Line(row, self._resources[row.module][within - 1] if within else None)

    def show(self, picture: Picture) -> None:
        """Show where the run stands."""
        self._rows, self._resources, self._state = picture.rows, picture.resources, picture.state
        self._arrange()

    def follow(self, module: str) -> None:
        """Put the cursor on a module."""
        starts = zip(self._rows, self._starts, strict=True)
        place = next((start for row, start in starts if row.module == module), None)
        if place is not None:
            self.cursor = place

    def _arrange(self) -> None:
        self._starts, self._count = [], 0
        for row in self._rows:
            self._starts.append(self._count)
            self._count += 1 + (len(self._resources.get(row.module, ())) if row.module in self._open else 0)
        self.measure(self.size.width, self._count)
        self.cursor = max(0, min(self.cursor, self._count - 1))
        self._tell()
        self.refresh()

    def _tell(self) -> None:
        line = self.line(self.cursor)
        if line and line.row.module != self._chosen:
            self._chosen = line.row.module
            self.post_message(self.Chosen(self._chosen, line.row.title))

    def watch_cursor(self) -> None:
        """Keep the cursor in sight, and say which module it is on."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self._tell()
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor by some lines."""
        self.cursor = max(0, min(self._count - 1, self.cursor + by))

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_edge(self, end: int) -> None:
        """Move the cursor to the first or the last line."""
        self.cursor = max(0, self._count - 1) if end else 0

    def action_open(self) -> None:
        """Show the resources of the module under the cursor, or hide them."""
        if self._count:
            self._open ^= {self.chosen}
            module = self.chosen
            self._arrange()
            self.follow(module)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked."""
        place = self.scroll_offset.y + event.y
        if place < self._count:
            self.cursor = place

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        place, width = self.scroll_offset.y + y, self.size.width
        line = self.line(place)
        if line is None:
            return Strip.blank(width, self.line_style)
        style = self.line_style
        if place == self.cursor:
            style += Style(reverse=True) if self.has_focus else Style(bold=True, underline=True)
        text = self._module(line.row) if line.resource is None else self._resource(line.row, line.resource)
        return Strip([Segment(text, style)]).crop_extend(0, width, style)

    def _module(self, row: Row) -> str:
        elapsed = row.elapsed(datetime.now(UTC))
        took = duration(elapsed) if elapsed is not None else ""
        return f"{SYMBOLS[row.status]} {row.title[:20]:<20} {row.word[:10]:<10} {took:>5}  {row.detail}"

    def _resource(self, row: Row, resource: ResourceState) -> str:
        begun, ended = instant(resource.started), instant(resource.finished)
        took = duration(((ended or datetime.now(UTC)) - begun).total_seconds()) if begun else ""
        word = word_of(resource, resource.status, self._state)
        name = short_address(resource.address)
        return f"    {SYMBOLS[resource.status]} {name}  {word}  {took}  {detail_of(resource)}"
