"""The state of a deployment behind Terraform's backend `http`: any other than the two that the installer knows.

The tests of this file go on from each other's deployment, in order.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
import yaml
from tests.cluster.conftest import TestCluster
from tests.cluster.objects import label_release
from tests.cluster.sites import Site, new_site
from tests.cluster.state_server import StateServer, serve_state

HELD = {"ID": "4f1d", "Operation": "OperationTypeApply", "Who": "ann@elsewhere", "Created": "2026-11-26T08:00:00Z"}


@pytest.fixture(scope="module")
def server() -> Iterator[StateServer]:
    with serve_state() as running:
        yield running


@pytest.fixture(scope="module")
def site(on_cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with new_site(on_cluster, tmp_path_factory.mktemp("http")) as made:
        yield made


def resources(server: StateServer) -> list[str]:
    return [it["type"] for it in json.loads(server.state)["resources"]]


def test_the_state_is_moved_there_only_when_told_so(site: Site, server: StateServer) -> None:
    site.quick("--yes")
    answers = site.folder / "answers.yaml"
    document = yaml.safe_load(answers.read_text())
    document["backend"] = {"type": "http", "config": server.config}
    answers.write_text(yaml.safe_dump(document))
    said = site.program.run("plan", site.name, "--non-interactive", code=2).stderr
    assert "these answers have it in the backend http" in " ".join(said.split())
    assert server.received == []
    said = site.program.run("apply", site.name, "--yes", "--non-interactive").stderr
    assert "Nothing to change" in said
    assert "helm_release" in resources(server)
    assert not (site.folder / "terraform.tfstate").exists()


def test_what_is_half_made_is_left_alone_while_another_terraform_holds_the_lock(
    site: Site, server: StateServer
) -> None:
    server.lock = json.dumps(HELD).encode()
    label_release(site.api, site.name, "pending-install")
    said = " ".join(site.program.run("apply", site.name, "--yes", "--non-interactive", code=5).stderr.split())
    assert "so nothing was repaired" in said
    assert f"`mlops-install unlock {site.name} --id 4f1d`" in said
    site.program.run("unlock", site.name, "--id", "4f1d", "--yes")
    assert server.lock == b""


def test_it_is_applied_there_without_a_secret_and_a_second_plan_is_clean(site: Site, server: StateServer) -> None:
    site.program.run("apply", site.name, "--yes", "--non-interactive", "--set=valkey_cpu=80m")
    assert "80m" in server.state.decode()
    secret = json.loads((site.folder / "secrets.tfvars.json").read_text())["valkey_password"].encode()
    assert not any(form in body for body in server.received for form in (secret, base64.b64encode(secret)))
    site.program.run("plan", site.name, "--non-interactive", "--detailed-exitcode")
    assert server.lock == b""
    assert site.program.document("outputs", site.name)


def test_destroy_works_and_says_that_the_state_stays(site: Site, server: StateServer) -> None:
    assert "Terraform's state in the backend http" in site.destroy("--purge-data")
    assert resources(server) == []
    assert site.there(f"/api/v1/namespaces/{site.name}") is None
