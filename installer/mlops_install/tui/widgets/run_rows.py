"""The modules of a run with their resources: only the rows in sight are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mlops_install.engine.progress import ResourceState, RunState
from mlops_install.operations.rows import Row, detail_of, word_of
from mlops_install.operations.wording import duration, instant, short_address
from mlops_install.tui.following import Picture

SYMBOLS = {"done": "✓", "failed": "!", "working": "●", "waiting": "·", "unchanged": "✓"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a module, or with `resource` one of its resources."""

    row: Row
    resource: ResourceState | None = None


class RunRows(ScrollView, can_focus=True):
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
        self._lines: list[Line] = []
        self._style = Style()
        self._open: set[str] = set()
        self._chosen = ""

    @property
    def chosen(self) -> str:
        """The module under the cursor; empty when there is none."""
        return self._lines[self.cursor].row.module if self.cursor < len(self._lines) else ""

    def show(self, picture: Picture) -> None:
        """Show where the run stands."""
        self._rows, self._resources, self._state = picture.rows, picture.resources, picture.state
        self._arrange()

    def follow(self, module: str) -> None:
        """Put the cursor on a module."""
        place = next((place for place, line in enumerate(self._lines) if line.row.module == module), None)
        if place is not None:
            self.cursor = place

    def _arrange(self) -> None:
        lines: list[Line] = []
        for row in self._rows:
            lines.append(Line(row))
            if row.module in self._open:
                lines += [Line(row, resource) for resource in self._resources.get(row.module, ())]
        self._lines = lines
        self.virtual_size = Size(self.size.width, len(lines))
        self.cursor = max(0, min(self.cursor, len(lines) - 1))
        self._tell()
        self.refresh()

    def _tell(self) -> None:
        if self._lines and self.chosen != self._chosen:
            self._chosen = self.chosen
            self.post_message(self.Chosen(self._chosen, self._lines[self.cursor].row.title))

    def watch_cursor(self) -> None:
        """Keep the cursor in sight, and say which module it is on."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self._tell()
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor by some lines."""
        self.cursor = max(0, min(len(self._lines) - 1, self.cursor + by))

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_edge(self, end: int) -> None:
        """Move the cursor to the first or the last line."""
        self.cursor = max(0, len(self._lines) - 1) if end else 0

    def action_open(self) -> None:
        """Show the resources of the module under the cursor, or hide them."""
        if self.chosen or self._lines:
            self._open ^= {self.chosen}
            module = self.chosen
            self._arrange()
            self.follow(module)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked."""
        place = self.scroll_offset.y + event.y
        if place < len(self._lines):
            self.cursor = place

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw what is in sight; the style is worked out once, not for every line."""
        self._style = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        place, width = self.scroll_offset.y + y, self.size.width
        if place >= len(self._lines):
            return Strip.blank(width, self._style)
        line = self._lines[place]
        style = self._style
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
