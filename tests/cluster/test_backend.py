"""The state of a deployment in the cluster: installed, locked, freed, moved there from this machine, destroyed.

The tests of this file go on from each other's deployment, in order.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from tests.cluster.conftest import TestCluster
from tests.cluster.objects import label_release

from mlops_install.targets.kubernetes.errors import ClusterError

NAME = "kept"
STATE = "tfstate-default-kept"
SECRETS = "/api/v1/namespaces/default/secrets"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
PRESET = """\
format: 1
title: One small module
target: kubernetes
modules: [valkey]
parameters: {{valkey_namespace: kept}}
secrets: {{valkey_password: generated}}
backend: {{type: {backend}, config: {{}}}}
"""


@pytest.fixture(scope="module")
def site(on_cluster: TestCluster) -> Iterator[TestCluster]:
    """The cluster, which is left as it was found."""
    yield on_cluster
    on_cluster.program.run("destroy", NAME, "--yes", "--non-interactive", "--purge-data", code=None)
    for path in (f"{SECRETS}/{STATE}", f"{LEASES}/lock-{STATE}"):
        with contextlib.suppress(ClusterError):
            on_cluster.client().delete(path)


def preset(site: TestCluster, backend: str) -> str:
    path = site.program.root / f"{backend}.yaml"
    path.write_text(PRESET.format(backend=backend))
    return str(path)


def changes(site: TestCluster) -> list[Any]:
    """Return what the newest run's plan changed."""
    runs = sorted((site.program.folder(NAME) / "runs").iterdir())
    found: list[Any] = json.loads((runs[-1] / "run.json").read_text())["changes"]
    return found


def test_the_state_is_in_the_cluster_and_a_second_plan_is_clean(site: TestCluster) -> None:
    site.quick(preset(site, "kubernetes"), NAME)
    assert STATE in site.names(SECRETS)
    folder = site.program.folder(NAME)
    assert not (folder / "terraform.tfstate").exists()
    secret = json.loads((folder / "secrets.tfvars.json").read_text())["valkey_password"]
    assert secret not in json.dumps(site.get(f"{SECRETS}/{STATE}"))
    site.program.run("plan", NAME, "--non-interactive", "--detailed-exitcode")
    assert site.program.document("outputs", NAME)


def test_a_lock_whose_holder_is_gone_is_told_and_taken_away(site: TestCluster) -> None:
    # Terraform holds the lock while it waits for its answer; killed there, it leaves it.
    by_hand = ("terraform", NAME, "--", "apply", "-no-color", "-var-file=terraform.tfvars.json", "-var=valkey_cpu=70m")
    child = site.program.start(*by_hand, stdin=-1, start_new_session=True)
    assert child.stdout is not None
    said = ""
    while "Enter a value:" not in said:
        read = child.stdout.read(1)
        assert read, said + child.communicate()[1]
        said += read
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    # Half-made releases may be that other run's.
    label_release(site.client(), NAME, "pending-upgrade")
    said = site.program.run("apply", NAME, "--yes", "--non-interactive", code=5).stderr
    assert "so nothing was repaired" in " ".join(said.split())
    label_release(site.client(), NAME, "deployed")
    events = site.program.lines("apply", NAME, "--yes", "--non-interactive", "--set=valkey_cpu=80m", code=1)
    (problem,) = events[-1]["data"]["problems"]
    assert problem["message"].startswith("Terraform's state is locked by ")
    assert f"`mlops-install unlock {NAME}` takes its lock away" in problem["hint"]
    assert "--yes" in site.program.run("unlock", NAME, "--non-interactive", code=4).stderr
    site.program.run("unlock", NAME, "--yes")
    site.program.run("apply", NAME, "--yes", "--non-interactive", "--set=valkey_cpu=80m")
    assert len(changes(site)) == 1


def test_the_state_is_moved_only_when_told_so(site: TestCluster) -> None:
    answers = site.program.folder(NAME) / "answers.yaml"
    text = answers.read_text()
    answers.write_text(text.replace("type: kubernetes", "type: local"))
    said = site.program.run("plan", NAME, "--non-interactive", code=2).stderr
    assert f"is in the Secret {STATE} in namespace default of the cluster" in " ".join(said.split())
    site.program.run("apply", NAME, "--yes", "--non-interactive")
    assert changes(site) == []
    assert "valkey_cpu: 80m" in answers.read_text()
    assert (site.program.folder(NAME) / "terraform.tfstate").is_file()
    # The preset's backend is another one again; earlier answers win over it.
    site.quick(preset(site, "kubernetes"), NAME)
    assert not (site.program.folder(NAME) / "backend.tf.json").exists()
    site.quick(preset(site, "kubernetes"), NAME, "--from-preset")
    assert (site.program.folder(NAME) / "backend.tf.json").is_file()
    assert changes(site) == []


def test_destroy_works_and_says_that_the_state_stays(site: TestCluster) -> None:
    done = site.program.run("destroy", NAME, "--yes", "--non-interactive", "--purge-data")
    assert f"Secret {STATE} and Lease lock-{STATE} in namespace default" in done.stdout + done.stderr
    assert NAME not in site.names("/api/v1/namespaces")
