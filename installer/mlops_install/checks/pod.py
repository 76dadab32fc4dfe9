"""What runs first in a container: makes the check's modules in memory, and sees to it that the check ends.

Sent as text and executed there, so: the standard library only. Input: a line with the length of this text, the text,
a line with the length of a JSON object, the object, then lines for the check. Its end ends the check too: that is how
a caller that is gone looks from here.
"""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import types
from typing import Any, BinaryIO


class Input(io.TextIOBase):
    """A check's input: its payload first, then the caller's lines."""

    def __init__(self, payload: str) -> None:
        self.lines: queue.Queue[str] = queue.Queue()
        self._payload = payload

    def read(self, size: int | None = -1, /) -> str:
        """Return the payload."""
        return self._payload

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # of text, as TextIOBase is documented
        """Return the caller's next line, as soon as there is one."""
        return self.lines.get()


def load(sources: dict[str, str]) -> None:
    """Make the modules (dotted name → text), packages before what is in them."""
    for name, text in sources.items():
        module = types.ModuleType(name)
        module.__dict__["__path__"] = []
        sys.modules[name] = module
        exec(compile(text, f"<{name}>", "exec"), module.__dict__)  # noqa: S102 - the installer's own text


def watch(stream: BinaryIO, target: Input, grace: float) -> None:
    """Pass the caller's lines on; when they end, the check gets `grace` seconds to clean up."""
    while line := stream.readline():
        target.lines.put(line.decode())
    end(grace)


def end(grace: float) -> None:
    """End this process as a time limit does: SIGTERM, and SIGKILL after `grace` seconds."""
    last = threading.Timer(grace, os.kill, (os.getpid(), signal.SIGKILL))
    last.daemon = True
    last.start()
    os.kill(os.getpid(), signal.SIGTERM)


def start(stream: BinaryIO) -> None:
    """Read what is to be run from the stream, and run it as `__main__`."""
    told: dict[str, Any] = json.loads(stream.read(int(stream.readline())))
    home = tempfile.mkdtemp(prefix="mlops-verify-")
    os.environ.update({"HOME": home, "TMPDIR": home, "PREFECT_HOME": f"{home}/.prefect"})
    os.environ.update(told["environment"])
    os.chdir(home)
    tempfile.tempdir = None
    sys.dont_write_bytecode = True
    load(told["sources"])
    target = Input(json.dumps(told["payload"]))
    sys.stdin = target
    sys.modules[told["steps"]].__dict__["SCRATCH"].append(home)
    limit = threading.Timer(told["limit"], end, (told["grace"],))
    limit.daemon = True
    limit.start()
    threading.Thread(target=watch, args=(stream, target, told["grace"]), daemon=True).start()
    # A module of its own, so that the check's names don't take the place of those above.
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    exec(compile(told["script"], "<check>", "exec"), main.__dict__)  # noqa: S102 - the installer's own text


if __name__ == "__main__":
    start(sys.stdin.buffer)
