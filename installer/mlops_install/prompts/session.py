"""What every question shares: where it is drawn, how it looks, and what ^C in it means."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TextIO

from mlops_install.errors import CancelledError
from mlops_install.words.terminal import visible

if TYPE_CHECKING:
    from questionary import Question

_DUMB = {"", "dumb", "unknown"}
_plain: ContextVar[bool] = ContextVar("plain_questions", default=False)


@contextmanager
def questions_on(stream: TextIO) -> Iterator[None]:
    """Draw the questions asked inside on that stream: stderr keeps stdout free for the result."""
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.output import create_output

    output = create_output(stdout=stream)
    write = output.write
    # All texts of questions come this way, and none of prompt_toolkit's own control sequences (`write_raw`).
    # A carriage return by itself is its own, too: in a text it shows one as ^M.
    setattr(output, "write", lambda text: write(text if text == "\r" else visible(text)))  # noqa: B010 - a method
    with create_app_session(output=output):
        yield


@contextmanager
def plain_questions() -> Iterator[None]:
    """Ask the questions inside as lines alone: numbers are typed, nothing is moved through or drawn anew."""
    token = _plain.set(True)
    try:
        yield
    finally:
        _plain.reset(token)


def is_plain() -> bool:
    """Tell whether questions are lines alone: it was asked for, or the terminal can't move its cursor."""
    return _plain.get() or is_dumb()


def is_dumb() -> bool:
    """Tell whether the terminal knows no control sequences (TERM is `dumb`, as in an editor's shell)."""
    from prompt_toolkit.application import get_app_session

    return getattr(get_app_session().output, "term", "xterm") in _DUMB


def answer(question: Question) -> Any:
    """Return the answer to a question; raises CancelledError when it is left with ^C or ^D."""
    try:
        return question.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise left() from None


def left() -> CancelledError:
    """Return the error of a question that was left without an answer."""
    return CancelledError(
        "You left a question without an answer; nothing was changed.", hint="Run the same command again to go on."
    )


def say(text: str, style: str = "", *, hanging: int = 0) -> None:
    """Write a paragraph above the next question, wrapped at the terminal's width.

    `hanging` columns are left free before each wrapped line. Where questions are plain, the style is left out.
    """
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.application import get_app_session
    from prompt_toolkit.formatted_text import FormattedText

    output = get_app_session().output
    width = max(20, output.get_size().columns - 1)
    indent = " " * hanging
    wrapped = "\n".join(
        textwrap.fill(line, width, break_on_hyphens=False, break_long_words=False, subsequent_indent=indent)
        for line in text.splitlines()
    )
    if is_plain():
        output.write(f"{wrapped}\n")
        output.flush()
    else:
        print_formatted_text(FormattedText([(style, wrapped)]), output=output)
