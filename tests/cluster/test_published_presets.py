"""The presets that publish tools and use servers of the operator's own, on a real API server; need no running pods.

Each is installed with made-up hosts: what is there are the objects, and nothing behind them.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cluster.canaries import helm_secrets, secrets_of, where_shown
from tests.cluster.conftest import TestCluster
from tests.cluster.objects import patch
from tests.cluster.workloads import snapshot

CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
INGRESSES = "/apis/networking.k8s.io/v1/ingresses"
GITHUB = ("--set=oauth_github_client_id=Iv1.0123456789abcdef", "--set=oauth_github_client_secret=env:GITHUB_SECRET")
DATABASE, STORE = "db.example.com", "https://s3.example.com"


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The deployment's: one of its own for each preset, because earlier answers win over a preset."""
    return f"published-{request.node.originalname.split('_')[1]}"


@pytest.fixture
def published(on_cluster: TestCluster, name: str) -> Iterator[TestCluster]:
    """The cluster with an ingress class, and a program that finds GitHub's secret in its environment."""
    if not on_cluster.real_charts:
        pytest.skip("What publishes a tool stands in the real charts alone.")
    api = on_cluster.client()
    api.post(CLASSES, {"metadata": {"name": "front"}, "spec": {"controller": "mlops-install.test/none"}})
    program = replace(on_cluster.program, extra={"GITHUB_SECRET": secrets.token_hex(20)})
    cluster = replace(on_cluster, program=program)
    yield cluster
    program.run("destroy", name, "--yes", "--non-interactive", "--purge-data", code=None)
    api.delete(f"{CLASSES}/front")


def secret_file(folder: Path, name: str) -> str:
    """Write a made-up secret into a file; returns how a parameter names it."""
    path = folder / name
    path.write_text(secrets.token_hex(16), encoding="utf-8")
    return f"--set={name}=file:{path}"


def assert_only_in_secrets(cluster: TestCluster, name: str, said: list[dict[str, object]], *given: str) -> None:
    """None of the secrets, these among them, is anywhere else, but for the proxy's token, a value of its chart."""
    values = secrets_of(cluster, name)
    assert values.keys() >= set(given)
    assert where_shown(cluster, name, said) == {"release jupyterhub": {"jhub_proxy_secret_token"}}
    now = snapshot(cluster)
    assert {secret for secret in given if not now.holders(values[secret])} == set()


def hub_values(cluster: TestCluster) -> str:
    """Return what the hub is configured with."""
    data = cluster.get("/api/v1/namespaces/jhub/secrets/hub")["data"]["values.yaml"]
    return base64.b64decode(data).decode()


def test_production_publishes_the_tools_and_uses_the_servers_it_is_given(
    published: TestCluster, name: str, tmp_path: Path
) -> None:
    given = ("postgresql_external_password", "object_store_external_access_key", "object_store_external_secret_key")
    said = published.quick(
        "production", name, *GITHUB, '--set=oauth_github_admin_users=["octocat"]',
        "--set=domain=ml.example.com", "--set=ingress_class=front",
        f"--set=postgresql_external_host={DATABASE}", f"--set=object_store_external_endpoint={STORE}",
        *(secret_file(tmp_path, secret) for secret in given),
        "--without=seldon", "--without=dask",
    )  # fmt: skip
    for ingress in published.get(INGRESSES)["items"]:
        assert ingress["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "letsencrypt"
        assert ingress["spec"]["ingressClassName"] == "front"
    assert [rule["host"] for ingress in published.get(INGRESSES)["items"] for rule in ingress["spec"]["rules"]] == [
        f"{tool}.ml.example.com" for tool in ("jupyterhub", "mlflow", "prefect")
    ]
    assert [tls for ingress in published.get(INGRESSES)["items"] for tls in ingress["spec"]["tls"]] == [
        {"hosts": [f"{tool}.ml.example.com"], "secretName": f"{tool}-tls"}
        for tool in ("jupyterhub", "mlflow", "prefect")
    ]

    workloads = snapshot(published).workloads
    assert not {"data/postgres", "data/seaweedfs-all-in-one"} & workloads.keys()
    using = {
        host: {workload for workload, it in workloads.items() if host in json.dumps(it)} for host in (DATABASE, STORE)
    }
    assert using == {DATABASE: {"mlflow/mlflow", "prefect/prefect-server"}, STORE: {"mlflow/mlflow"}}
    assert f"@{DATABASE}:5432/" in hub_values(published)
    (feast,) = workloads["feast/feast-online"]["spec"]["template"]["spec"]["containers"]
    (store,) = (it["value"] for it in feast["env"] if it["name"] == "FEATURE_STORE_YAML_BASE64")
    assert f"@{DATABASE}:5432/" in base64.b64decode(store).decode()
    assert {secret["metadata"]["labels"]["name"] for secret in helm_secrets(published)} & {
        "postgres",
        "seaweedfs",
    } == set()

    assert_only_in_secrets(published, name, said, "oauth_github_client_secret", *given)
    published.program.run("plan", name, "--non-interactive", "--detailed-exitcode")


def test_team_github_gets_a_load_balancer_and_a_certificate_for_its_host(published: TestCluster, name: str) -> None:
    balancer = threading.Thread(target=give_address, args=(published,), daemon=True)
    balancer.start()
    others = ("prefect", "dask", "feast", "mlflow", "seldon", "object_store", "valkey")
    said = published.quick(
        "team-github", name, *GITHUB, '--set=oauth_github_allowed_organizations=["acme"]',
        '--set=jhub_proxy_https_hosts=["hub.example.com"]',
        "--set=jhub_proxy_https_letsencrypt_contact_email=ops@example.com",
        *(f"--without={module}" for module in others),
    )  # fmt: skip
    service = published.get("/api/v1/namespaces/jhub/services/proxy-public")["spec"]
    assert service["type"] == "LoadBalancer"
    assert {port["port"] for port in service["ports"]} == {80, 443}
    assert published.get(INGRESSES)["items"] == []
    traefik = json.dumps(published.get("/api/v1/namespaces/jhub/configmaps/autohttps")["data"])
    assert "hub.example.com" in traefik
    assert "ops@example.com" in traefik
    hub = hub_values(published)
    assert "https://hub.example.com/hub/oauth_callback" in hub
    assert "authenticator_class: github" in hub
    assert "jhub/autohttps" in snapshot(published).workloads

    assert_only_in_secrets(published, name, said, "oauth_github_client_secret")
    published.program.run("plan", name, "--non-interactive", "--detailed-exitcode")


def give_address(cluster: TestCluster) -> None:
    """Do what a cloud does: give the hub's load balancer an address as soon as it is there. Helm waits for one."""
    api, path = cluster.client(), "/api/v1/namespaces/jhub/services"
    for _ in api.watch(path, {"fieldSelector": "metadata.name=proxy-public"}, silence=120):
        break
    patch(api, f"{path}/proxy-public/status", {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}})
