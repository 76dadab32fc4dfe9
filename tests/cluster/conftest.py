"""Clusters for the tests: `on_cluster` for what is about objects, `on_real_node` for what needs running pods.

The first is the cluster that MLOPS_TEST_KUBECONFIG names, else one made by kind; the second the one that
MLOPS_TEST_KUBECONFIG_PODS names, else the first where its nodes are real. Where there is none, the tests are skipped,
with why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.cluster.sites import site  # noqa: F401  # a fixture for the folder's tests
from tests.program import Program, user_cache

if TYPE_CHECKING:
    from mlops_install.live.api import Cluster

VERSIONS = Path(__file__).parents[2] / "terraform" / "stacks" / "kubernetes" / "versions.tf"


@dataclass(frozen=True)
class TestCluster:
    """A cluster, and the program that installs into it."""

    __test__ = False
    program: Program
    kubeconfig: Path
    charts: Path
    simulated: bool
    """Whether its nodes only say that pods run: no service answers there."""

    def quick(self, preset: str, name: str, *more: str, code: int = 0) -> list[dict[str, Any]]:
        """Run `quick` without asking; returns its events."""
        sets = [f"--set=charts_directory={self.charts}"]
        if self.simulated:
            # Its operator's webhook has no process behind it.
            sets.append("--set=seldon_sample_model=false")
        flags = ("--yes", "--non-interactive", "--no-verify", "--kubeconfig", str(self.kubeconfig))
        return self.program.lines("quick", preset, "--name", name, *flags, *sets, *more, code=code)

    def client(self) -> Cluster:
        """Return a client of its API."""
        from mlops_install.live.access import choose
        from mlops_install.live.api import Cluster
        from mlops_install.paths import Environment

        home = self.program.root
        environment = Environment(dict(os.environ), home, home, home, home, home, home, os.getuid())
        return Cluster(choose(str(self.kubeconfig), "", environment), os.environ)

    def get(self, path: str) -> dict[str, Any]:
        """Return an object or a list of the API."""
        return self.client().get(path)

    def names(self, path: str) -> set[str]:
        """Return the names of a list of the API."""
        return {item["metadata"]["name"] for item in self.get(path)["items"]}


def _kubeconfig(folder: Path) -> tuple[Path, bool]:
    """Return a kubeconfig and whether the cluster was made here; skips the test where there is none."""
    named = os.environ.get("MLOPS_TEST_KUBECONFIG")
    if named:
        return Path(named), False
    if not (shutil.which("kind") and shutil.which("docker")):
        pytest.skip("no cluster: MLOPS_TEST_KUBECONFIG is not set, and kind or docker is not there")
    path = folder / "kubeconfig"
    create = ["kind", "create", "cluster", "--name", "mlops-install-tests", "--kubeconfig", str(path), "--wait", "120s"]
    subprocess.run(create, check=True)
    return path, True


def _charts() -> Path:
    named = os.environ.get("MLOPS_TEST_CHARTS")
    folder = Path(named) if named else user_cache() / "mlops-install" / "test-charts"
    if not any(folder.glob("*.tgz")):
        pytest.skip(f"no chart packages in {folder} (MLOPS_TEST_CHARTS names another folder)")
    return folder


def _require_providers(program: Program) -> None:
    """Skip the test where an ordinary `terraform init` doesn't get the stack's providers."""
    terraform = shutil.which("terraform") or shutil.which("tofu")
    if terraform is None:
        pytest.skip("neither terraform nor tofu is on PATH")
    program.link_providers()
    folder = program.root / "providers"
    folder.mkdir()
    shutil.copy(VERSIONS, folder)
    init = [terraform, f"-chdir={folder}", "init", "-input=false", "-no-color"]
    done = subprocess.run(init, env=program.environment, capture_output=True, text=True, check=False)
    shutil.rmtree(folder)
    if done.returncode:
        pytest.skip(f"the providers can't be had: {done.stderr.strip().splitlines()[0]}")


def _simulated(cluster: TestCluster) -> bool:
    """Return whether the cluster's nodes only say that pods run."""
    nodes = cluster.get("/api/v1/nodes")["items"]
    return all("kwok" in node["status"]["nodeInfo"]["kubeletVersion"] for node in nodes)


@contextmanager
def _program() -> Iterator[tuple[Program, Path]]:
    """Give the program in a folder of its own, and the charts; skips the test where it can't install into a cluster."""
    charts = _charts()
    root = Path(tempfile.mkdtemp(prefix="mlops-"))
    try:
        program = Program(root)
        _require_providers(program)
        yield program, charts
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def on_cluster() -> Iterator[TestCluster]:
    """A cluster that nothing of ours is in, and the program in a folder of its own."""
    with _program() as (program, charts):
        kubeconfig, made = _kubeconfig(program.root)
        cluster = TestCluster(program, kubeconfig, charts, False)
        yield replace(cluster, simulated=_simulated(cluster))
        if made:
            subprocess.run(["kind", "delete", "cluster", "--name", "mlops-install-tests"], check=False)


@pytest.fixture(scope="session")
def on_real_node(request: pytest.FixtureRequest) -> Iterator[TestCluster]:
    """A cluster whose pods have processes in them, nothing of ours in it, and the program in a folder of its own."""
    named = os.environ.get("MLOPS_TEST_KUBECONFIG_PODS")
    if not named:
        cluster: TestCluster = request.getfixturevalue("on_cluster")
        if cluster.simulated:
            why = os.environ.get("MLOPS_TEST_NO_PODS") or "MLOPS_TEST_KUBECONFIG_PODS is not set"
            pytest.skip(f"no real node: {why}, and the nodes of MLOPS_TEST_KUBECONFIG are simulated")
        yield cluster
        return
    with _program() as (program, charts):
        cluster = TestCluster(program, Path(named), charts, False)
        if _simulated(cluster):
            pytest.skip("no real node: the nodes of MLOPS_TEST_KUBECONFIG_PODS are simulated")
        yield cluster


@pytest.fixture(scope="session")
def cluster(on_cluster: TestCluster) -> Path:
    """The kubeconfig of the cluster; its current context is the one."""
    return on_cluster.kubeconfig
