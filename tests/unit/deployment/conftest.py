"""A small catalogue, a small shipped Terraform tree and an empty deployment to try things on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.machine import environment_in

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Module, Parameter, TypeSpec
from mlops_install.deployment.layout import Deployment
from mlops_install.paths import Environment

_STRING = TypeSpec("string")
_NUMBER = TypeSpec("number")
_COUNTS = TypeSpec("map", element=_NUMBER)


@pytest.fixture(autouse=True)
def _generous_umask() -> Iterator[None]:
    """Modes must not come from the umask."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def catalogue() -> Catalogue:
    parameters = (
        Parameter("dask_workers", _NUMBER, "Workers.", "dask", default=2),
        Parameter("jupyterhub_port", _NUMBER, "Port.", "jupyterhub", default=8000),
        Parameter("mlflow_artifact_root", _STRING, "Where.", "mlflow", has_default=False),
        Parameter("jhub_proxy_secret_token", _STRING, "Token.", "jupyterhub", sensitive=True),
        Parameter("oauth_github_client_secret", _STRING, "Secret.", "jupyterhub", sensitive=True),
        Parameter("mlflow_password", _STRING, "Secret.", "mlflow", sensitive=True),
        Parameter("secrets_revisions", _COUNTS, "Counters.", "", default={}, internal=True),
        Parameter("service_digests", TypeSpec("map", element=_STRING), "Digests.", "", default={}, internal=True),
    )
    modules = {name: Module(name, name.title(), "", "1") for name in ("jupyterhub", "dask", "mlflow")}
    return Catalogue("local", "0" * 64, modules, {}, {parameter.name: parameter for parameter in parameters})


@pytest.fixture
def answers() -> Answers:
    return Answers("demo", "local", ("jupyterhub", "dask"), {"dask_workers": 3})


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    folder = tmp_path / "demo"
    folder.mkdir(mode=0o700)
    return Deployment(folder)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return replace(environment_in(tmp_path, {}), python=Path("/usr/bin/python3"))


@pytest.fixture
def terraform_root(tmp_path: Path) -> Path:
    """A tree as the repository has it: file links in the stack, a folder link in a module, one module using another."""
    root = tmp_path / "shipped"
    files = {
        "stacks/local/main.tf": 'module "dask_service" {\n  source = "./modules/service"\n}\n',
        "stacks/local/wizard.yaml": "format: 1\n",
        "modules/service/main.tf": 'module "base" {\n  source = "../base"\n}\n',
        "modules/service/README.md": "for developers\n",
        "modules/service/tests/service.tftest.hcl": "run {}\n",
        "modules/service/examples/main.tf": "# example\n",
        "modules/base/variables.tf": 'variable "tool" {}\n',
        "modules/unused/main.tf": "# of no stack here\n",
        "modules/dask/shared_variables.tf": 'variable "dask_workers" {}\n',
        "charts/one/templates/tests/pod.yaml": "kind: Pod\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "stacks/local/dask_variables.tf").symlink_to("../../modules/dask/shared_variables.tf")
    (root / "modules/base/chart").symlink_to("../../charts/one")
    return root
