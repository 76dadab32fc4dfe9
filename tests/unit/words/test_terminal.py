"""What others wrote can't control a terminal, and stays to be read."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mlops_install.console.output import emit, make_console
from mlops_install.prompts.session import questions_on, say
from mlops_install.words.foreign import ForeignText
from mlops_install.words.secrets import MARK
from mlops_install.words.terminal import plain, plain_lines, visible

NASTY = {
    "colours": "\x1b[31;1mred\x1b[0m",
    "cursor": "\x1b[2J\x1b[1;1Hred",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07red",
    "title": "\x1b]0;title\x1b\\red",
    "link": "\x1b]8;;http://evil\x1b\\red\x1b]8;;\x1b\\",
    "device control": "\x1bP+q544e\x1b\\red",
    "reset": "\x1bcred",
    "charset": "\x1b(0red",
    "eight bits": "\x9b31mred\x9d0;title\x9c",
    "written over": "evil\rred",
    "backspaces": "r\x08ed\x7f",
    "turned around": "\u202ered\u202c\u2066\u2069\u200f",
    "unseen": "r\u200be\u2060d\ufeff",
    "tags": "red\U000e0072\U000e0065",
    "bytes": "red\udcff",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_only_what_is_to_be_read_is_left(text: str) -> None:
    assert visible(text).replace("\ufffd", "").removeprefix("evil") == "red"


def test_lines_tabs_and_joiners_stay() -> None:
    text = "a\tb\r\nc\nنمی‌خواهم 👩‍🔬 é"
    assert visible(text) == text


def test_a_sequence_without_an_end_hides_nothing() -> None:
    assert visible("\x1b]0;the rest of the log") == "0;the rest of the log"
    assert visible("end \x1b[31") == "end 31"


@given(st.text())
def test_nothing_left_controls_a_terminal(text: str) -> None:
    said = visible(text)
    for character in said.replace("\r\n", "\n"):
        assert character in "\t\n" or unicodedata.category(character) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )
    assert visible(said) == said
    said.encode()


@given(st.text())
def test_a_plain_text_is_one_line(text: str) -> None:
    assert not set(plain(text)) & set("\t\n\r\v\f")
    assert plain_lines(plain(text)) in ([], [plain(text)]) or set(text) & set("\x1c\x1d\x1e\x85\u2028\u2029")


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_what_can_be_read_is_left_alone(text: str) -> None:
    assert visible(text) == text


def test_a_sequence_inside_a_secret_does_not_hide_it() -> None:
    assert ForeignText(["hunter22"])("a hun\x1b[0mter\u200b22") == f"a {MARK}"


def _printed(*, terminal: bool) -> str:
    stream = io.StringIO()
    if terminal:
        stream.isatty = lambda: True  # type: ignore[method-assign]
    console = make_console(stream, {"TERM": "xterm-256color", "COLUMNS": "60"})
    table = Table("name", title="[/old]\x1b[5m")
    for name, text in NASTY.items():
        table.add_row(f"{name}: {text}")
    console.print(Panel(Group(table, Text("[bold]\x1b]52;c;ZXZpbA==\x07said", "green"))), "\x9b2Jtext\nline")
    return stream.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_the_console_writes_no_sequence_but_its_own_colours(terminal: bool) -> None:
    said = _printed(terminal=terminal)
    assert ("\x1b[32m" in said) is terminal
    rest = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", rest)
    assert "[/old]" in rest
    assert "[bold]" in rest


def test_a_secret_that_was_asked_for_goes_into_a_pipe_as_it_is() -> None:
    stream = io.StringIO()
    secret = "a\tb\x1b[0m  "
    emit({}, "table", lambda: secret, stream=stream, console=lambda: make_console(stream, {}))
    assert stream.getvalue() == f"{secret}\n"


def test_questions_write_no_sequence_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for term in ("dumb", "xterm-256color"):
        monkeypatch.setenv("TERM", term)
        stream = io.StringIO()
        with questions_on(stream):
            for text in NASTY.values():
                say(text)
        rest = re.sub(r"\x1b\[[0-9;?]*[mhl]", "", stream.getvalue())
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", rest)
        assert rest.count("red") == len(NASTY)
