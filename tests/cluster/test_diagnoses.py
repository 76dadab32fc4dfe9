"""What an operator is told when the cluster refuses what an apply asks for, in namespaces of each test's own.

Where it can be, two modules fail for two reasons in one apply.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from tests.cluster.conftest import TestCluster
from tests.cluster.objects import patch

from mlops_install.catalogue.load import load_catalogue
from mlops_install.targets.kubernetes.api import Cluster

PRESET = """\
format: 1
title: Two small modules
target: kubernetes
modules: [valkey, postgresql]
parameters: {valkey_timeout: 60, postgresql_timeout: 60}
secrets: {valkey_password: generated, postgresql_admin_password: generated}
"""
ADMISSION = "/apis/admissionregistration.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"

Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Site:
    """A deployment of two modules to come, in two namespaces of its own that are there."""

    on: TestCluster
    api: Cluster
    name: str

    @property
    def valkey(self) -> str:
        return f"{self.name}-a"

    @property
    def postgresql(self) -> str:
        return f"{self.name}-b"

    def quick(self, *more: str, then: Callable[[Events], object] = lambda events: None) -> Events:
        """Install, call `then` after each event, and return the events; the apply must fail."""
        preset = self.on.program.root / "two.yaml"
        preset.write_text(PRESET)
        flags = ["--yes", "--non-interactive", "--no-verify", "--kubeconfig", str(self.on.kubeconfig), "-o", "json"]
        sets = [
            f"charts_directory={self.on.charts}",
            f"valkey_namespace={self.valkey}",
            f"postgresql_namespace={self.postgresql}",
            f"existing_namespaces={json.dumps([self.valkey, self.postgresql])}",
        ]
        argv = ["quick", str(preset), "--name", self.name, *flags, *(f"--set={one}" for one in sets), *more]
        child = self.on.program.start(*argv)
        assert child.stdout is not None
        events: Events = []
        for line in child.stdout:
            events.append(json.loads(line))
            then(events)
        error = child.communicate()[1]
        assert child.returncode == 1, (error, events[-1])
        return events


@pytest.fixture
def site(on_cluster: TestCluster) -> Iterator[Site]:
    made = Site(on_cluster, on_cluster.client(), f"told-{secrets.token_hex(3)}")
    for namespace in (made.valkey, made.postgresql):
        made.api.post("/api/v1/namespaces", {"metadata": {"name": namespace}})
    yield made
    for namespace in (made.valkey, made.postgresql):
        made.api.delete(f"/api/v1/namespaces/{namespace}")


def problem(events: Events, module: str) -> dict[str, Any]:
    """Return the one problem that the result names for a module."""
    (found,) = [one for one in events[-1]["data"]["problems"] if one["module"] == module]
    return dict(found)


def in_namespace(name: str) -> dict[str, Any]:
    return {"matchLabels": {"kubernetes.io/metadata.name": name}}


def test_a_quota_that_is_used_up_and_an_object_of_another_hand(site: Site) -> None:
    quota = {"metadata": {"name": "tight"}, "spec": {"hard": {"requests.memory": "1Mi"}}}
    site.api.post(f"/api/v1/namespaces/{site.valkey}/resourcequotas", quota)
    # Under such a quota a container that asks for nothing is refused, before anything is counted.
    limits = {"spec": {"limits": [{"type": "Container", "defaultRequest": {"memory": "1Mi"}}]}}
    site.api.post(f"/api/v1/namespaces/{site.valkey}/limitranges", {"metadata": {"name": "default"}, **limits})
    service = {"metadata": {"name": "postgres"}, "spec": {"ports": [{"port": 5432}]}}
    site.api.post(f"/api/v1/namespaces/{site.postgresql}/services", service)
    events = site.quick()

    told = problem(events, "valkey")
    assert told["message"] == "the namespace's quota tight leaves no memory for what is asked for"
    assert told["parameter"] == "valkey_memory"
    assert f"mlops-install apply {site.name} --set valkey_memory=…" in told["hint"]

    told = problem(events, "postgresql")
    assert told["message"] == (
        f'Service "postgres" in the namespace {site.postgresql} is there already, made by another hand'
    )
    assert told["parameter"] == "postgresql_namespace"
    assert f"kubectl -n {site.postgresql} delete service postgres" in told["hint"].lower()


def test_a_webhook_that_does_not_answer_and_a_policy_that_refuses(site: Site) -> None:
    name = f"{site.name}.example.com"
    rule = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"]}
    webhook = {
        "name": name,
        "clientConfig": {"url": "https://127.0.0.1:9/"},
        "rules": [{**rule, "resources": ["deployments"]}],
        "namespaceSelector": in_namespace(site.valkey),
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    policy = {
        "matchConstraints": {"resourceRules": [{**rule, "resources": ["statefulsets"]}]},
        "validations": [{"expression": "false", "message": "no databases here"}],
    }
    binding = {
        "policyName": name,
        "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": in_namespace(site.postgresql)},
    }
    made: dict[str, dict[str, Any]] = {
        "validatingwebhookconfigurations": {"webhooks": [webhook]},
        "validatingadmissionpolicies": {"spec": policy},
        "validatingadmissionpolicybindings": {"spec": binding},
    }
    for kind, document in made.items():
        site.api.post(f"{ADMISSION}/{kind}", {"metadata": {"name": name}, **document})
    try:
        events = site.quick()
    finally:
        for kind in made:
            site.api.delete(f"{ADMISSION}/{kind}/{name}")

    told = problem(events, "valkey")
    assert told["message"] == f"the cluster could not ask its webhook {name}"
    assert "See that the webhook's pod runs" in told["hint"]
    told = problem(events, "postgresql")
    assert told["message"] == f"a policy of the cluster ({name}) refused an object"
    assert "no databases here" in " ".join(told["detail"])


def test_a_right_that_is_taken_away_is_named_as_the_rule_that_lacks(site: Site) -> None:
    poor, role = with_account(site)
    taken = False

    def take(events: Events) -> None:
        nonlocal taken
        if not taken:
            # Preflight is over: it would have told before.
            taken = True
            rules = [rule for rule in role["rules"] if rule["resources"] != ["deployments"]]
            patch(site.api, f"{RBAC}/clusterroles/{site.name}", {"rules": rules})

    try:
        events = replace(site, on=replace(site.on, kubeconfig=poor)).quick("--without=postgresql", then=take)
    finally:
        for kind in ("clusterroles", "clusterrolebindings"):
            site.api.delete(f"{RBAC}/{kind}/{site.name}")
    told = problem(events, "valkey")
    account = f"system:serviceaccount:{site.valkey}:poor"
    assert told["message"].startswith(f"{account} may not ")
    assert told["message"].endswith(f' deployments in the namespace "{site.valkey}"')
    assert 'apiGroups: ["apps"], resources: ["deployments"], verbs: ["' in told["hint"]


def with_account(site: Site) -> tuple[Path, dict[str, Any]]:
    """Make an account with the rights that the modules list; return its kubeconfig and its role."""
    accounts = f"/api/v1/namespaces/{site.valkey}/serviceaccounts"
    site.api.post(accounts, {"metadata": {"name": "poor"}})
    token = site.api.post(f"{accounts}/poor/token", {"spec": {"audiences": []}})["status"]["token"]
    modules = load_catalogue("kubernetes", cache_home=site.on.program.root / "catalogue").modules.values()
    rights = [right for module in modules for right in module.rights]
    rules = [{"apiGroups": [r.group], "resources": [r.resource], "verbs": list(r.verbs)} for r in rights]
    rules.append({"apiGroups": [""], "resources": ["*"], "verbs": ["*"]})
    role = {"metadata": {"name": site.name}, "rules": rules}
    site.api.post(f"{RBAC}/clusterroles", role)
    binding = {
        "metadata": {"name": site.name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": site.name},
        "subjects": [{"kind": "ServiceAccount", "name": "poor", "namespace": site.valkey}],
    }
    site.api.post(f"{RBAC}/clusterrolebindings", binding)
    return rewritten(site, "users", "user", lambda user: {"token": token}), role


def rewritten(site: Site, kind: str, part: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Path:
    """Return a copy of the kubeconfig with each user or cluster changed."""
    document = yaml.safe_load(site.on.kubeconfig.read_text())
    document[kind] = [{"name": one["name"], part: change(one[part])} for one in document[kind]]
    path = site.on.program.root / f"{site.name}-kubeconfig"
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_cluster_that_goes_away_during_the_apply(site: Site) -> None:
    servers = [one["cluster"]["server"] for one in yaml.safe_load(site.on.kubeconfig.read_text())["clusters"]]
    address = urlsplit(servers[0])
    way = Way(str(address.hostname), address.port or 443)
    server = f"https://127.0.0.1:{way.port}"
    there = {"server": server, "tls-server-name": str(address.hostname)}
    over = rewritten(site, "clusters", "cluster", lambda cluster: {**cluster, **there})

    def cut(events: Events) -> None:
        if events[-1]["type"] == "apply_start":
            way.close()

    with contextlib.closing(way):
        events = replace(site, on=replace(site.on, kubeconfig=over)).quick("--without=postgresql", then=cut)
    told = problem(events, "valkey")
    assert told["message"] == "the cluster can't be reached from here"
    assert "`kubeconfig` and `kube_context`" in told["hint"]


class Way:
    """A way to a server that can be cut: connections to a port of this machine are passed on."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut it, and everything that goes on over it."""
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(self._to)
                self._open += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
