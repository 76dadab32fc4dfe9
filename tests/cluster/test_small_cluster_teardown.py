"""What a destroy leaves of the deployment of `small-cluster`: what it says, and nothing else.

The tests of this file go on from each other's cluster, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.cluster.conftest import TestCluster
from tests.cluster.objects import objects
from tests.cluster.workloads import snapshot

KINDS = {
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "Secret": "secrets",
    "Secrets": "secrets",
    "Pod": "pods",
    "Namespace": "namespaces",
    "Jobs": "jobs",
}
# Inside a volume that is said to stay, not objects of the cluster.
INSIDE = "Database "
HOME = {
    "metadata": {"name": "claim-ann", "labels": {"component": "singleuser-storage"}},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


def said_by(on_cluster: TestCluster, name: str, *flags: str) -> list[str]:
    """Destroy; returns what it says that stays in the cluster."""
    said = on_cluster.program.run("destroy", name, "--yes", "--non-interactive", *flags).stderr
    lines = [line.strip() for line in said.partition("What stays:\n")[2].splitlines()]
    return [line for line in lines if line and not line.startswith("/")]


def patterns(said: Iterable[str]) -> set[str]:
    """Return patterns of the objects that the lines name."""
    found = set()
    for line in said:
        if line.startswith(INSIDE):
            continue
        if definitions := re.match(r"The custom resource definitions (.*?)([.].*)", line):
            names = re.split(r", | and ", definitions[1])
            found |= {f"customresourcedefinitions {re.escape(name + definitions[2])}" for name in names}
            continue
        parts = re.match(r"(\w+) (.*?)(?: in namespace ([a-z0-9-]+))?(?::.*)?$", line)
        assert parts, line
        where = f" in {parts[3]}" if parts[3] else ""
        names = parts[2].split(" and ")
        found |= {f"{KINDS[parts[1]]} {re.sub(r'<[a-z]+>', '.+', name)}{where}" for name in names}
    return found


def consequences(said: set[str]) -> Iterable[str]:
    """Yield patterns of what the cluster itself makes of what is said to stay."""
    for pattern in said:
        kind, _, name = pattern.partition(" ")
        if kind == "namespaces":
            yield f"configmaps kube-root-ca[.]crt in {name}"
            yield f"serviceaccounts default in {name}"
        elif kind == "customresourcedefinitions":
            yield f"apiservices v1{re.escape('.')}{name.partition('.')[2]}"
        elif kind == "persistentvolumeclaims":
            yield r"persistentvolumes .+"


def assert_exactly(on_cluster: TestCluster, said: list[str]) -> None:
    """Nothing else than what was said is there more than at first, and all of it is."""
    api = on_cluster.client()
    there, stays = objects(api), patterns(said)
    left = there - on_cluster.found
    allowed = stays | set(consequences(stays))
    assert {it for it in left if not any(re.fullmatch(pattern, it) for pattern in allowed)} == set()
    users = {pattern for pattern in stays if ".+" in pattern}
    assert {it for it in stays - users if not any(re.fullmatch(it, name) for name in there)} == set()
    claims = api.items("/api/v1/persistentvolumeclaims")
    volumes = {f"persistentvolumes {claim['spec'].get('volumeName')}" for claim in claims}
    assert {it for it in left if it.startswith("persistentvolumes ")} <= volumes
    assert on_cluster.found <= there


def claims(on_cluster: TestCluster) -> dict[str, str]:
    """Return the identity of each claim of a volume."""
    found = on_cluster.get("/api/v1/persistentvolumeclaims")["items"]
    return {claim["metadata"]["name"]: claim["metadata"]["uid"] for claim in found}


def test_destroy_keeps_all_data_and_leaves_what_it_says_and_nothing_else(on_cluster: TestCluster, small: str) -> None:
    on_cluster.client().post("/api/v1/namespaces/jhub/persistentvolumeclaims", HOME)
    before = claims(on_cluster)
    assert before.keys() == {"data-postgres-0", "seaweedfs-all-in-one-data", "feast-redis", "claim-ann"}
    said = said_by(on_cluster, small)
    assert claims(on_cluster) == before
    assert_exactly(on_cluster, said)


def test_kept_data_is_taken_over_by_the_next_install_whose_modules_share_a_namespace(
    on_cluster: TestCluster, small: str
) -> None:
    before = claims(on_cluster)
    assert "data-postgres-0" in before
    assert snapshot(on_cluster).workloads.keys() == set()
    on_cluster.quick("small-cluster", small, "--set=mlflow_namespace=prefect", "--set=feast_namespace=prefect")
    assert claims(on_cluster) == before
    shared = {"prefect/prefect-server", "prefect/prefect-worker", "prefect/mlflow", "prefect/feast-online"}
    assert shared <= snapshot(on_cluster).workloads.keys()
    assert not {"mlflow", "feast"} & on_cluster.names("/api/v1/namespaces")


def test_purging_takes_all_data_and_leaves_what_it_says_and_nothing_else(on_cluster: TestCluster, small: str) -> None:
    said = said_by(on_cluster, small, "--purge-data")
    assert claims(on_cluster) == {}
    assert not on_cluster.program.folder(small).joinpath("secrets.tfvars.json").exists()
    assert_exactly(on_cluster, said)
