"""Rotation of every secret that the preset `small-cluster` has, on real charts through the real providers.

Which workload uses which secret is read from the cluster: its pods are given a Secret that holds the value. A module's
secrets are counted together, so what uses one of them may roll with another one; nothing else may.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.cluster.conftest import TestCluster
from tests.cluster.workloads import Snapshot, snapshot

from mlops_install.answers.secrets import generate
from mlops_install.catalogue.model import Catalogue

# The server takes it when it makes its volume, and keeps it.
REFUSED = "postgresql_admin_password"


def held(on_cluster: TestCluster, name: str) -> dict[str, str]:
    """Return the secrets that the deployment holds."""
    values: dict[str, str] = json.loads((on_cluster.program.folder(name) / "secrets.tfvars.json").read_text())
    return values


def assert_arrived(old: Mapping[str, str], new: Mapping[str, str], before: Snapshot, after: Snapshot) -> None:
    """The Secrets that held the old values hold the new ones, and who uses one of the module's secrets rolled."""
    for name, value in old.items():
        assert new[name] != value
        assert before.holders(value), name
        assert after.holders(new[name]) == before.holders(value), name
        assert not after.holders(value), name
        users = before.users(value)
        assert users, name
        assert users <= after.rolled_since(before), name


def test_rotation_of_each_secret_reaches_the_pods_that_use_it_and_no_others(
    on_cluster: TestCluster, small: str, catalogue: Catalogue
) -> None:
    values, before = held(on_cluster, small), snapshot(on_cluster)
    rotated = [secret for secret in catalogue.secrets() if secret.name in values and secret.name != REFUSED]
    # One of each module by itself, for what else it may touch; the others at once: an apply for each takes minutes.
    singly = list({secret.module: secret.name for secret in rotated}.values())
    for name in singly:
        on_cluster.program.run("secret", "rotate", name, "--name", small, "--yes", "--non-interactive")
        new, after = held(on_cluster, small), snapshot(on_cluster)
        assert {other for other in values if new[other] != values[other]} == {name}
        assert_arrived({name: values[name]}, new, before, after)
        module = catalogue.parameters[name].module
        may = {user for secret in rotated if secret.module == module for user in before.users(values[secret.name])}
        assert after.touched_since(before) <= may, name
        values, before = new, after

    together = [secret for secret in rotated if secret.name not in singly]
    sets = []
    for secret in together:
        assert secret.generate is not None
        path = on_cluster.program.root / secret.name
        path.write_text(generate(secret.generate))
        sets.append(f"--set={secret.name}=file:{path}")
    on_cluster.quick("small-cluster", small, *sets)
    new, after = held(on_cluster, small), snapshot(on_cluster)
    assert_arrived({secret.name: values[secret.name] for secret in together}, new, before, after)


def test_the_administrators_password_of_postgresql_is_refused_with_the_reason(
    on_cluster: TestCluster, small: str, catalogue: Catalogue
) -> None:
    values, before = held(on_cluster, small), snapshot(on_cluster)
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
    assert held(on_cluster, small) == values
    assert snapshot(on_cluster).touched_since(before) == set()
