"""The console that all is printed through: whatever is printed, none of it controls the terminal but rich itself."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from mlops_install.words.terminal import visible_segments


class CleanConsole(Console):
    """A console whose texts have no control characters, as the last step before they are written."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of what is printed, and of each part of it."""
        return visible_segments(super().render(renderable, options))
