"""Rotation of every secret that the preset `small-cluster` has, on real charts through the real providers.

Which workload uses which secret is read from the cluster: its pods are given a Secret that holds the value.
"""

from __future__ import annotations

from tests.cluster.canaries import secrets_of
from tests.cluster.conftest import TestCluster
from tests.cluster.workloads import snapshot

from mlops_install.catalogue.model import Catalogue

# The server takes it when it makes its volume, and keeps it.
REFUSED = "postgresql_admin_password"


def test_rotation_of_each_secret_reaches_the_pods_that_use_it_and_no_others(
    on_cluster: TestCluster, small: str, catalogue: Catalogue
) -> None:
    values, before = secrets_of(on_cluster, small), snapshot(on_cluster)
    rotated = [secret.name for secret in catalogue.secrets() if secret.name in values and secret.name != REFUSED]
    for name in rotated:
        on_cluster.program.run("secret", "rotate", name, "--name", small, "--yes", "--non-interactive")
        new, after = secrets_of(on_cluster, small), snapshot(on_cluster)
        assert {other for other in values if new[other] != values[other]} == {name}
        holders, users = before.holders(values[name]), before.users(values[name])
        assert holders, name
        assert users, name
        assert after.holders(new[name]) == holders, name
        assert not after.holders(values[name]), name
        assert after.rolled_since(before) == after.touched_since(before) == users, name
        values, before = new, after


def test_the_administrators_password_of_postgresql_is_refused_with_the_reason(
    on_cluster: TestCluster, small: str, catalogue: Catalogue
) -> None:
    values, before = secrets_of(on_cluster, small), snapshot(on_cluster)
    path = on_cluster.program.root / REFUSED
    path.write_text("a-new-one".replace("-", "0") * 2)
    where = ("--name", small, "--yes", "--non-interactive")
    for attempt in (
        ("secret", "rotate", REFUSED, *where),
        ("secret", "rotate", REFUSED, "--from", f"file:{path}", *where),
        ("quick", "small-cluster", f"--set={REFUSED}=file:{path}", *where),
        ("apply", small, f"--set={REFUSED}=file:{path}", "--yes", "--non-interactive"),
    ):
        said = " ".join(on_cluster.program.run(*attempt, code=2).stderr.split())
        assert f"{REFUSED} can't be" in said or f"{REFUSED}: can't be" in said, said
        assert "keeps the old value" in said, said
    assert secrets_of(on_cluster, small) == values
    assert snapshot(on_cluster).touched_since(before) == set()
