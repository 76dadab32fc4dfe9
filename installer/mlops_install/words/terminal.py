"""The one filter for text that others wrote: nothing in it moves the cursor, writes a title, or turns words around."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, the cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC and its kin: title, clipboard
    r"|\x1b[ -/]*[0-~]"  # all others, as a reset
)
"""The control sequences of ECMA-48 (5th edition, 5.3 to 5.6), with seven and with eight bits. What has no end isn't
one: its first character goes, its text stays to be read."""
_CONTROLS = re.compile(
    r"\r(?!\n)|"  # what follows would stand over what is there
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # all other of Unicode's Cc but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of what follows
    "\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"  # seen by nobody
)
"""The joiners of Persian, of Indian scripts and of emoji stay."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""Bytes of a name that is no UTF-8: no stream takes them."""


def visible(text: str) -> str:
    """Return the text without control sequences and control characters; its tabs and line ends stay."""
    return text if text.isprintable() else _without_controls(_SEQUENCE.sub("", text))


def plain(text: str) -> str:
    """Return `visible` text on one line: tabs as two spaces, line ends as one."""
    return visible(text).replace("\t", "  ").replace("\r\n", " ").replace("\n", " ").rstrip()


def plain_lines(text: str) -> list[str]:
    """Return the lines of a text that aren't empty, each `plain`."""
    return [line for line in map(plain, text.splitlines()) if line.strip()]


def visible_segments(segments: Iterable[Any]) -> Iterator[Any]:
    """Yield rich's segments (text, style, control) without control characters, but for what rich controls itself.

    The rest of a control sequence stays to be read: only what is of no width goes, so that no column moves. Where a
    text comes from others, `visible` leaves nothing of it.
    """
    for segment in segments:
        if segment.control or segment.text.isprintable():
            yield segment
        else:
            yield segment._replace(text=_without_controls(segment.text))


def _without_controls(text: str) -> str:
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
