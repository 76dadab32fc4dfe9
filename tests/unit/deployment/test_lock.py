from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.lock import Holder, hold, holder, is_held
from mlops_install.errors import ExitCode, LockedError

_HOLD = """
import sys
from pathlib import Path
from mlops_install.deployment.lock import hold
with hold(Path(sys.argv[1]), owner="run 0003 is applying"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _other_process(deployment: Deployment) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-c", _HOLD, str(deployment.lock)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(argv, stdin=-1, stdout=-1, text=True, env=environment) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


def test_another_process_is_named_with_what_to_do(deployment: Deployment) -> None:
    with _other_process(deployment) as child:
        assert is_held(deployment.lock)
        assert holder(deployment.lock) == Holder(child.pid, "run 0003 is applying")
        with pytest.raises(LockedError) as caught, hold(deployment.lock, owner="x"):
            pass
    assert str(caught.value) == f"The deployment demo is locked: run 0003 is applying, pid {child.pid}."
    assert "mlops-install attach demo" in caught.value.hint
    assert "mlops-install cancel demo" in caught.value.hint
    assert caught.value.exit_code == ExitCode.LOCKED


def test_a_killed_holder_frees_it(deployment: Deployment) -> None:
    with _other_process(deployment) as child:
        child.kill()
        child.wait()
        assert not is_held(deployment.lock)
        with hold(deployment.lock, owner="next"):
            assert holder(deployment.lock) == Holder(os.getpid(), "next")


def test_it_ends_with_the_block(deployment: Deployment) -> None:
    assert not is_held(deployment.lock)
    with pytest.raises(RuntimeError), hold(deployment.lock, owner="a"):
        raise RuntimeError
    assert not is_held(deployment.lock)
    assert deployment.lock.stat().st_mode & 0o777 == 0o600
    with hold(deployment.lock, owner="b"), pytest.raises(LockedError), hold(deployment.lock, owner="c"):
        pass


def test_a_long_owner_leaves_no_rest_behind(deployment: Deployment) -> None:
    with hold(deployment.lock, owner="a" * 200):
        pass
    with hold(deployment.lock, owner="b"):
        assert holder(deployment.lock) == Holder(os.getpid(), "b")


def test_what_started_inside_does_not_keep_it(deployment: Deployment) -> None:
    with hold(deployment.lock, owner="a"):
        child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    assert not is_held(deployment.lock)
    child.communicate(b"\n")


_TAKE_OVER = """
import os, sys
from pathlib import Path
from mlops_install.deployment.lock import take_over
with take_over(Path(sys.argv[1]), int(sys.argv[2]), owner="run 0003 is applying"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_it_is_handed_over_without_a_gap(deployment: Deployment) -> None:
    """The starter has gone before the child says that it took over: nobody else gets the lock at any moment."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with hold(deployment.lock, owner="a plan is being prepared") as lock:
        lock.handed_over = True
        argv = [sys.executable, "-c", _TAKE_OVER, str(deployment.lock), str(lock.descriptor)]
        child = subprocess.Popen(argv, stdin=-1, stdout=-1, text=True, env=environment, pass_fds=(lock.descriptor,))
    assert is_held(deployment.lock)
    with pytest.raises(LockedError), hold(deployment.lock, owner="another"):
        pass
    with child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        assert holder(deployment.lock) == Holder(child.pid, "run 0003 is applying")
        child.communicate("")
    assert not is_held(deployment.lock)
