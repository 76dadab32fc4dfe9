"""What happens to a run when its front end is killed, hung up or interrupted in the middle of an apply."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import Any

import pytest
from tests.local.conftest import Laptop


def dask_workers(laptop: Laptop) -> int:
    """Return the number of Dask workers that the approved answers ask for."""
    values = json.loads((laptop.folder / "terraform.tfvars.json").read_text())
    return int(values["dask_workers"])


def start_changing(laptop: Laptop, workers: int) -> subprocess.Popen[str]:
    """Start to re-create Dask and return the front end once Terraform works on it."""
    change = ["--set", f"dask_workers={workers}", "--yes", "--non-interactive", "--no-verify", "-o", "json"]
    front_end = laptop.program.start("quick", "laptop", *change)
    assert front_end.stdout is not None
    for line in front_end.stdout:
        if json.loads(line)["type"] == "apply_start":
            return front_end
    raise AssertionError("the apply never started")


def attached(laptop: Laptop, code: int = 0) -> dict[str, Any]:
    """Attach to the run, follow it to its end and return its result."""
    data: dict[str, Any] = laptop.program.lines("attach", "laptop", code=code)[-1]["data"]
    return data


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM], ids=lambda how: how.name)
def test_a_lost_front_end_changes_nothing_for_the_run(laptop: Laptop, how: signal.Signals) -> None:
    workers = 3 - dask_workers(laptop) % 2
    front_end = start_changing(laptop, workers)
    front_end.send_signal(how)
    front_end.communicate(timeout=60)
    result = attached(laptop)
    assert result["run"]["state"] == "done"
    assert result["exit_code"] == 0
    document = laptop.program.document("status", "laptop")
    assert document["healthy"] is True
    assert dask_workers(laptop) == workers


def test_an_interrupt_without_a_terminal_cancels_once_and_apply_carries_on(laptop: Laptop) -> None:
    workers = 3 - dask_workers(laptop) % 2
    front_end = start_changing(laptop, workers)
    front_end.send_signal(signal.SIGINT)
    out, _ = front_end.communicate(timeout=300)
    assert front_end.returncode == 130
    result = json.loads(out.splitlines()[-1])["data"]
    assert result["run"]["state"] == "cancelled"
    laptop.program.lines("apply", "laptop", "--yes", "--non-interactive")
    assert laptop.program.document("status", "laptop")["healthy"] is True
