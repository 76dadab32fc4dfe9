"""Questions as lines: typed, ended by Enter, and nothing of the screen is ever drawn anew.

A terminal that can't move its cursor, or a screen reader, gets every word in the order in which it was written.
"""

from __future__ import annotations

import os
import termios
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from mlops_install.prompts.session import answer, is_dumb, left, say
from mlops_install.words.wording import capital

Taken = TypeVar("Taken")

BACK, REVIEW, EXPLAIN, EMPTY, PIECES = "<", ">", "?", "-", "*"
"""What may be typed at every question of the guided setup, instead of an answer."""
HOW_TO = """\
Answer each question with a line and Enter. Enter alone keeps what stands in brackets.
Type < to go back one question, > to go to the review list, ? for more about a question, - to empty a value.
A text that is one of these stands in double quotes, for example "-".
Every answer is saved in a draft. Control-C leaves, and `mlops-install` offers to go on later."""


class GoBack(Exception):
    """The operator wants the question before this one."""


class GoToReview(Exception):
    """The operator wants the review list."""


def read_line(message: str, *, hidden: bool = False) -> str:
    """Return a typed line without the blanks around it; raises CancelledError on ^C and ^D.

    `hidden`: it isn't shown, and its blanks stay.
    """
    if is_dumb():
        line = _cooked_line(f"? {message} ", hidden=hidden)
    else:
        import questionary

        line = str(answer((questionary.password if hidden else questionary.text)(message)))
    return line if hidden else line.strip()


def ask(message: str, take: Callable[[str], Taken], *, explanation: str = "", ways: bool = True) -> Taken:
    """Ask until `take` accepts the line; a ValueError of its says what is wrong.

    `take` gets an empty text for Enter alone. With `ways`, raises GoBack and GoToReview where these are typed.
    """
    while True:
        line = read_line(message)
        if ways and line == BACK:
            raise GoBack
        if ways and line == REVIEW:
            raise GoToReview
        if line == EXPLAIN:
            say(explanation or "There is nothing more to say about it.")
            continue
        try:
            return take(line)
        except ValueError as error:
            say(f"Problem: {_sentence(str(error))}")


def ask_number(
    title: str,
    options: Sequence[tuple[str, str]],
    *,
    default: str | None = None,
    ways: bool = True,
    explanation: str = "",
) -> str:
    """List `(value, text)` options with numbers and return the value of the one whose number is typed."""
    if title:
        say(title)
    for number, (_, text) in enumerate(options, start=1):
        say(f"  {number}. {text}", hanging=5)
    values = [value for value, _ in options]
    kept = f" [{values.index(default) + 1}]" if default in values else ""

    def take(line: str) -> str:
        if not line and default in values:
            return str(default)
        if line.isascii() and line.isdecimal() and 1 <= int(line) <= len(options):
            return values[int(line) - 1]
        raise ValueError(f"type a number from 1 to {len(options)}")

    return ask(f"Number{kept}:", take, ways=ways, explanation=explanation)


def ask_yes_no(question: str, *, default: bool, ways: bool = True, explanation: str = "") -> bool:
    """Ask a question that is answered with yes or no."""

    def take(line: str) -> bool:
        return yes_or_no(line) if line else default

    return ask(f"{question} yes or no [{'yes' if default else 'no'}]:", take, ways=ways, explanation=explanation)


def yes_or_no(line: str) -> bool:
    """Return what a typed word means; raises ValueError for another one."""
    word = line.casefold()
    if word in ("y", "yes", "true"):
        return True
    if word in ("n", "no", "false"):
        return False
    raise ValueError("type yes or no")


def _sentence(text: str) -> str:
    text = f"it {text}" if text.startswith("must ") else text
    return f"{capital(text).rstrip('.')}."


def _cooked_line(message: str, *, hidden: bool) -> str:
    """Read a line as the terminal itself edits it; prompt_toolkit draws even where nothing can be drawn."""
    from prompt_toolkit.application import get_app_session

    session = get_app_session()
    source = session.input.fileno()
    session.output.write(message)
    session.output.flush()
    typed = bytearray()
    with _unseen(source) if hidden else nullcontext():
        try:
            while (key := os.read(source, 1)) not in (b"\n", b"\r", b""):
                typed += key
        except KeyboardInterrupt:
            raise left() from None
    if hidden:
        session.output.write("\n")
        session.output.flush()
    if key == b"":
        raise left()
    return typed.decode(errors="surrogateescape")


@contextmanager
def _unseen(terminal: int) -> Iterator[None]:
    """Switch the terminal's echo off for a while, as getpass does; what is no terminal has none."""
    if not os.isatty(terminal):
        yield
        return
    before = termios.tcgetattr(terminal)
    silent = termios.tcgetattr(terminal)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
