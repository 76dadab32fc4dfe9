"""Tools on a PostgreSQL, an S3 and a Redis server of the operator's own, and a Hub with GitHub and its own certificate.

What stands for the operator's servers is a deployment of its own in another namespace. The tests of this file go on
from one installation, in order; the last one removes it. Real node, real charts.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cluster.canaries import SECRETS as FILE
from tests.cluster.canaries import secrets_of
from tests.cluster.conftest import TestCluster
from tests.cluster.github_stand_in import BROWSER, CLIENT, SECRET, install
from tests.cluster.objects import eventually
from tests.cluster.sites import make_namespace, remove_namespace
from tests.cluster.workloads import snapshot

from mlops_install.targets.kubernetes.exec import STDOUT, PodProcess
from mlops_install.targets.kubernetes.pods.checks import find_place
from mlops_install.targets.kubernetes.pods.states import pod_state

SERVERS, TOOLS, HUB = "own-servers", "own-tools", "own-hub"
"""The two deployments; the first is its namespace's name too, the third is that of the Hub's."""
HOST = "hub.example.com"
ROLES = ("jupyterhub", "prefect", "feast", "mlflow")
ADMIN = "'an \"administrator's\" $PASSWORD\\ü"
ANOTHER = "another"
# Feast takes the password from a text in which it would read this as a number, and another one.
ONLINE = "1.50"

SERVERS_PRESET = f"""\
format: 1
title: What stands for the operator's own servers
target: kubernetes
modules: [postgresql, object_store, valkey]
parameters: {{postgresql_namespace: {SERVERS}, object_store_namespace: {SERVERS}, valkey_namespace: {SERVERS}}}
secrets:
  object_store_access_key: generated
  object_store_read_access_key: generated
  object_store_read_secret_key: generated
  object_store_secret_key: generated
  postgresql_admin_password: generated
  valkey_password: generated
"""
TOOLS_PRESET = f"""\
format: 1
title: Tools on servers of one's own
target: kubernetes
modules: [jupyterhub, prefect, feast, mlflow, postgresql, object_store, valkey]
parameters:
  existing_namespaces: [{HUB}]
  jhub_proxy_https_enabled: true
  jhub_proxy_https_hosts: [{HOST}]
  jupyterhub_https_type: secret
  jupyterhub_namespace: {HUB}
  mlflow_authentication: false
  oauth_github_admin_users: [octocat]
  oauth_github_allowed_organizations: [example]
  oauth_github_client_id: {CLIENT}
  oauth_github_enable: true
  object_store_external: true
  object_store_external_endpoint: http://seaweedfs-all-in-one.{SERVERS}.svc.cluster.local:8333
  postgresql_admin_user: dba
  postgresql_create_databases: false
  postgresql_external: true
  postgresql_external_host: postgres.{SERVERS}.svc.cluster.local
  postgresql_external_ssl_mode: prefer
  prefect_worker_enabled: false
  singleuser_image_pull_policy: IfNotPresent
  singleuser_memory_guarantee: 256M
  singleuser_storage_capacity: 1Gi
  tls_secret: hub-certificate
  valkey_external: true
  valkey_external_host: feast-redis.{SERVERS}.svc.cluster.local
secrets:
  jhub_proxy_secret_token: generated
  jupyterhub_verify_token: generated
  prefect_admin_password: generated
"""

Events = list[dict[str, Any]]


def rolled_out(deployment: dict[str, Any], generation: int) -> bool:
    """Return whether there are pods of that generation only, and they are ready."""
    status = deployment["status"]
    counts = {status.get(count, 0) for count in ("replicas", "updatedReplicas", "readyReplicas")}
    return status["observedGeneration"] >= generation and counts == {deployment["spec"]["replicas"]}


def ready(on: TestCluster, namespace: str) -> set[str]:
    pods = on.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
    return {pod["metadata"]["name"] for pod in pods if pod_state(pod)[0] == "Ready"}


def run(on: TestCluster, namespace: str, selector: str, container: str, *argv: str) -> str:
    """Run a program in a ready pod and return what it says; it must go well."""
    place = find_place(on.client(), namespace, selector, container)
    with PodProcess(on.client(), namespace, place.pod, container, argv) as process:
        said = list(process.read(60))
    assert process.exit_code == 0, said
    return b"".join(data for channel, data in said if channel == STDOUT).decode().strip()


def sql(on: TestCluster, *statements: str, database: str = "postgres") -> str:
    """Have the operator's server do it, one statement after another, as its superuser."""
    argv = ["psql", "-U", "postgres", "-h", "127.0.0.1", "-tA", "-d", database, "-v", "ON_ERROR_STOP=1"]
    commands = [word for statement in statements for word in ("-c", statement)]
    return run(on, SERVERS, "app.kubernetes.io/name=postgres", "postgres", *argv, *commands)


def online(on: TestCluster, *words: str, password: str) -> str:
    """Ask the operator's Redis."""
    told = ["valkey-cli", "-a", password, "--no-auth-warning", *words]
    return run(on, SERVERS, "app.kubernetes.io/name=valkey", "feast-redis", *told)


