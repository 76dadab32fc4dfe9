"""Clusters for the tests: `on_cluster` for what is about objects, `on_real_node` for what needs running pods.

The first is the cluster that MLOPS_TEST_KUBECONFIG names, else one made by kind; the second the one that
MLOPS_TEST_KUBECONFIG_PODS names, else the first where its nodes are real. Where there is none, the tests are skipped,
with why. Charts are the packages in the folder that MLOPS_TEST_CHARTS names, else stand-ins made here, which have no
programs for a real node. Each test's name says which it ran on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.cluster.objects import objects
from tests.cluster.sites import site  # noqa: F401  # a fixture for the folder's tests
from tests.cluster.stand_in_charts import build_charts
from tests.engine.support import find_terraform
from tests.program import Program, user_cache

if TYPE_CHECKING:
    from mlops_install.catalogue.model import Catalogue
    from mlops_install.targets.kubernetes.api import Cluster

SMALL = "small"
"""The deployment of `small-cluster` that files share."""
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
    real_charts: bool
    found: frozenset[str] = frozenset()
    """Every object that was there at first."""

    def quick(self, preset: str, name: str, *more: str, code: int = 0) -> list[dict[str, Any]]:
        """Run `quick` without asking; returns its events."""
        sets = [f"--set=charts_directory={self.charts}"]
        if self.simulated:
            # Its operator's webhook has no process behind it.
            sets.append("--set=seldon_sample_model=false")
        else:
            sets += self.environment_images()
        flags = ("--yes", "--non-interactive", "--no-verify", "--kubeconfig", str(self.kubeconfig))
        return self.program.lines("quick", preset, "--name", name, *flags, *sets, *more, code=code)

    def environment_images(self) -> list[str]:
        """Return the flags by which pods take the tests' own images instead of installing an environment."""
        return [f"--set={name}={image}" for name, image in images_of_tests().items() if name.endswith("_image")]

    def client(self) -> Cluster:
        """Return a client of its API."""
        return _client(self.kubeconfig)

    def get(self, path: str) -> dict[str, Any]:
        """Return an object or a list of the API."""
        return self.client().get(path)

    def names(self, path: str) -> set[str]:
        """Return the names of a list of the API."""
        return {item["metadata"]["name"] for item in self.get(path)["items"]}


def images_of_tests() -> dict[str, str]:
    """Return the images that stand for what pods would install from a package index, by the parameter that takes them.

    And the index itself, as `package_index`. Nothing where the cluster has none: then its pods install from PyPI.
    """
    prefix = os.environ.get("MLOPS_TEST_IMAGES")
    names = {"environment_image": "environment", "serving_image": "serving", "package_index": "package-index"}
    return {parameter: f"{prefix}/{name}:1" for parameter, name in names.items()} if prefix else {}


@pytest.fixture(autouse=True)
def ran_on(request: pytest.FixtureRequest) -> str:
    """What the test ran on, for its name."""
    return str(request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put into each test's name what it runs on."""
    variable = "MLOPS_TEST_KUBECONFIG"
    if "on_real_node" in metafunc.fixturenames and os.environ.get(f"{variable}_PODS"):
        variable = f"{variable}_PODS"
    charts = "real-charts" if _packages() else "stand-in-charts"
    metafunc.parametrize("ran_on", [f"{charts}-{_nodes(os.environ.get(variable, ''))}"], indirect=True)


def _client(kubeconfig: Path) -> Cluster:
    from mlops_install.paths import Environment
    from mlops_install.targets.kubernetes.access import choose
    from mlops_install.targets.kubernetes.api import Cluster

    home = kubeconfig.parent
    environment = Environment(dict(os.environ), home, home, home, home, home, home, os.getuid())
    return Cluster(choose(str(kubeconfig), "", environment), os.environ)


@cache
def _nodes(kubeconfig: str) -> str:
    """Return what the nodes of a cluster are, in a word for names."""
    from mlops_install.errors import InstallerError

    if not kubeconfig:
        return "kind" if _has_kind() else "no-cluster"
    try:
        return "simulated-node" if _simulated(Path(kubeconfig)) else f"real-node-{_seldon(Path(kubeconfig))}"
    except InstallerError:  # the fixture tells
        return "no-answer"


def _seldon(kubeconfig: Path) -> str:
    """Return whose operator answers for SeldonDeployments: Seldon's own never comes without its executor's image.

    A node that has neither yet pulls both from their registry.
    """
    nodes = _client(kubeconfig).items("/api/v1/nodes")
    images = {name for node in nodes for image in node["status"].get("images") or () for name in image["names"]}
    there = {part for part in ("operator", "executor") if any(f"seldon-core-{part}:" in name for name in images)}
    return "stand-in-for-seldon" if there == {"operator"} else "seldons-own-operator"


def _has_kind() -> bool:
    return bool(shutil.which("kind") and shutil.which("docker"))


def _kubeconfig(folder: Path) -> tuple[Path, bool]:
    """Return a kubeconfig and whether the cluster was made here; skips the test where there is none."""
    named = os.environ.get("MLOPS_TEST_KUBECONFIG")
    if named:
        return Path(named), False
    if not _has_kind():
        pytest.skip("There is no cluster: MLOPS_TEST_KUBECONFIG is not set, and kind or docker is not there.")
    _require_packages()
    path = folder / "kubeconfig"
    create = ["kind", "create", "cluster", "--name", "mlops-install-tests", "--kubeconfig", str(path), "--wait", "120s"]
    subprocess.run(create, check=True)
    return path, True


def _charts_folder() -> Path:
    named = os.environ.get("MLOPS_TEST_CHARTS")
    return Path(named) if named else user_cache() / "mlops-install" / "test-charts"


def _packages() -> Path | None:
    """Return the folder with the real charts' packages; None where it holds none."""
    folder = _charts_folder()
    return folder if any(folder.glob("*.tgz")) else None


def _require_packages() -> None:
    """Skip the test, which needs a real node, where there are stand-ins only."""
    if _packages() is None:
        pytest.skip(f"Only real charts have programs for a real node, and no package of one is in {_charts_folder()}.")


def _require_providers(program: Program) -> None:
    """Skip the test where an ordinary `terraform init` doesn't get the stack's providers."""
    terraform = find_terraform(program.root).argv
    program.link_providers()
    folder = program.root / "providers"
    folder.mkdir()
    shutil.copy(VERSIONS, folder)
    init = [*terraform, f"-chdir={folder}", "init", "-input=false", "-no-color"]
    done = subprocess.run(init, env=program.environment, capture_output=True, text=True, check=False)
    shutil.rmtree(folder)
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.strip(" │╷")), "terraform init failed")
        pytest.skip(f"The stack's providers can't be had here: {said.strip(' │╷')}.")


