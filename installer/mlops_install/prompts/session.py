"""What every question shares: where it is drawn, how it looks, and what ^C in it means."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from mlops_install.errors import CancelledError

if TYPE_CHECKING:
    from questionary import Question


@contextmanager
def questions_on(stream: TextIO) -> Iterator[None]:
    """Draw the questions asked inside on that stream: stderr keeps stdout free for the result."""
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.output import create_output

    with create_app_session(output=create_output(stdout=stream)):
        yield


def answer(question: Question) -> Any:
    """Return the answer to a question; raises CancelledError when it is left with ^C or ^D."""
    try:
        return question.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise CancelledError(
            "You left a question without an answer; nothing was changed.", hint="Run the same command again to go on."
        ) from None


def say(text: str, style: str = "") -> None:
    """Write a paragraph above the next question, wrapped at the terminal's width."""
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.application import get_app_session
    from prompt_toolkit.formatted_text import FormattedText

    output = get_app_session().output
    width = max(20, output.get_size().columns - 1)
    wrapped = "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in text.splitlines())
    print_formatted_text(FormattedText([(style, wrapped)]), output=output)
