"""A machine of its own for each test, the local target's catalogue, and a small one whose modules need each other."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.plain_target import register

from mlops_install.answers.document import dump_answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.files import make_private, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.secrets import next_revisions, write_secrets
from mlops_install.paths import Environment
from mlops_install.setup.candidate import candidate_tfvars
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
    environment = Environment(
        variables={"HOME": str(tmp_path), "PATH": os.environ.get("PATH", "")},
        working_directory=tmp_path,
        home=tmp_path,
        data_home=tmp_path / "data",
        state_home=tmp_path / "state",
        cache_home=tmp_path / "cache",
        python=Path(sys.executable),
        uid=os.getuid(),
    )
    return Context(environment, _catalogues=dict(catalogues))


@pytest.fixture
def install() -> Install:
    """Approve what was prepared, as planning and approval together leave it."""

    def approve(prepared: Prepared) -> Deployment:
        deployment, values = prepared.deployment, prepared.secrets.values
        tfvars = candidate_tfvars(deployment, prepared.catalogue, prepared.answers, values)
        make_private(deployment.folder)
        write_private(deployment.answers, dump_answers(prepared.answers, comment=""))
        write_secrets(deployment.secrets, values)
        write_private(deployment.tfvars, json.dumps(tfvars))
        revisions = next_revisions({}, values, prepared.catalogue, {})
        write_marker(deployment, Marker(prepared.answers.target, secrets_revisions=revisions))
        return deployment

    return approve
