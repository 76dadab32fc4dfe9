"""The client against a server on loopback: what it sends, what it makes of replies."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from mlops_install.targets.kubernetes.access.model import Access, Plugin
from mlops_install.targets.kubernetes.access.proxies import proxy_of
from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.pods.health import ask
from mlops_install.targets.kubernetes.releases.helm import list_releases


class Server(HTTPServer):
    """Answers by path; keeps what was asked."""

    replies: dict[str, tuple[int, Any]]
    asked: list[tuple[str, str, str | None]]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization")))
        status, body = self.server.replies.get(self.path, (404, {"reason": "NotFound", "message": "not found"}))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        # A server may close a kept connection without a word.
        self.close_connection = True

    do_DELETE = do_GET

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as made:
        made.replies, made.asked = {}, []
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def access(server: Server, **given: Any) -> Access:
    return Access(Path("/k"), "here", f"http://127.0.0.1:{server.server_port}", **given)


def test_a_connection_that_the_server_closed_is_made_again(server: Server) -> None:
    server.replies["/version"] = (200, {"major": "1"})
    cluster = Cluster(access(server, token="t"), {})
    assert [cluster.get("/version"), cluster.get("/version")] == [{"major": "1"}] * 2
    assert server.asked == [("GET", "/version", "Bearer t")] * 2


def test_an_http_server_behind_an_http_proxy_is_asked_for_by_its_whole_address(server: Server) -> None:
    server.replies["http://api.test:8080/p/version"] = (200, {"major": "1"})
    behind = Access(Path("/k"), "here", "http://api.test:8080/p", proxy=f"http://127.0.0.1:{server.server_port}")
    assert Cluster(behind, {}).get("/version") == {"major": "1"}


def test_a_list_is_read_page_by_page(server: Server) -> None:
    first = {"items": [{"a": 1}], "metadata": {"continue": "x"}}
    server.replies = {"/l?limit=500": (200, first), "/l?limit=500&continue=x": (200, {"items": [{"a": 2}]})}
    assert Cluster(access(server), {}).items("/l") == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(("status", "reason"), [(401, "Unauthorized"), (403, "Forbidden"), (404, "NotFound")])
def test_a_refusal_says_why(server: Server, status: int, reason: str) -> None:
    server.replies["/x"] = (status, {"kind": "Status", "reason": reason, "message": "no"})
    with pytest.raises(ClusterError) as caught:
        Cluster(access(server), {}).get("/x")
    assert (caught.value.status, caught.value.reason) == (status, reason)


def test_an_unreachable_server_is_named(server: Server) -> None:
    gone = Access(Path("/k"), "here", "http://127.0.0.1:1")
    with pytest.raises(ClusterError, match=r"here at http://127\.0\.0\.1:1 can't be reached") as caught:
        Cluster(gone, {}).get("/version")
    assert caught.value.reason == "unreachable"


def test_a_page_that_is_no_json_is_refused(server: Server) -> None:
    server.replies["/version"] = (200, b"<html>")
    with pytest.raises(ClusterError, match="something else than JSON"):
        Cluster(access(server), {}).get("/version")


def test_whoever_may_not_read_all_secrets_reads_those_of_the_namespaces(server: Server) -> None:
    query = "labelSelector=owner%3Dhelm&limit=500"
    labels = {"name": "mlflow", "version": "2", "status": "deployed"}
    secret = {"metadata": {"name": "s", "namespace": "ml", "labels": labels}}
    server.replies = {
        f"/api/v1/secrets?{query}": (403, {"reason": "Forbidden", "message": "no"}),
        f"/api/v1/namespaces/ml/secrets?{query}": (200, {"items": [secret]}),
    }
    assert [release.name for release in list_releases(Cluster(access(server), {}), ["ml"])] == ["mlflow"]


def program(folder: Path, text: str) -> Plugin:
    path = folder / "login"
    reply = '"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"'
    path.write_text(f"#!/bin/sh\n{text}\n".replace("REPLY", reply), encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return Plugin(str(path), (), {"NAME": "CANARY"}, "client.authentication.k8s.io/v1", "Install the login program.")


def test_a_plugin_gives_the_token(server: Server, tmp_path: Path) -> None:
    server.replies["/version"] = (200, {})
    plugin = program(tmp_path, """echo '{REPLY, "status": {"token": "'$NAME'"}}'""")
    Cluster(access(server, plugin=plugin), {"PATH": "/usr/bin:/bin"}).get("/version")
    assert server.asked == [("GET", "/version", "Bearer CANARY")]


@pytest.mark.parametrize("text", ["echo expired >&2; exit 1", "echo no-json", "echo '{}'"])
def test_a_plugin_that_gives_nothing_is_told_with_its_hint(server: Server, tmp_path: Path, text: str) -> None:
    cluster = Cluster(access(server, plugin=program(tmp_path, text)), {"PATH": "/usr/bin:/bin"})
    with pytest.raises(ClusterError, match="gives no credentials") as caught:
        cluster.get("/version")
    assert caught.value.hint == "Install the login program."
    assert server.asked == []


def test_credentials_that_ran_out_are_asked_for_once_more(server: Server, tmp_path: Path) -> None:
    server.replies["/version"] = (401, {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"})
    count = tmp_path / "count"
    plugin = program(tmp_path, f"""echo x >> {count}; echo '{{REPLY, "status": {{"token": "'$NAME'"}}}}'""")
    with pytest.raises(ClusterError):
        Cluster(access(server, plugin=plugin), {"PATH": "/usr/bin:/bin"}).get("/version")
    assert count.read_text() == "x\nx\n"
    assert len(server.asked) == 2


def test_the_servers_own_401_is_no_sign_of_health(server: Server) -> None:
    health = {
        "kind": "http",
        "namespace": "mlflow",
        "service": "mlflow",
        "port": 80,
        "path": "/",
        "statuses": [200, 401],
    }
    where = "/api/v1/namespaces/mlflow/services/http:mlflow:80/proxy/"
    server.replies[where] = (401, {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"})
    assert ask(Cluster(access(server), {}), health)[0] == "down"
    server.replies[where] = (401, {"message": "log in"})
    assert ask(Cluster(access(server), {}), health)[0] == "healthy"


@pytest.mark.parametrize(
    ("server", "spared", "proxy"),
    [
        ("https://10.1.2.3:6443", "", "http://proxy:3128"),
        ("https://10.1.2.3:6443", "10.0.0.0/8", ""),
        ("https://k8s.example.com", ".example.com", ""),
        ("https://k8s.example.com", "k8s.example.com, other", ""),
        ("https://k8s.example.com", "example.org", "http://proxy:3128"),
        ("https://k8s.example.com", "*", ""),
        ("https://k8s.example.com", "example.com", ""),
        ("https://K8S.example.com", "*.Example.com", ""),
        ("https://example.com", ".example.com", "http://proxy:3128"),
        ("https://notexample.com", "example.com", "http://proxy:3128"),
        ("https://k8s.example.com:6443", "k8s.example.com:6443", ""),
        ("https://k8s.example.com", "k8s.example.com:443", ""),
        ("https://k8s.example.com:6443", "k8s.example.com:443", "http://proxy:3128"),
        ("https://10.1.2.3", "10.1.2.3", ""),
        ("https://10.1.2.3:6443", "10.1.2.3:443", "http://proxy:3128"),
        ("https://10.1.2.3", "10.0.0.0/255.0.0.0", "http://proxy:3128"),
        ("https://10.1.2.3", ":443,,10.1.2", "http://proxy:3128"),
        ("https://[fd00::1]:6443", "fd00::/8", ""),
        ("https://[fd00::1]:6443", "[fd00::1]:6443", ""),
        ("https://[fd00::1]:6443", "fd00::1", ""),
        ("https://[::1]:6443", "", ""),
        ("https://127.0.0.1:6443", "", ""),
        ("https://localhost:6443", "", ""),
    ],
)
def test_the_proxy_is_the_one_that_kubectl_would_take(server: str, spared: str, proxy: str) -> None:
    there = Access(Path("/k"), "here", server)
    assert str(proxy_of(there, {"HTTPS_PROXY": "proxy:3128", "NO_PROXY": spared}) or "") == proxy
    assert str(proxy_of(replace(there, proxy="http://own:1"), {"NO_PROXY": "*"})) == "http://own:1"
