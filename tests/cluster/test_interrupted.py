"""Installs and removals that are killed at their worst moment, on a real API server; needs no node that runs pods.

The state is taken away after a kill where it stands for one kept elsewhere: Terraform writes such a state only now and
then, so that it knows nothing of what was made last.
"""

from __future__ import annotations

import json

from tests.cluster.sites import Site, hold, kill


def kill_when_there(site: Site, path: str) -> None:
    """Begin to install and kill it as soon as the object is there; the state knows nothing of it."""
    child = site.start()
    site.wait_for(child, path)
    kill(site, child)
    (site.folder / "terraform.tfstate").unlink(missing_ok=True)


def secrets_of(site: Site) -> str:
    return f"/api/v1/namespaces/{site.name}/secrets"


def test_what_was_killed_goes_on_at_the_next_apply_and_nothing_is_lost(site: Site) -> None:
    namespace = f"/api/v1/namespaces/{site.name}"
    release = f"{secrets_of(site)}/sh.helm.release.v1.feast-redis.v1"
    kill_when_there(site, namespace)
    uid = site.api.get(namespace)["metadata"]["uid"]
    # It goes on with the namespace, and is killed again with a release that is half made.
    kill_when_there(site, release)
    refused = site.quick(code=3)
    assert f"Secret feast-redis in {site.name} was made by an apply that was cut off" in refused
    assert "is pending-install: a run was interrupted" in refused
    assert "there already, from an apply that was cut off" in site.quick("--yes")
    assert site.api.get(release)["metadata"]["labels"]["status"] == "deployed"
    assert "Nothing to change" in site.quick("--yes")

    (claim,) = site.api.items(f"{namespace}/persistentvolumeclaims")
    deployment = f"/apis/apps/v1/namespaces/{site.name}/deployments/feast-redis"
    hold(site, deployment, ["mlops-install.test/hold"])
    child = site.program.start("destroy", site.name, "--yes", "--non-interactive")
    site.wait_for(child, release, "uninstalling")
    kill(site, child)
    hold(site, deployment, [])
    assert "is uninstalling: a run was interrupted" in site.quick(code=3)
    site.quick("--yes")
    assert site.api.get(release)["metadata"]["labels"]["status"] == "deployed"
    assert site.there(deployment) is not None
    assert [it["metadata"]["uid"] for it in site.api.items(f"{namespace}/persistentvolumeclaims")] == [
        claim["metadata"]["uid"]
    ]
    assert site.api.get(namespace)["metadata"]["uid"] == uid


def test_a_destroy_finds_what_a_killed_install_left(site: Site) -> None:
    kill_when_there(site, f"{secrets_of(site)}/sh.helm.release.v1.feast-redis.v1")
    said = site.destroy()
    assert f"feast-redis in {site.name} (pending-install)" in said
    assert f"Secret feast-redis in {site.name}" in said
    assert site.api.items(secrets_of(site)) == []
    claims = site.api.items(f"/api/v1/namespaces/{site.name}/persistentvolumeclaims")
    for claim in claims:
        assert f"PersistentVolumeClaim {claim['metadata']['name']} in namespace {site.name}" in said
    assert f"Namespace {site.name}" in said
    site.destroy("--purge-data")
    assert site.there(f"/api/v1/namespaces/{site.name}") is None


def test_a_purge_removes_a_namespace_that_the_state_does_not_know(site: Site) -> None:
    kill_when_there(site, f"{secrets_of(site)}/feast-redis")
    events = [json.loads(line) for line in site.destroy("--purge-data", "-o", "json").splitlines()]
    (note,) = [event["message"] for event in events if event["type"] == "note"]
    assert f"Namespace {site.name}" in note
    assert site.there(f"/api/v1/namespaces/{site.name}") is None
