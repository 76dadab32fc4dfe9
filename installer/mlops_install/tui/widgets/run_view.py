"""What the lists of a run have in common: they grow many times a second, and the screen isn't laid out for that."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class RunView(ScrollView, can_focus=True):
    """Lines of which only those in sight are drawn."""

    line_style = Style()
    """The style of a line without one of its own, while lines are drawn."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in sight; their style is worked out once, not for each of them."""
        self.line_style = self.rich_style
        return super().render_lines(crop)

    def measure(self, width: int, lines: int) -> None:
        """Take in that there are so many lines, the widest of so many columns.

        Textual lays the whole screen out anew whenever a virtual size changes, which costs more than all else. Here
        only what leads to a scrollbar coming or going does that, and a list that is as high as its lines.
        """
        size, room, before = Size(width, lines), self.size, self.virtual_size
        if size == before:
            return
        beyond = lines > room.height and before.height > room.height
        if not beyond or (width > room.width) != (before.width > room.width):
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        self.vertical_scrollbar.window_virtual_size = lines
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