def _simulated(kubeconfig: Path) -> bool:
    """Return whether the cluster's nodes only say that pods run."""
    nodes = _client(kubeconfig).get("/api/v1/nodes")["items"]
    return all("kwok" in node["status"]["nodeInfo"]["kubeletVersion"] for node in nodes)


@contextmanager
def _installer() -> Iterator[TestCluster]:
    """Give the program in a folder of its own, with charts and no cluster; skips the test where it can't install."""
    root = Path(tempfile.mkdtemp(prefix="mlops-"))
    try:
        program = Program(root)
        _require_providers(program)
        packages = _packages()
        if packages is None:
            charts = root / "charts"
            charts.mkdir()
            build_charts(charts)
        yield TestCluster(program, root, packages or charts, simulated=False, real_charts=packages is not None)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def on_cluster() -> Iterator[TestCluster]:
    """A cluster that nothing of ours is in, and the program in a folder of its own."""
    with _installer() as installer:
        kubeconfig, made = _kubeconfig(installer.program.root)
        simulated = _simulated(kubeconfig)
        if not simulated:
            _require_packages()
        cluster = replace(installer, kubeconfig=kubeconfig, simulated=simulated)
        cluster = replace(cluster, found=frozenset(objects(cluster.client())))
        yield cluster
        # Who named a cluster gets it back as it was; files end with it removed where that is what they test.
        if not made and cluster.get("/api/v1/secrets?labelSelector=owner%3Dhelm")["items"]:
            cluster.program.run("destroy", SMALL, "--yes", "--non-interactive", "--purge-data", code=None)
        if made:
            subprocess.run(["kind", "delete", "cluster", "--name", "mlops-install-tests"], check=False)


@pytest.fixture(scope="session")
def on_real_node(request: pytest.FixtureRequest) -> Iterator[TestCluster]:
    """A cluster whose pods have processes in them, nothing of ours in it, and the program in a folder of its own."""
    _require_packages()
    named = os.environ.get("MLOPS_TEST_KUBECONFIG_PODS")
    if not named:
        cluster: TestCluster = request.getfixturevalue("on_cluster")
        if cluster.simulated:
            why = os.environ.get("MLOPS_TEST_NO_PODS") or "MLOPS_TEST_KUBECONFIG_PODS is not set"
            pytest.skip(f"There is no real node: {why}, and the nodes of MLOPS_TEST_KUBECONFIG are simulated.")
        yield cluster
        return
    if _simulated(Path(named)):
        pytest.skip("There is no real node: the nodes of MLOPS_TEST_KUBECONFIG_PODS are simulated.")
    with _installer() as installer:
        yield replace(installer, kubeconfig=Path(named))


@pytest.fixture(scope="module")
def small(on_cluster: TestCluster) -> str:
    """The name of the deployment of `small-cluster` that files share: installed now unless it is there."""
    on_cluster.quick("small-cluster", SMALL)
    return SMALL


@pytest.fixture(scope="session")
def catalogue(on_cluster: TestCluster) -> Catalogue:
    """What can be installed into a cluster."""
    from mlops_install.catalogue.load import load_catalogue

    return load_catalogue("kubernetes", cache_home=on_cluster.program.root / "cache")


@pytest.fixture(scope="session")
def cluster(on_cluster: TestCluster) -> Path:
    """The kubeconfig of the cluster; its current context is the one."""
    return on_cluster.kubeconfig
