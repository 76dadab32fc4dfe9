"""The team's environment and the serving environment, made of the project's own locks, and a real MLServer.

What runs in them are the programs in `programs/`: pandas, MLflow and the like are not where pytest runs.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mlops_install.environment.plugins import DEPLOYMENTS, TEAM, plugin_folder
from mlops_install.targets.local.environments import Installer
from mlops_install.targets.local.registry import tool
from mlops_install.words.foreign import ForeignText

GIVEN = "MLOPS_TEST_ENVIRONMENTS"
"""A folder with `environment` and `serving`, made before: saves making them; the plugins' sources are used."""
PROGRAMS = Path(__file__).parent / "programs"
SERVER = Path(__file__).parents[2] / "installer/mlops_install/targets/local/tools/programs/seldon_server.py"
SOURCES = tuple(str(plugin_folder(name) / "src") for name in (DEPLOYMENTS, TEAM))


@dataclass(frozen=True)
class Environments:
    """The Python of each."""

    team: Path
    serving: Path


def environments(folder: Path) -> Environments:
    """Return both environments: given ones, else made in the folder as `apply` does."""
    given = os.environ.get(GIVEN)
    if given:
        return Environments(*(Path(given) / name / "bin" / "python" for name in ("environment", "serving")))
    installer = Installer(dict(os.environ), redact=ForeignText([]), say=lambda _: None)
    pythons = []
    for name in ("environment", "seldon"):
        (spec,) = tool(name).environments({})
        installer.make(folder / name, spec)
        pythons.append(folder / name / spec.name / "bin" / "python")
    return Environments(*pythons)


@dataclass(frozen=True)
class Site:
    """Where the programs run: environments, a home, MLflow's database, MLServer's models and address."""

    environments: Environments
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, program: str, *arguments: str, python: Path | None = None, **variables: str) -> Any:
        """Run a program of `programs/`, in the team's environment if not told, and return the JSON it printed last."""
        done = subprocess.run(
            [str(python or self.environments.team), str(PROGRAMS / program), *arguments],
            env=self.variables | variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Environments:
    return environments(tmp_path_factory.mktemp("environments"))


@pytest.fixture(scope="session")
def site(made: Environments, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site without a model server."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "home").mkdir()
    variables = {
        "PATH": f"{made.team.parent}:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join(SOURCES),
        "PYTHONWARNINGS": "ignore",
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "MLFLOW_CONDA_HOME": "",
        "TEST_ARTIFACTS": (folder / "artifacts").as_uri(),
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(folder / "prefect"),
        "GIT_PYTHON_REFRESH": "quiet",
    }
    return Site(made, folder, variables)


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[Site]:
    """The site with MLServer, started as the local target starts it, the sample model loaded."""
    models, settings, port = site.folder / "models", site.folder / "settings.json", _free_ports(3)
    names = ("http_port", "grpc_port", "metrics_port")
    common = {"host": "127.0.0.1", "parallel_workers": 0, "debug": False}
    settings.write_text(json.dumps(common | dict(zip(names, port, strict=True))))
    variables = site.variables | {
        "SELDON_MODELS_DIRECTORY": str(models),
        "SELDON_URL": f"http://127.0.0.1:{port[0]}",
        "TEST_GRPC": f"127.0.0.1:{port[1]}",
    }
    argv = [
        str(site.environments.serving),
        str(SERVER),
        str(settings),
        str(models.parent / "not-loaded"),
        str(models),
        str(models / "iris"),
    ]
    log = site.folder / "mlserver.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            argv, env=variables, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            assert server.stdout is not None
            for line in server.stdout:
                file.write(line)
                if "Loaded model 'iris'" in line:
                    break
            else:
                pytest.fail(f"MLServer ended: {log.read_text()[-3000:]}")
            # Somebody must read on, or the server would wait for its reader.
            with subprocess.Popen(["cat"], stdin=server.stdout, stdout=file):
                yield Site(site.environments, site.folder, variables)
                server.terminate()
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="session")
def matrix(served: Site) -> Callable[[str], dict[str, str]]:
    """What each case of a matrix program came to, by its name; empty words for a case that holds. Each runs once."""
    found: dict[str, dict[str, str]] = {}

    def ask(program: str) -> dict[str, str]:
        if program not in found:
            found[program] = served.run(program)
        return found[program]

    return ask


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
