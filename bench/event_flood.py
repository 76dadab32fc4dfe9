"""How soon a key is answered while a run floods the screen: `python -m bench.event_flood`.

The installed program watches a run whose files grow by 100 000 log lines and 10 000 resources in Terraform's own
format. Each key is a letter of its own in the search field over the log, so that its echo can be told from all else;
every one of them makes the log be filtered anew. The same keys in an empty Textual app with one field, before and
after, say what of it is the machine's own: it may have other things to do.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.program import Program

from bench.screen import Screen
from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import create_run, update_record

LINES = 100_000
RESOURCES = 10_000
SECONDS = 20.0
"""How long the flood lasts."""
MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon")
LETTERS = [
    chr(code) for first, end in ((0x0100, 0x0250), (0x0391, 0x03A2), (0x0400, 0x0482)) for code in range(first, end)
]
"""Each is one column wide and painted once: its echo can be told from all else."""
KEYS = 100
"""How many are typed while nothing goes on; in the flood, as many as it lasts for."""
FIELD = """\
from textual.app import App
from textual.widgets import Input


class Field(App):
    def compose(self):
        yield Input(placeholder="Text to look for")


Field().run()
"""
HEADER = '{{"@level":"info","@message":{message},"@module":"terraform.ui","@timestamp":"{time}",'


@dataclass(frozen=True)
class Answer:
    """The time until a key's echo was painted."""

    seconds: float
    waited: float
    """Of these, how long the program was ready and had no core: what else the machine did."""


def main() -> int:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="mlops-bench-"))
    try:
        _measure(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0


def _measure(root: Path) -> None:
    program = Program(root)
    (root / "home").mkdir()
    run = _run_in_flight(Deployment(program.folder("flood")))
    script = root / "field.py"
    script.write_text(FIELD)
    figures = {"an empty app's field, before": _control(script, program)}
    installed = [str(Path(sys.executable).parent / "mlops-install")]
    with Screen(installed, env=program.environment, cwd=root, size=(120, 40)) as screen:
        screen.wait_for("Watch a run that goes on")
        screen.press("\r")
        screen.wait_for("Terraform")
        figures["the log's search, nothing going on"] = _answers(screen, LETTERS[:KEYS])
        screen.press("\x1b")
        screen.drain(1.0)
        flood = threading.Thread(target=_flood, args=(run,), daemon=True)
        flood.start()
        figures["the log's search, in the flood"] = _answers(screen, LETTERS[KEYS:], while_alive=flood)
        flood.join()
        screen.drain(2.0)
        memory = screen.peak_memory()
    figures["an empty app's field, after"] = _control(script, program)
    for name, seconds in figures.items():
        _report(name, seconds)
    sys.stdout.write(f"peak memory {memory:.0f} MiB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")


def _run_in_flight(deployment: Deployment) -> RunFolder:
    make_private(deployment.folder)
    write_marker(deployment, Marker("local"))
    run, _ = create_run(deployment, kind="apply", state="applying", binary=("terraform",), binary_version="1.11.4")
    update_record(run, runner=mark(os.getpid()))
    run.events.touch()
    return run


def _control(script: Path, program: Program) -> list[Answer]:
    argv = [sys.executable, str(script)]
    with Screen(argv, env=program.environment, cwd=script.parent, size=(120, 40)) as screen:
        screen.wait_for("ext to look for")
        screen.drain(0.3)
        return _typed(screen, LETTERS[:KEYS])


def _answers(screen: Screen, letters: list[str], *, while_alive: threading.Thread | None = None) -> list[Answer]:
    """Return the seconds until each key's echo was painted."""
    screen.press("/")
    screen.wait_for("ext to look for")
    screen.drain(0.3)
    return _typed(screen, letters, while_alive=while_alive)


def _typed(screen: Screen, letters: list[str], *, while_alive: threading.Thread | None = None) -> list[Answer]:
    found: list[Answer] = []
    for letter in letters:
        if while_alive is not None and not while_alive.is_alive():
            break
        before = screen.waited()
        took = screen.wait_for(letter, since=screen.press(letter))
        found.append(Answer(took, screen.waited() - before))
        screen.drain(0.03)
    return found


def _flood(run: RunFolder) -> None:
    """Write resources and log lines evenly over the time, as Terraform does: appended, a line at once."""
    every = LINES // RESOURCES
    batch = RESOURCES // 200
    begun = time.monotonic()
    with run.events.open("a") as file:
        for number in range(RESOURCES):
            module = MODULES[number % len(MODULES)]
            address = f"module.{module}_release.terraform_data.part[{number}]"
            file.write(_line(f"{address}: Plan to create", "planned_change", address, "change"))
            file.write(_line(f"{address}: Creating...", "apply_start", address, "hook"))
            for line in range(every):
                file.write(json.dumps({"@level": "info", "@message": f"part {number} says line {line}"}) + "\n")
            file.write(_line(f"{address}: Creation complete", "apply_complete", address, "hook"))
            if number % batch == 0:
                file.flush()
                time.sleep(max(0.0, begun + SECONDS * number / RESOURCES - time.monotonic()))


def _line(message: str, kind: str, address: str, key: str) -> str:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
    head = HEADER.format(message=json.dumps(message), time=stamp)
    inner = {"resource": {"addr": address, "module": address.split(".terraform", 1)[0]}, "action": "create"}
    return f'{head}"{key}":{json.dumps(inner)},"type":"{kind}"}}\n'


def _report(name: str, answers: list[Answer]) -> None:
    for what, seconds in (
        (name, [answer.seconds for answer in answers]),
        ("  without waiting for a core", [max(0.0, answer.seconds - answer.waited) for answer in answers]),
    ):
        ordered = sorted(value * 1000 for value in seconds)
        p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        sys.stdout.write(
            f"{what:36} min {ordered[0]:.1f}  median {statistics.median(ordered):.1f}  p99 {p99:.1f}  "
            f"max {ordered[-1]:.1f} ms  n={len(ordered)}\n"
        )


if __name__ == "__main__":
    sys.exit(main())
