from __future__ import annotations

import pytest
from tests.engine.support import TERRAFORMS, find_terraform

from mlops_install.engine.binary import Binary


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Binary:
    """The Terraform that the engine finds."""
    return find_terraform(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def terraform(binary: Binary) -> list[str]:
    """Its command line."""
    return list(binary.argv)


@pytest.fixture(scope="session", params=TERRAFORMS)
def any_terraform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command line of each Terraform there is."""
    return list(TERRAFORMS[request.param](tmp_path_factory.mktemp("home")).argv)
