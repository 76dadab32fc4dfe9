"""A reader that goes away (`| head`) ends the program quietly; a broken connection elsewhere is never its end."""

from __future__ import annotations

import signal
from pathlib import Path

from mlops_install.cli.main import run
from tests.program import Program


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    child = Program(tmp_path).start("schema")
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdout.readline() == "{\n"
    child.stdout.close()
    assert child.wait(60) == 1
    assert child.stderr.read() == ""


def test_a_broken_pipe_stays_an_error_that_can_be_met(tmp_path: Path) -> None:
    assert run(["--help"]) == 0
    assert signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN, "a server that hangs up would end the program"
