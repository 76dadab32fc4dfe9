"""A deployment in a namespace that was there before, on a real API server; needs no node that runs pods.

The tests of this file go on from each other's cluster, in order.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.cluster.conftest import TestCluster
from tests.cluster.sites import Site, make_namespace, new_site


@pytest.fixture(scope="module")
def limited(on_cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployment to come in a namespace where no claim may ask for more than one GiB."""
    with new_site(on_cluster, tmp_path_factory.mktemp("limited")) as made:
        make_namespace(made.api, made.name)
        limits = [{"type": "PersistentVolumeClaim", "max": {"storage": "1Gi"}}]
        limit = {"metadata": {"name": "small"}, "spec": {"limits": limits}}
        made.api.post(f"/api/v1/namespaces/{made.name}/limitranges", limit)
        yield made


def test_a_failed_first_install_is_repaired_by_the_next_apply(limited: Site) -> None:
    existing = ("--yes", "--set", f'existing_namespaces=["{limited.name}"]')
    said = limited.quick(*existing, "--set", "valkey_storage_size=2Gi", code=1)
    assert "maximum storage usage per PersistentVolumeClaim is 1Gi" in said
    release = f"/api/v1/namespaces/{limited.name}/secrets/sh.helm.release.v1.feast-redis"
    assert limited.api.get(f"{release}.v1")["metadata"]["labels"]["status"] == "failed"

    limited.quick(*existing, "--set", "valkey_storage_size=1Gi")
    assert limited.api.get(f"{release}.v2")["metadata"]["labels"]["status"] == "deployed"
    claim = limited.api.get(f"/api/v1/namespaces/{limited.name}/persistentvolumeclaims/feast-redis")
    assert claim["spec"]["resources"]["requests"]["storage"] == "1Gi"
    assert "Nothing to change" in limited.quick(*existing)


def test_purging_takes_the_volumes_in_a_namespace_that_was_there_before_and_no_others(limited: Site) -> None:
    claims = f"/api/v1/namespaces/{limited.name}/persistentvolumeclaims"
    another = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    limited.api.post(claims, {"metadata": {"name": "other"}, "spec": another})
    assert {claim["metadata"]["name"] for claim in limited.api.items(claims)} == {"feast-redis", "other"}
    said = limited.program.run("destroy", limited.name, "--yes", "--non-interactive", "--purge-data").stderr
    assert "PersistentVolumeClaim" not in said.partition("What stays:")[2]
    left = [claim["metadata"] for claim in limited.api.items(claims)]
    assert [claim["name"] for claim in left if "deletionTimestamp" not in claim] == ["other"]
    assert limited.api.get(f"/api/v1/namespaces/{limited.name}")["status"]["phase"] == "Active"
