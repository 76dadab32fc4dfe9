"""A log of many lines: only those in sight are drawn; it follows its end until one scrolls up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mlops_install.tui.following import LOG_LINES, LogLine
from mlops_install.tui.widgets.run_view import RunView

Wanted = Callable[[LogLine], bool]

_MARKS = {"error": "! ", "warning": "~ ", "info": "  "}


class RunLog(RunView):
    """Lines in a ring of `LOG_LINES`; a filter says which of them are shown."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--error", "log--warning", "log--found"}

    def __init__(self, identity: str, *, empty: str = "", short: bool = False) -> None:
        super().__init__(id=identity)
        self._lines: deque[LogLine] = deque(maxlen=LOG_LINES)
        self._shown: deque[LogLine] = deque(maxlen=LOG_LINES)
        self._wanted: Wanted = lambda _: True
        self._follows = True
        """Whether the end stays in sight; scrolling up ends it, scrolling to the end begins it again."""
        self._widest = 0
        self._empty = empty
        self._short = short
        self.searched = ""
        """The text that is marked in the lines; empty for none."""

    @property
    def count(self) -> int:
        """How many lines pass the filter."""
        return len(self._shown)

    def add(self, lines: Iterable[LogLine]) -> None:
        """Append lines; the view stays where it is unless it was at the end."""
        before, dropped = len(self._shown), 0
        for line in lines:
            self._lines.append(line)
            if self._wanted(line):
                dropped += len(self._shown) == LOG_LINES
                self._shown.append(line)
                self._widest = max(self._widest, len(line.text))
        if len(self._shown) == before and not dropped:
            return
        self._measure()
        if self._follows:
            self.scroll_end(animate=False, x_axis=False)
        elif dropped:
            self.scroll_to(y=max(0, self.scroll_offset.y - dropped), animate=False, immediate=True)
        self.refresh()

    def show_only(self, wanted: Wanted, searched: str = "", *, narrower: bool = False) -> None:
        """Show the lines that pass `wanted`, from the end, with a text marked in them.

        `narrower`: nothing passes it that didn't pass the filter before, as with a letter more to search for.
        """
        self._wanted, self.searched = wanted, searched
        self._shown = deque(filter(wanted, self._shown if narrower else self._lines), maxlen=LOG_LINES)
        self._widest = max((len(line.text) for line in self._shown), default=0)
        self._measure()
        self._follows = True
        self.scroll_end(animate=False, x_axis=False)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Note whether one reads further up or follows the end."""
        super().watch_scroll_y(old_value, new_value)
        self._follows = new_value >= self.max_scroll_y

    def on_resize(self) -> None:
        """Keep the end in sight."""
        if self._follows:
            self.scroll_end(animate=False, x_axis=False)

    def text(self) -> str:
        """Return the shown lines, for the clipboard."""
        return "\n".join(line.text for line in self._shown)

    def _measure(self) -> None:
        self.measure(self._widest + 16, len(self._shown))

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        x, top = self.scroll_offset
        place, width = top + y, self.size.width
        if place >= len(self._shown):
            told = self._empty if place == 0 and not self._shown else ""
            return Strip([Segment(told.ljust(width), self.line_style + Style(dim=True))]).crop(0, width)
        line = self._shown[place]
        text = f"{_MARKS[line.level]}{line.short if self._short else line.text}"
        style = self.line_style
        if line.level != "info":
            style = self.get_component_rich_style(f"log--{line.level}")
        return Strip(self._segments(text, style)).crop_extend(x, x + width, style)

    def _segments(self, text: str, style: Style) -> list[Segment]:
        found = text.casefold().find(self.searched.casefold()) if self.searched else -1
        if found < 0:
            return [Segment(text, style)]
        end = found + len(self.searched)
        marked = style + Style(reverse=True)
        return [Segment(text[:found], style), Segment(text[found:end], marked), Segment(text[end:], style)]
