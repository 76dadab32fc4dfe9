"""The symbols of the console: a state is never told by colour or symbol alone."""

from __future__ import annotations

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ASCII = str.maketrans("✓●·→│━─…" + SPINNER, "+*.>|#-." + "|/-\\|/-\\|/"[: len(SPINNER)])


def ascii_only(text: str) -> str:
    """Return the text in ASCII, our own symbols as their nearest ones, character for character."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
