"""Where output goes: results to stdout in the format asked for, narration to stderr through a rich console."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TextIO, cast

from mlops_install.catalogue.model import Value
from mlops_install.console.words import ascii_only

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Format = Literal["table", "json", "yaml"]

_WIDTH_WITHOUT_TERMINAL = 160
"""Columns where nobody said how many: tables that go into a pipe shouldn't be folded."""


class _AsciiStream:
    """A stream for terminals that can't show our symbols: each is written as its nearest ASCII character."""

    encoding = "ascii"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(ascii_only(text))

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


def is_live(stream: TextIO, variables: Mapping[str, str]) -> bool:
    """Tell whether a view may be redrawn in place there: a terminal, not a dumb one, not a CI job's."""
    return stream.isatty() and variables.get("TERM", "dumb") not in {"", "dumb", "unknown"} and not variables.get("CI")


def make_console(stream: TextIO, variables: Mapping[str, str], *, no_color: bool = False) -> Console:
    """Return a console on that stream that knows the given environment alone.

    Colour is off with `no_color`, with a non-empty NO_COLOR (no-color.org) and without a terminal.
    """
    from mlops_install.console.clean import CleanConsole

    plain = no_color or bool(variables.get("NO_COLOR"))
    target = stream if "utf" in (stream.encoding or "utf-8").lower() else cast(TextIO, _AsciiStream(stream))
    width = None if stream.isatty() or variables.get("COLUMNS") else _WIDTH_WITHOUT_TERMINAL
    return CleanConsole(
        file=target, no_color=plain, width=width, highlight=False, markup=False, emoji=False, _environ=variables
    )


def emit(
    document: Mapping[str, Value],
    output: Format,
    renderer: Callable[[], RenderableType],
    *,
    stream: TextIO,
    console: Callable[[], Console],
) -> None:
    """Write a result: the document as JSON or YAML to `stream`, or what `renderer` makes of it to the console.

    A text is written unfolded, to a pipe exactly as it is. Neither `renderer` nor `console` is called for JSON and
    YAML: rich isn't loaded for them.
    """
    if output == "json":
        stream.write(json.dumps(document, indent=2) + "\n")
    elif output == "yaml":
        import yaml

        yaml.safe_dump(json.loads(json.dumps(document)), stream, sort_keys=False, allow_unicode=False)
    else:
        shown = renderer()
        if isinstance(shown, str) and not stream.isatty():
            stream.write(f"{shown}\n")
        else:
            console().print(shown, soft_wrap=isinstance(shown, str))
    stream.flush()
