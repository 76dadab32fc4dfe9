"""What is found before anything changes, on a real API server; needs no node that runs pods."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml
from tests.cluster.objects import label_release
from tests.cluster.sites import Site, make_namespace, rewritten
from tests.program import Program

from mlops_install.catalogue.load import load_catalogue

RBAC = "/apis/rbac.authorization.k8s.io/v1"


def test_of_several_contexts_none_is_taken(site: Site) -> None:
    document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
    more = [*document["contexts"], {**document["contexts"][0], "name": "other"}]
    said = site.quick(kubeconfig=rewritten(site, {"contexts": more}), code=3)
    assert "there are: " in said
    assert "other" in said
    assert not site.folder.exists()


def test_a_context_that_is_not_there_is_refused(site: Site) -> None:
    assert "has no context 'nowhere'" in site.quick("--context", "nowhere", code=3)


def test_a_cluster_that_does_not_answer_is_named(site: Site) -> None:
    document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
    dead = [{"name": it["name"], "cluster": {"server": "https://127.0.0.1:1"}} for it in document["clusters"]]
    said = site.quick(kubeconfig=rewritten(site, {"clusters": dead}), code=3)
    assert "https://127.0.0.1:1 can't be reached" in said
    assert not site.folder.exists()


def test_everything_that_lacks_is_told_at_once_and_nothing_is_changed(site: Site, tmp_path: Path) -> None:
    make_namespace(site.api, site.name)
    empty = tmp_path / "charts"
    empty.mkdir()
    said = site.quick(
        "--set", "storage_class=nowhere", "--set", f"charts_directory={empty}", "--set", "valkey_memory=9000Gi", code=3
    )  # fmt: skip
    assert "the cluster has no storage class 'nowhere'" in said
    assert f'existing_namespaces=["{site.name}"]' in said
    assert "lacks valkey-" in said
    assert "memory" in said
    assert "its largest pod requests" in said
    assert not site.folder.exists()


@contextmanager
def somebody(site: Site, role: str) -> Iterator[Path]:
    """Give the kubeconfig of a service account that has this ClusterRole alone."""
    path = f"/api/v1/namespaces/{site.name}/serviceaccounts"
    site.api.post(path, {"metadata": {"name": "poor"}})
    token = site.api.post(f"{path}/poor/token", {"spec": {"audiences": []}})["status"]["token"]
    site.api.post(
        f"{RBAC}/clusterrolebindings",
        {
            "metadata": {"name": site.name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
            "subjects": [{"kind": "ServiceAccount", "name": "poor", "namespace": site.name}],
        },
    )
    document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
    users = [{"name": user["name"], "user": {"token": token}} for user in document["users"]]
    try:
        yield rewritten(site, {"users": users})
    finally:
        site.api.delete(f"{RBAC}/clusterrolebindings/{site.name}")


def test_missing_rights_are_listed(site: Site) -> None:
    make_namespace(site.api, site.name)
    with somebody(site, "view") as kubeconfig:
        said = site.quick("--set", f'existing_namespaces=["{site.name}"]', kubeconfig=kubeconfig, code=3)
    assert f"your credentials may not, in the namespace {site.name}:" in said
    # What the role `view` gives isn't among it; Secrets it doesn't even show.
    assert "create, delete, get, list, patch, update secrets" in said
    assert "get, list, watch pods" not in said
    # It may not list the nodes, and it may read the pods' logs.
    assert "it isn't known whether the modules fit on the nodes: your credentials may not list nodes" in said
    assert "pods/log" not in said


def test_with_the_rights_of_the_overlay_alone_it_installs_and_says_what_it_did_not_see(site: Site) -> None:
    make_namespace(site.api, site.name)
    module = load_catalogue("kubernetes", cache_home=site.program.root).modules["valkey"]
    rules = [
        {"apiGroups": [right.group], "resources": [right.resource], "verbs": list(right.verbs)}
        for right in module.rights
        if not right.purpose
    ]
    site.api.post(f"{RBAC}/clusterroles", {"metadata": {"name": site.name}, "rules": rules})
    try:
        with somebody(site, site.name) as kubeconfig:
            said = site.quick("--yes", "--set", f'existing_namespaces=["{site.name}"]', kubeconfig=kubeconfig)
    finally:
        site.api.delete(f"{RBAC}/clusterroles/{site.name}")
    for resource in ("nodes", "namespaces", "storageclasses.storage.k8s.io"):
        assert f"your credentials may not list {resource}" in said
    assert "ingressclasses" not in said
    assert "whether its context still leads to this cluster" in said
    assert f"in the namespace {site.name}: list events; get pods/log" in said
    release = f"/api/v1/namespaces/{site.name}/secrets/sh.helm.release.v1.feast-redis.v1"
    assert site.api.get(release)["metadata"]["labels"]["status"] == "deployed"


def test_a_half_made_release_is_found_and_repaired_without_loss(site: Site) -> None:
    site.quick("--yes")
    claims = f"/api/v1/namespaces/{site.name}/persistentvolumeclaims"
    before = [claim["metadata"]["uid"] for claim in site.api.items(claims)]
    release = f"/api/v1/namespaces/{site.name}/secrets/sh.helm.release.v1.feast-redis.v1"
    label_release(site.api, site.name, "pending-install")

    said = site.quick(code=3)
    assert f"the release feast-redis in the namespace {site.name} is pending-install" in said
    assert "--yes" in said
    site.quick("--yes")
    assert site.api.get(release)["metadata"]["labels"]["status"] == "deployed"
    assert [claim["metadata"]["uid"] for claim in site.api.items(claims)] == before
    assert "Nothing to change" in site.quick("--yes")


def test_an_installed_deployment_refuses_another_cluster_and_tells_what_to_do_without_its_own(site: Site) -> None:
    site.quick("--yes")
    uid = site.api.get("/api/v1/namespaces/kube-system")["metadata"]["uid"]
    assert site.marker()["cluster"] == uid
    path = site.folder / ".mlops-install.json"
    path.write_text(json.dumps(site.marker() | {"cluster": "another"}), encoding="utf-8")
    assert "leads to another cluster than the one" in site.quick("--yes", code=3)
    path.write_text(json.dumps(site.marker() | {"cluster": uid}), encoding="utf-8")

    document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
    dead = [{"name": it["name"], "cluster": {"server": "https://127.0.0.1:1"}} for it in document["clusters"]]
    said = site.destroy("--kubeconfig", str(rewritten(site, {"clusters": dead})), code=3)
    assert "https://127.0.0.1:1 can't be reached" in said
    assert "Nothing was removed." in said
    assert f"`rm -r {site.folder}`" in said

    # The environment can't lead the providers elsewhere either.
    astray = Site(
        Program(site.program.root, {"KUBE_HOST": "https://127.0.0.1:1", "HELM_DRIVER": "configmap"}),
        site.kubeconfig, site.api, site.name, site.charts,
    )  # fmt: skip
    assert "Nothing to change" in astray.quick("--yes")


def test_a_release_of_another_hand_is_taken_over_only_when_told_so(site: Site, tmp_path: Path) -> None:
    make_namespace(site.api, site.name)
    existing = ("--set", f'existing_namespaces=["{site.name}"]')
    site.quick("--yes", *existing)
    uid = site.api.get(f"/apis/apps/v1/namespaces/{site.name}/deployments/feast-redis")["metadata"]["uid"]
    # The same again, by somebody who doesn't know of the first deployment.
    stranger = replace(site, program=Program(tmp_path / "stranger"))
    stranger.program.root.mkdir()
    said = stranger.quick("--yes", *existing, code=3)
    assert "the release feast-redis" in said
    assert "is there already (deployed), and this deployment didn't make it" in said
    assert "another deployment of mlops-install made" in stranger.quick("--yes", "--adopt", *existing, code=3)
    site.api.delete(f"/api/v1/namespaces/{site.name}/secrets/feast-redis")
    stranger.quick("--yes", "--adopt", *existing)
    assert site.api.get(f"/apis/apps/v1/namespaces/{site.name}/deployments/feast-redis")["metadata"]["uid"] == uid


def test_doctor_looks_at_the_cluster(site: Site) -> None:
    name = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))["current-context"]
    found = site.program.document("doctor", "--kubeconfig", str(site.kubeconfig), "--context", name, code=None)
    assert any(finding["check"].startswith("cluster") for finding in found["findings"])
    found = site.program.document("doctor", "--kubeconfig", str(site.kubeconfig), "--context", "nowhere", code=3)
    assert any("has no context 'nowhere'" in finding["message"] for finding in found["findings"])
