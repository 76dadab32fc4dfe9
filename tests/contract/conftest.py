from __future__ import annotations

import pytest
from tests.engine.support import find_terraform

from mlops_install.engine.binary import Binary


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Binary:
    """The Terraform that the engine finds."""
    return find_terraform(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def terraform(binary: Binary) -> list[str]:
    """Its command line."""
    return list(binary.argv)
