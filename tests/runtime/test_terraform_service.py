"""terraform/modules/service driven by the real Terraform, with fake tools."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.engine.support import find_terraform
from tests.runtime.conftest import eventually, fake_service, listening, processes_of

from mlops_install.deployment.layout import Deployment
from mlops_install.targets.local.status import inspect
from mlops_install.targets.local.supervision.supervisor import Supervisor

MODULE = Path(__file__).parents[2] / "terraform/modules/service"
ROOT = """
variable "ports" { type = map(number) }

module "service" {
  for_each = var.ports
  source   = "./modules/service"
  tool     = each.key
  settings = { port = each.value }
  digest   = "1"
}
"""


def _terraform(folder: Path, *arguments: str) -> list[dict[str, object]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    environment = {**kept, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    command = [*find_terraform(folder.parent).argv, *arguments]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def _apply(folder: Path, ports: dict[str, int], *options: str) -> list[dict[str, object]]:
    (folder / "terraform.tfvars.json").write_text(json.dumps({"ports": ports}))
    return _terraform(folder, "apply", "-json", "-auto-approve", "-input=false", *options)


@pytest.fixture
def root(deployment: Deployment) -> Deployment:
    folder = deployment.folder
    shutil.copytree(MODULE, folder / "modules/service", ignore=shutil.ignore_patterns("tests"))
    (folder / "main.tf").write_text(ROOT)
    (folder / "bin").mkdir()
    shim = folder / "bin/service"
    shim.write_text(f'#!/bin/sh\nexec {shlex.join(fake_service(deployment))} "$@"\n')
    shim.chmod(0o700)
    _terraform(folder, "init", "-no-color")
    return deployment


def test_apply_change_and_destroy(root: Deployment, free_ports: list[int]) -> None:
    alpha, beta, other = free_ports[:3]
    events = _apply(root.folder, {"alpha": alpha, "beta": beta})
    assert [status.state for status in inspect(root)] == ["healthy", "healthy"]
    # Terraform passes each line on as the service command prints it.
    assert any(event["type"] == "provision_progress" and "phase: waiting for" in str(event) for event in events)
    before = Supervisor(root).states()
    assert not any(event["type"] == "apply_start" for event in _apply(root.folder, {"alpha": alpha, "beta": beta}))
    _apply(root.folder, {"alpha": other, "beta": beta})
    after = Supervisor(root).states()
    assert after["beta"].pid == before["beta"].pid
    assert listening(other)
    assert not listening(alpha)
    _terraform(root.folder, "apply", "-destroy", "-json", "-auto-approve", "-input=false")
    assert eventually(lambda: processes_of(root.services) == [])
    assert (root.services / "alpha/data").is_dir()
