"""Deployments of one small module, each in a namespace of its own, on the cluster of the tests."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.cluster.objects import patch
from tests.program import Program

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError

if TYPE_CHECKING:
    from tests.cluster.conftest import TestCluster

PRESET = """\
format: 1
title: One small module
description: Valkey alone.
target: kubernetes
modules: [valkey]
secrets: {valkey_password: generated}
"""


@dataclass(frozen=True)
class Site:
    """One deployment to come, in a namespace of its own: of Valkey, unless another preset is given."""

    program: Program
    kubeconfig: Path
    api: Cluster
    name: str
    charts: Path
    preset: str = PRESET
    namespaced: str = "valkey"
    """The preset's module, whose namespace is the deployment's."""

    def quick(self, *arguments: str, kubeconfig: Path | None = None, code: int | None = 0) -> str:
        """Run `quick` without anybody to ask; returns what it narrates."""
        done = self.program.run(*self._quick(*arguments, kubeconfig=kubeconfig), code=code)
        return " ".join(done.stderr.split())

    def start(self) -> subprocess.Popen[str]:
        """Start `quick --yes` and return the child."""
        return self.program.start(*self._quick("--yes"))

    def destroy(self, *arguments: str, code: int | None = 0) -> str:
        """Run `destroy --yes`; returns what it narrates, with `-o json` its events."""
        done = self.program.run("destroy", self.name, "--yes", "--non-interactive", *arguments, code=code)
        return done.stdout or " ".join(done.stderr.split())

    def there(self, path: str) -> dict[str, Any] | None:
        """Return an object of the API; None when there is none."""
        try:
            return self.api.get(path)
        except ClusterError as error:
            if error.status != 404:
                raise
            return None

    def wait_for(self, child: subprocess.Popen[str], path: str, status: str = "") -> None:
        """Wait until an object is there, a Helm release's Secret with this status; the child is to live that long."""
        kind, _, name = path.rpartition("/")
        for event in self.api.watch(kind, {"fieldSelector": f"metadata.name={name}"}, silence=120):
            labels = event["object"]["metadata"].get("labels") or {}
            if not status or labels.get("status") == status:
                break
        assert child.poll() is None

    def _quick(self, *arguments: str, kubeconfig: Path | None = None) -> list[str]:
        preset = self.program.root / "one.yaml"
        preset.write_text(self.preset, encoding="utf-8")
        return [
            "quick", str(preset), "--name", self.name, "--non-interactive", "--no-verify",
            "--kubeconfig", str(kubeconfig or self.kubeconfig), "--set", f"{self.namespaced}_namespace={self.name}",
            "--set", f"charts_directory={self.charts}", *arguments,
        ]  # fmt: skip

    def marker(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / ".mlops-install.json").read_bytes())
        return document

    @property
    def folder(self) -> Path:
        return self.program.folder(self.name)


@contextmanager
def new_site(
    on_cluster: TestCluster, root: Path, *, preset: str = PRESET, namespaced: str = "valkey"
) -> Iterator[Site]:
    """Give a deployment to come, its program in the folder `root`; its namespace goes at the end."""
    api, name = on_cluster.client(), f"preflight-{secrets.token_hex(3)}"
    made = Site(Program(root), on_cluster.kubeconfig, api, name, on_cluster.charts, preset, namespaced)
    yield made
    remove_namespace(api, made.name)


@pytest.fixture
def site(on_cluster: TestCluster, tmp_path: Path) -> Iterator[Site]:
    with new_site(on_cluster, tmp_path) as made:
        yield made


def remove_namespace(api: Cluster, name: str) -> None:
    """Ask for its removal; it goes on its own."""
    if any(namespace["metadata"]["name"] == name for namespace in api.items("/api/v1/namespaces")):
        api.delete(f"/api/v1/namespaces/{name}")


def make_namespace(api: Cluster, name: str) -> None:
    api.post("/api/v1/namespaces", {"metadata": {"name": name}})


def rewritten(site: Site, change: dict[str, Any]) -> Path:
    """Return a copy of the kubeconfig with some of its parts replaced."""
    document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
    path = site.program.root / "other-kubeconfig"
    path.write_text(yaml.safe_dump(document | change), encoding="utf-8")
    return path


def hold(site: Site, path: str, finalizers: list[str]) -> None:
    """Have the cluster wait with the removal of an object, or no longer."""
    patch(site.api, path, {"metadata": {"finalizers": finalizers}})


def kill(site: Site, child: subprocess.Popen[str]) -> None:
    """End the program, its runner, Terraform and the providers as a power failure would."""
    run = max((site.folder / "runs").iterdir())
    doomed = {child.pid, json.loads((run / "run.json").read_bytes())["runner"]["pid"]}
    while more := {pid for pid, parent in _parents().items() if parent in doomed} - doomed:
        doomed |= more
    for pid in doomed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    child.communicate()


def _parents() -> dict[int, int]:
    found: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    return found
