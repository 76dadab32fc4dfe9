"""What every text of the screens passes: none of it is read as markup, and none controls the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.notifications import SeverityLevel

from mlops_install.words.terminal import visible, visible_segments


class VisibleLines(LineFilter):
    """Takes control characters out of each line, as the last step before it is written."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without control characters."""
        return list(visible_segments(segments))


class Visible:
    """Something for rich to print, without control characters."""

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield its segments."""
        return visible_segments(console.render(self._renderable, options))


class CleanApp(App[int]):
    """An app that can show whatever others wrote."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let every line of every widget pass."""
        return [*super().get_line_filters(), VisibleLines()]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a notice, its message as it is written: never as markup, whatever Textual's own default is.

        Every widget's and screen's `notify` comes here.
        """
        super().notify(visible(message), title=visible(title), severity=severity, timeout=timeout, markup=False)
