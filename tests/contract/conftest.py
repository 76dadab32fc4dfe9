from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mlops_install.engine.binary import Binary, find_binary
from mlops_install.paths import Environment


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Binary:
    """The Terraform that the engine finds."""
    home = tmp_path_factory.mktemp("home")
    environment = Environment(
        variables=dict(os.environ),
        working_directory=home,
        home=home,
        data_home=home,
        state_home=home,
        cache_home=home,
        python=Path(sys.executable),
        uid=os.getuid(),
    )
    return find_binary(environment, explicit=None)


@pytest.fixture(scope="session")
def terraform(binary: Binary) -> list[str]:
    """Its command line."""
    return list(binary.argv)
