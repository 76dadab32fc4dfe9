"""What is found before anything changes, on a real API server; needs no node that runs pods."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.program import Program, user_cache

from mlops_install.live.api import Cluster
from mlops_install.live.kubeconfig import read_kubeconfig

PRESET = """\
format: 1
title: One small module
description: Valkey alone.
target: kubernetes
modules: [valkey]
secrets: {valkey_password: generated}
"""


@dataclass(frozen=True)
class Site:
    """One deployment of Valkey to come, in a namespace of its own."""

    program: Program
    kubeconfig: Path
    api: Cluster
    name: str
    charts: Path

    def quick(self, *arguments: str, kubeconfig: Path | None = None, code: int | None = 0) -> str:
        """Run `quick` without anybody to ask; returns what it narrates."""
        preset = self.program.root / "one.yaml"
        preset.write_text(PRESET, encoding="utf-8")
        done = self.program.run(
            "quick", str(preset), "--name", self.name, "--non-interactive", "--no-verify",
            "--kubeconfig", str(kubeconfig or self.kubeconfig), "--set", f"valkey_namespace={self.name}",
            "--set", f"charts_directory={self.charts}", *arguments, code=code,
        )  # fmt: skip
        return " ".join(done.stderr.split())

    def marker(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / ".mlops-install.json").read_bytes())
        return document

    @property
    def folder(self) -> Path:
        return self.program.folder(self.name)


@contextmanager
def new_site(cluster: Path, root: Path) -> Iterator[Site]:
    """Give a deployment to come, and remove its namespace at the end; skips the test where there are no charts."""
    charts = Path(os.environ.get("MLOPS_TEST_CHARTS") or user_cache() / "mlops-install" / "test-charts")
    if not charts.is_dir():
        pytest.skip(f"no chart packages in {charts} (MLOPS_TEST_CHARTS names another folder)")
    kubeconfig = read_kubeconfig(cluster)
    api = Cluster(kubeconfig.access(kubeconfig.current), os.environ)
    made = Site(Program(root), cluster, api, f"preflight-{secrets.token_hex(3)}", charts)
    yield made
    remove_namespace(api, made.name)


@pytest.fixture
def site(cluster: Path, tmp_path: Path) -> Iterator[Site]:
    with new_site(cluster, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def limited(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployment in a namespace that was there before, where no claim may ask for more than one GiB."""
    with new_site(cluster, tmp_path_factory.mktemp("limited")) as made:
        make_namespace(made.api, made.name)
        limits = [{"type": "PersistentVolumeClaim", "max": {"storage": "1Gi"}}]
        limit = {"metadata": {"name": "small"}, "spec": {"limits": limits}}
        made.api.post(f"/api/v1/namespaces/{made.name}/limitranges", limit)
        yield made


def remove_namespace(api: Cluster, name: str) -> None:
    """Ask for its removal; it goes on its own."""
    if any(namespace["metadata"]["name"] == name for namespace in api.items("/api/v1/namespaces")):
        api.delete(f"/api/v1/namespaces/{name}")


def make_namespace(api: Cluster, name: str) -> None:
    api.post("/api/v1/namespaces", {"metadata": {"name": name}})


def rewritten(site: Site, change: dict[str, Any]) -> Path:
    """Return a copy of the kubeconfig with some of its parts replaced."""
    document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
    path = site.program.root / "other-kubeconfig"
    path.write_text(yaml.safe_dump(document | change), encoding="utf-8")
    return path


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


def test_missing_rights_are_listed(site: Site) -> None:
    make_namespace(site.api, site.name)
    path = f"/api/v1/namespaces/{site.name}/serviceaccounts"
    site.api.post(path, {"metadata": {"name": "poor"}})
    token = site.api.post(f"{path}/poor/token", {"spec": {"audiences": []}})["status"]["token"]
    site.api.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        {
            "metadata": {"name": site.name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [{"kind": "ServiceAccount", "name": "poor", "namespace": site.name}],
        },
    )
    try:
        document = yaml.safe_load(site.kubeconfig.read_text(encoding="utf-8"))
        users = [{"name": user["name"], "user": {"token": token}} for user in document["users"]]
        said = site.quick(
            "--set", f'existing_namespaces=["{site.name}"]',
            kubeconfig=rewritten(site, {"users": users}), code=3,
        )  # fmt: skip
    finally:
        site.api.delete(f"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{site.name}")
    assert f"your credentials may not, in the namespace {site.name}:" in said
    # What the role `view` gives isn't among it; Secrets it doesn't even show.
    assert "create, delete, get, list, patch, update secrets" in said
    assert "get, list, watch pods" not in said


def test_a_half_made_release_is_found_and_repaired_without_loss(site: Site) -> None:
    site.quick("--yes")
    claims = f"/api/v1/namespaces/{site.name}/persistentvolumeclaims"
    before = [claim["metadata"]["uid"] for claim in site.api.items(claims)]
    release = f"/api/v1/namespaces/{site.name}/secrets/sh.helm.release.v1.feast-redis.v1"
    label = json.dumps({"metadata": {"labels": {"status": "pending-install"}}}).encode()
    site.api.request("PATCH", release, None, label, {"Content-Type": "application/merge-patch+json"})

    said = site.quick(code=3)
    assert f"the release feast-redis in the namespace {site.name} is pending-install" in said
    assert "--yes" in said
    site.quick("--yes")
    assert site.api.get(release)["metadata"]["labels"]["status"] == "deployed"
    assert [claim["metadata"]["uid"] for claim in site.api.items(claims)] == before
    assert "Nothing to change" in site.quick("--yes")


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
    # The test before left it installed.
    claims = f"/api/v1/namespaces/{limited.name}/persistentvolumeclaims"
    another = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    limited.api.post(claims, {"metadata": {"name": "other"}, "spec": another})
    assert {claim["metadata"]["name"] for claim in limited.api.items(claims)} == {"feast-redis", "other"}
    said = limited.program.run("destroy", limited.name, "--yes", "--non-interactive", "--purge-data").stderr
    assert "PersistentVolumeClaim" not in said.partition("What stays:")[2]
    left = [claim["metadata"] for claim in limited.api.items(claims)]
    assert [claim["name"] for claim in left if "deletionTimestamp" not in claim] == ["other"]
    assert limited.api.get(f"/api/v1/namespaces/{limited.name}")["status"]["phase"] == "Active"


def test_an_installed_deployment_refuses_another_cluster(site: Site) -> None:
    site.quick("--yes")
    uid = site.api.get("/api/v1/namespaces/kube-system")["metadata"]["uid"]
    assert site.marker()["cluster"] == uid
    path = site.folder / ".mlops-install.json"
    path.write_text(json.dumps(site.marker() | {"cluster": "another"}), encoding="utf-8")
    assert "leads to another cluster than the one" in site.quick("--yes", code=3)
    path.write_text(json.dumps(site.marker() | {"cluster": uid}), encoding="utf-8")

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
    name = read_kubeconfig(site.kubeconfig).current
    found = site.program.document("doctor", "--kubeconfig", str(site.kubeconfig), "--context", name, code=None)
    assert any(finding["check"].startswith("cluster") for finding in found["findings"])
    found = site.program.document("doctor", "--kubeconfig", str(site.kubeconfig), "--context", "nowhere", code=3)
    assert any("has no context 'nowhere'" in finding["message"] for finding in found["findings"])