def shell(on: TestCluster, command: str) -> str:
    """Run a command where the operator's S3 store runs."""
    return run(on, SERVERS, "app.kubernetes.io/instance=seaweedfs", "seaweedfs", "sh", "-c", command)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def servers(on_real_node: TestCluster) -> Iterator[dict[str, str]]:
    """The secrets of the operator's servers, which hold nothing yet; the cluster is left as it was found."""
    before = on_real_node.names("/api/v1/namespaces")
    folder = on_real_node.program.root
    (folder / "servers.yaml").write_text(SERVERS_PRESET)
    on_real_node.quick(str(folder / "servers.yaml"), SERVERS)
    yield secrets_of(on_real_node, SERVERS)
    if (on_real_node.program.folder(TOOLS) / FILE).exists():  # a test failed before the last one
        on_real_node.program.run("destroy", TOOLS, "--yes", "--non-interactive", "--purge-data", code=None)
    for namespace in (HUB, SERVERS):
        remove_namespace(on_real_node.client(), namespace)
    assert eventually(lambda: on_real_node.names("/api/v1/namespaces") == before)


@pytest.fixture(scope="module")
def certificate(on_real_node: TestCluster, servers: dict[str, str]) -> str:
    """The Hub's certificate, which nobody else signed, in a Secret of the operator's."""
    assert servers
    key, made = (on_real_node.program.root / name for name in ("hub.key", "hub.crt"))
    self_signed = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-days", "1", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run([*self_signed, *named, "-keyout", key, "-out", made], check=True, capture_output=True)
    make_namespace(on_real_node.client(), HUB)
    data = {"tls.crt": made.read_text(), "tls.key": key.read_text()}
    secret = {"metadata": {"name": "hub-certificate"}, "type": "kubernetes.io/tls", "stringData": data}
    on_real_node.client().post(f"/api/v1/namespaces/{HUB}/secrets", secret)
    return made.read_text().strip()


def given(folder: Path, **secrets: str) -> list[str]:
    """Return the flags that give secrets by reference, each in a file of its own."""
    for name, value in secrets.items():
        (folder / name).write_text(value)
    return [f"--set={name}=file:{folder / name}" for name in secrets]


def apply(on: TestCluster, tmp_path: Path, *sets: str, **secrets: str) -> Events:
    flags = ("--yes", "--non-interactive", "--kubeconfig", str(on.kubeconfig))
    events: Events = on.program.lines("apply", TOOLS, *flags, *sets, *given(tmp_path, **secrets))
    return events


def test_on_databases_that_the_operator_made_a_missing_bucket_is_told_and_found_once_it_is_made(
    on_real_node: TestCluster, servers: dict[str, str], certificate: str, tmp_path: Path
) -> None:
    assert certificate
    sql(on_real_node, f"CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD {literal(ADMIN)}")
    roles = [f"CREATE ROLE {role} LOGIN PASSWORD '{role}role'; GRANT {role} TO dba" for role in ROLES]
    owned = [f"CREATE DATABASE {role} OWNER {role}" for role in ROLES]
    sql(on_real_node, "SET ROLE dba", *roles, *owned)
    online(on_real_node, "ACL", "SETUSER", "default", "resetpass", "nopass", password=servers["valkey_password"])

    preset = tmp_path / "tools.yaml"
    preset.write_text(TOOLS_PRESET)
    keys = {f"object_store_external_{key}": servers[f"object_store_{key}"] for key in ("access_key", "secret_key")}
    keys["oauth_github_client_secret"] = SECRET
    secrets = given(tmp_path, **{f"{role}_database_password": f"{role}role" for role in ROLES}, **keys)
    flags = ["--name", TOOLS, "--yes", "--non-interactive", "--no-verify", "-o", "json"]
    places = ["--kubeconfig", str(on_real_node.kubeconfig), f"--set=charts_directory={on_real_node.charts}"]
    places += on_real_node.environment_images()
    child = on_real_node.program.start("quick", str(preset), *flags, *places, *secrets)
    assert child.stdout is not None
    told = ""
    for line in child.stdout:
        event = json.loads(line)
        if "(NoSuchBucket)" in str(event.get("message")) and not told:
            told = event["message"]
            shell(on_real_node, "echo s3.bucket.create -name mlflow | WEED_CLUSTER_SW_MASTER=localhost:9333 weed shell")
    assert child.wait() == 0, event
    assert "make it, or name another one with mlflow_artifact_root" in told
    states = on_real_node.program.document("status", TOOLS)["modules"]
    assert {state["module"]: state["state"] for state in states} == dict.fromkeys(ROLES, "healthy")
    assert "databases" not in snapshot(on_real_node).releases


