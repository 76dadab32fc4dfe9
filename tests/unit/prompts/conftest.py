"""A terminal to type into: prompt_toolkit's own pipe input (prompt_toolkit 3.0 docs, unit testing)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

ENTER, DOWN, CTRL_C, CTRL_D, CTRL_U = "\r", "\x1b[B", "\x03", "\x04", "\x15"


@dataclass
class Keyboard:
    """Keys typed ahead, and what was drawn."""

    pipe: PipeInput
    screen: io.StringIO

    def type(self, *keys: str) -> None:
        """Type keys ahead of the questions."""
        for key in keys:
            self.pipe.send_text(key)


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    """Answer the questions of a test."""
    screen = io.StringIO()
    output = Vt100_Output(screen, lambda: Size(rows=40, columns=100), term="xterm", enable_cpr=False)
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=output):
        yield Keyboard(pipe, screen)
