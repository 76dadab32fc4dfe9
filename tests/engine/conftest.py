from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.support import TERRAFORMS, Stage, find_terraform, make_stage

from mlops_install.engine.binary import Binary


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def terraform(cache: Path) -> Binary:
    """The Terraform of this machine."""
    return find_terraform(cache)


@pytest.fixture(scope="session", params=TERRAFORMS)
def any_terraform(request: pytest.FixtureRequest, cache: Path) -> Binary:
    """Each Terraform there is."""
    return TERRAFORMS[request.param](cache)


@pytest.fixture
def stage(tmp_path: Path, cache: Path, terraform: Binary) -> Stage:
    """An empty deployment on this machine's Terraform."""
    return make_stage(tmp_path / "demo", cache, terraform)


@pytest.fixture
def any_stage(tmp_path: Path, cache: Path, any_terraform: Binary) -> Stage:
    """An empty deployment on each Terraform there is."""
    return make_stage(tmp_path / "demo", cache, any_terraform)
