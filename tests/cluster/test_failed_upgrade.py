"""An upgrade that fails, and values that are put back after it, on a real API server; needs no node that runs pods."""

from __future__ import annotations

from tests.cluster.sites import Site


def test_values_that_are_put_back_after_a_failed_upgrade_are_applied_at_once(site: Site) -> None:
    site.quick("--yes")
    # No volume grows here, so the API server refuses it, and Helm notes that the release failed.
    site.quick("--yes", "--set", "valkey_storage_size=3Gi", code=1)
    site.quick("--yes", "--set", "valkey_storage_size=2Gi")
    newest = site.api.items(f"/api/v1/namespaces/{site.name}/secrets", {"labelSelector": "owner=helm,status=deployed"})
    assert newest[-1]["metadata"]["labels"]["version"] == "3"
    assert "Nothing to change" in site.quick("--yes")
