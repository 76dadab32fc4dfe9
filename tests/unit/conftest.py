"""A machine of its own for each test, the local target's catalogue, and a small one whose modules need each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.machine import environment_in, leave_approved
from tests.plain_target import register

from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.targets.context import Context

FIXTURES = Path(__file__).parents[1] / "fixtures" / "catalogue"
Install = Callable[[Prepared], Deployment]


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Catalogue]:
    home = tmp_path_factory.mktemp("cache")
    register("sample")
    return {
        "local": load_catalogue("local", cache_home=home),
        "sample": load_catalogue("sample", cache_home=home, terraform_root=FIXTURES / "terraform"),
    }


@pytest.fixture
def context(tmp_path: Path, catalogues: dict[str, Catalogue]) -> Context:
    return Context(environment_in(tmp_path), _catalogues=dict(catalogues))


@pytest.fixture
def install() -> Install:
    """Approve what was prepared, as planning and approval together leave it."""

    return leave_approved