def test_given_the_administrators_password_the_job_takes_over_what_is_there(
    on_real_node: TestCluster, tmp_path: Path
) -> None:
    """The administrator is no superuser; Redis gets a password meanwhile, and only Feast uses it."""
    before = snapshot(on_real_node)
    online(on_real_node, "ACL", "SETUSER", "default", "resetpass", f">{ONLINE}", password="")
    passwords = {"postgresql_external_password": ADMIN, "valkey_external_password": ONLINE}
    apply(on_real_node, tmp_path, "--set=postgresql_create_databases=true", **passwords)
    now = snapshot(on_real_node)
    assert now.releases["databases"] == 1
    assert now.touched_since(before) == {"feast/feast-online"}
    owners = "SELECT d.datname || ' ' || r.rolname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
    public = sql(on_real_node, f"{owners} WHERE r.rolname <> 'postgres' AND NOT d.datacl::text LIKE '%{{=%'").split(
        "\n"
    )
    assert set(public) == {f"{role} {role}" for role in ROLES}


def test_a_rotated_password_of_the_administrator_reaches_the_job_and_restarts_nothing(
    on_real_node: TestCluster, tmp_path: Path
) -> None:
    before = snapshot(on_real_node)
    sql(on_real_node, f"ALTER ROLE dba PASSWORD '{ANOTHER}'")
    apply(on_real_node, tmp_path, postgresql_external_password=ANOTHER)
    now = snapshot(on_real_node)
    # The Job logs in with it: without the new one its release would have failed.
    assert now.releases["databases"] == 2
    assert now.touched_since(before) == set()
    assert now.holders(ANOTHER) == {"data/databases"}


def test_verify_is_green_by_real_clients_through_a_hub_with_a_certificate_of_its_own(
    on_real_node: TestCluster, certificate: str
) -> None:
    document = on_real_node.program.document("verify", TOOLS)
    modules = {module["module"]: module for module in document["modules"]}
    assert {name for name, module in modules.items() if module["status"] == "passed"} == set(ROLES)
    steps = {name: [step["name"] for step in module["steps"]] for name, module in modules.items()}
    assert {"log parameter, metric and artifact", "read them back"} <= set(steps["mlflow"])
    assert {"push a fresh value", "read it online"} <= set(steps["feast"])
    assert {"login leads to GitHub", "start a kernel", "reach mlflow from the notebook"} <= set(steps["jupyterhub"])
    for own in ("postgresql", "object_store", "valkey"):
        assert steps[own] == ["a server of your own: what uses it is checked"]
        assert modules[own]["status"] == "not installed"
    assert modules["jupyterhub"]["steps"][0]["detail"].endswith(f"at https://{HOST}")
    assert on_real_node.program.document("outputs", TOOLS)["addresses"]["jupyterhub"] == f"https://{HOST}"
    served = "import ssl; print(ssl.get_server_certificate(('proxy-public', 443)))"
    hub = ("app=jupyterhub,component=hub", "hub", "python3", "-c", served)
    assert run(on_real_node, HUB, *hub) == certificate


def test_github_lets_an_administrator_and_a_member_in_and_refuses_another(on_real_node: TestCluster) -> None:
    """By the hub's own authenticator, set up as the deployment has it; only which host is GitHub is told to its pod."""
    api, hub = on_real_node.client(), f"/apis/apps/v1/namespaces/{HUB}/deployments/hub"
    (container,) = api.get(hub)["spec"]["template"]["spec"]["containers"]
    env = [{"name": "GITHUB_URL", "value": install(on_real_node, SERVERS, container["image"])}]
    change = {"spec": {"template": {"spec": {"containers": [{"name": "hub", "env": env}]}}}}
    kind = {"Content-Type": "application/strategic-merge-patch+json"}
    generation = json.loads(api.request("PATCH", hub, None, json.dumps(change).encode(), kind)[1])["metadata"]
    assert eventually(lambda: rolled_out(api.get(hub), generation["generation"]))
    assert eventually(lambda: "github" in ready(on_real_node, SERVERS))
    browser = ("python3", "-c", BROWSER, f"https://{HOST}", "octocat", "member", "stranger")
    found = json.loads(run(on_real_node, HUB, "app=jupyterhub,component=hub", "hub", *browser))
    assert found["octocat"] == [302, 200, 200]
    assert found["member"] == [302, 200, 403]
    # Not signed in: the pages send to the login.
    assert found["stranger"] == [403, 302, 302]


def test_destroy_says_that_the_servers_keep_their_data_and_they_do(on_real_node: TestCluster) -> None:
    done = on_real_node.program.run("destroy", TOOLS, "--yes", "--non-interactive", "--purge-data")
    stays = " ".join(done.stderr.partition("What stays:")[2].split())
    assert f"Roles and databases on postgres.{SERVERS}.svc.cluster.local: none of them is dropped" in stays
    assert f"Buckets and objects at http://seaweedfs-all-in-one.{SERVERS}.svc.cluster.local:8333" in stays
    assert f"Online features on feast-redis.{SERVERS}.svc.cluster.local" in stays
    assert sql(on_real_node, "SELECT count(*) > 0 FROM runs", database="mlflow") == "t"
    assert sql(on_real_node, "SELECT count(*) > 0 FROM feature_views", database="feast") == "t"
    assert shell(on_real_node, "ls /data/buckets") == "mlflow"
    assert int(online(on_real_node, "DBSIZE", password=ONLINE)) > 0
