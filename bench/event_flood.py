"""How soon a key is answered while a run floods the screen: `python -m bench.event_flood`.

The installed program watches a run whose files grow by 100 000 log lines and 10 000 resources in Terraform's own
format. Each key is a letter of its own in the search field over the log, so that its echo can be told from all else;
every one of them makes the log be filtered anew.
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
from pathlib import Path

from tests.program import Program

from bench.screen import Screen
from mlops_install.deployment.files import make_private
from mlops_install.deployment.history import create_run, update_record
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.process_mark import mark

LINES = 100_000
RESOURCES = 10_000
SECONDS = 20.0
"""How long the flood lasts."""
MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon")
LETTERS = [chr(code) for code in range(0x0100, 0x0180)] + [
    chr(code) for code in range(0x0391, 0x03C9) if code != 0x03A2
]
HEADER = '{{"@level":"info","@message":{message},"@module":"terraform.ui","@timestamp":"{time}",'


def main() -> int:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="mlops-bench-"))
    program = Program(root)
    (root / "home").mkdir()
    deployment = Deployment(program.folder("flood"))
    make_private(deployment.folder)
    write_marker(deployment, Marker("local"))
    run, _ = create_run(deployment, kind="apply", state="applying", binary=("terraform",), binary_version="1.11.4")
    update_record(run, runner=mark(os.getpid()))
    run.events.touch()
    screen = Screen(
        [str(Path(sys.executable).parent / "mlops-install")], env=program.environment, cwd=root, size=(120, 40)
    )
    screen.wait_for("Watch a run that goes on")
    screen.press("\r")
    screen.wait_for("Terraform")
    idle = _answers(screen, LETTERS[: len(LETTERS) // 3])
    screen.press("\x1b")
    screen.drain(1.0)
    flood = threading.Thread(target=_flood, args=(run,), daemon=True)
    flood.start()
    flooded = _answers(screen, LETTERS[len(LETTERS) // 3 :])
    flood.join()
    screen.drain(2.0)
    _report("keys, nothing going on", idle)
    _report("keys, in the flood", flooded)
    sys.stdout.write(f"peak memory {screen.peak_memory():.0f} MiB\n")
    screen.close()
    shutil.rmtree(root, ignore_errors=True)
    return 0


def _answers(screen: Screen, letters: list[str]) -> list[float]:
    """Return the seconds until each key's echo was painted."""
    screen.press("/")
    screen.wait_for("ext to look for")
    screen.drain(0.3)
    found = []
    for letter in letters:
        found.append(screen.wait_for(letter, since=screen.press(letter)))
        screen.drain(0.08)
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


def _report(name: str, seconds: list[float]) -> None:
    ordered = sorted(value * 1000 for value in seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    sys.stdout.write(
        f"{name:28} min {ordered[0]:.1f}  median {statistics.median(ordered):.1f}  p99 {p99:.1f}  "
        f"max {ordered[-1]:.1f} ms  n={len(ordered)}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
