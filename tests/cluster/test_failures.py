"""What fails in a cluster and how it goes on, on a real API server; needs no node that runs pods."""

from __future__ import annotations

import json

from tests.cluster.sites import Site, hold


def test_values_that_are_put_back_after_a_failed_upgrade_are_applied_at_once(site: Site) -> None:
    site.quick("--yes")
    # No volume grows here, so the API server refuses it, and Helm notes that the release failed.
    site.quick("--yes", "--set", "valkey_storage_size=3Gi", code=1)
    site.quick("--yes", "--set", "valkey_storage_size=2Gi")
    newest = site.api.items(f"/api/v1/namespaces/{site.name}/secrets", {"labelSelector": "owner=helm,status=deployed"})
    assert newest[-1]["metadata"]["labels"]["version"] == "3"
    assert "Nothing to change" in site.quick("--yes")


def test_a_namespace_that_does_not_go_is_told_with_what_holds_it(site: Site) -> None:
    # Five minutes are Terraform's; a file of the operator's own may change that.
    shorter = 'resource "kubernetes_namespace_v1" "this" {\n  timeouts {\n    delete = "25s"\n  }\n}\n'
    site.folder.mkdir(parents=True)
    (site.folder / "namespaces_override.tf").write_text(shorter, encoding="utf-8")
    site.quick("--yes")
    held = {"metadata": {"name": "held", "finalizers": ["mlops-install.test/hold"]}}
    path = f"/api/v1/namespaces/{site.name}/configmaps"
    site.api.post(path, held)
    try:
        said = site.destroy("--purge-data", "-o", "json", code=1)
    finally:
        hold(site, f"{path}/held", [])
    (problem,) = json.loads(said.splitlines()[-1])["data"]["problems"]
    assert problem["message"] == (
        f"the namespace {site.name} doesn't go: it is held by configmaps held (finalizer mlops-install.test/hold)"
    )
