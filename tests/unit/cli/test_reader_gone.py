"""A reader that goes away (`| head`) ends the program quietly; a broken connection elsewhere is never its end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.program import Program

from mlops_install.cli.main import run


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    child = Program(tmp_path).start("schema", stdout=writer)
    os.close(writer)
    assert child.communicate(timeout=60)[1] == ""
    assert child.returncode == 1


def test_a_broken_pipe_stays_an_error_that_can_be_met(tmp_path: Path) -> None:
    assert run(["--help"]) == 0
    assert signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN, "a server that hangs up would end the program"
