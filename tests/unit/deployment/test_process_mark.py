from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from mlops_install.deployment.process_mark import alive, mark


def test_this_process_is_alive() -> None:
    mine = mark(os.getpid())
    assert alive(mine)
    assert not alive(replace(mine, started=mine.started - 1)), "a later process with the same pid"
    assert not alive(replace(mine, boot_id="another boot"))
    assert not alive(None)


def test_an_ended_process_is_not_alive_even_as_a_zombie() -> None:
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    marked = mark(child.pid)
    assert alive(marked)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not alive(marked)
    with pytest.raises(ProcessLookupError):
        mark(child.pid)
    child.communicate()
    assert not alive(marked)


def test_a_command_name_with_parentheses() -> None:
    code = "import ctypes; ctypes.CDLL(None).prctl(15, b'a) Z (b', 0, 0, 0); print(flush=True); input()"
    child = subprocess.Popen([sys.executable, "-S", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    child.stdout.readline()
    assert alive(mark(child.pid))
    child.kill()
    child.communicate()
