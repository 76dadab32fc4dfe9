from __future__ import annotations

from pathlib import Path

import pytest

from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue

FIXTURES = Path(__file__).parents[2] / "fixtures" / "catalogue"


@pytest.fixture
def terraform_root() -> Path:
    return FIXTURES / "terraform"


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    home = tmp_path_factory.mktemp("cache")
    return load_catalogue("sample", cache_home=home, terraform_root=FIXTURES / "terraform")
