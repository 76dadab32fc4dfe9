"""The small questions: yes or no, one of several, a port, a word to type, what ^C should do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from mlops_install.errors import CancelledError
from mlops_install.prompts.lines import ask, ask_number, ask_yes_no, read_line
from mlops_install.prompts.session import answer, is_plain, say

Interrupt = Literal["detach", "cancel", "stay"]


def confirm(question: str, default: bool) -> bool:
    """Ask yes or no; raises CancelledError on ^C, as every question here."""
    if is_plain():
        return ask_yes_no(question, default=default, ways=False)
    import questionary

    return bool(answer(questionary.confirm(question, default=default)))


def choose(question: str, options: Sequence[tuple[str, str]], *, default: str | None = None) -> str:
    """Ask for one of several `(value, text)` options, chosen by arrows or number; returns its value."""
    if is_plain():
        return ask_number(question, options, default=default or options[0][0], ways=False)
    import questionary

    choices = [questionary.Choice(text, value=value) for value, text in options]
    numbered = len(choices) <= 9
    picked = next((choice for choice in choices if choice.value == default), None)
    if numbered:
        for number, choice in enumerate(choices, start=1):
            choice.shortcut_key = str(number)
    how = "(number or arrows, then Enter)" if numbered else "(arrows, then Enter)"
    menu = questionary.select(question, choices, default=picked, use_shortcuts=numbered, instruction=how)
    return cast(str, answer(menu))


def ask_port(conflict_text: str, suggestion: int) -> int:
    """Say which port is taken and by whom, and ask for another one; the next free one is filled in."""
    say(conflict_text)
    if is_plain():
        return ask(f"Port to use instead [{suggestion}]:", lambda line: _port(line or str(suggestion)), ways=False)
    import questionary

    text = answer(questionary.text("Port to use instead:", default=str(suggestion), validate=_port_problem))
    return int(text)


def _port(text: str) -> int:
    if text.strip().isdecimal() and text.isascii() and 1 <= int(text) <= 65535:
        return int(text)
    raise ValueError("A port is a whole number from 1 to 65535.")


def _port_problem(text: str) -> bool | str:
    try:
        _port(text)
    except ValueError as error:
        return str(error)
    return True


def typed_confirmation(word: str) -> bool:
    """Ask to type a word before something that can't be undone; anything else is a no."""
    return read_line(f"Type {word} to go on, or press Enter to leave it:") == word


def interrupt_choice(attach: str) -> Interrupt:
    """Ask what ^C should do to a run under way; a second ^C detaches, which changes nothing for the run.

    `attach` is the command that shows the run again.
    """
    options = [
        ("stay", "Keep watching"),
        ("detach", f"Leave it running (`{attach}` shows it again)"),
        ("cancel", "Cancel it: what is under way ends first, what is done stays"),
    ]
    say("The run goes on in the background.")
    try:
        return cast(Interrupt, choose("What now?", options))
    except CancelledError:
        return "detach"
