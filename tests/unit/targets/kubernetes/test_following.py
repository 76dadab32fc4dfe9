"""Lists that are watched, against a server on loopback that says what a list and a watch are to say."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mlops_install.targets.kubernetes.access import Access
from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.following import Follower

PODS = "/api/v1/namespaces/ml/pods"


class Server(ThreadingHTTPServer):
    """Lists what is in `pods`, and streams to a watch what is put into `events`; None ends the watch."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pods: list[dict[str, Any]] = []
        self.version = "1"
        self.events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.refusals: dict[bool, int] = {}
        """Statuses to refuse with, by whether it is a watch."""
        self.lists = 0
        self.watched: queue.Queue[dict[str, list[str]]] = queue.Queue()
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        watches = "watch" in asked
        if watches:
            self.server.watched.put(asked)
        else:
            self.server.lists += 1
        if status := self.server.refusals.get(watches):
            self._say(status, {"kind": "Status", "reason": "Forbidden", "message": "no right to it"})
        elif watches:
            self._stream()
        else:
            self._say(200, {"metadata": {"resourceVersion": self.server.version}, "items": self.server.pods})

    def _say(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while (event := self.server.events.get()) is not None:
            line = json.dumps(event).encode() + b"\n"
            self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


def pod(name: str, version: str = "1") -> dict[str, Any]:
    return {"metadata": {"name": name, "uid": name, "resourceVersion": version}}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.events.put(None)
        made.shutdown()
        thread.join()


@pytest.fixture
def following(server: Server) -> Iterator[tuple[Follower, queue.Queue[str]]]:
    said: queue.Queue[str] = queue.Queue()
    access = Access(Path("/k"), "here", f"http://127.0.0.1:{server.server_port}")
    follower = Follower(Cluster(access, {}), report=said.put, changed=lambda: said.put("changed"))
    yield follower, said
    follower.close()


def names(follower: Follower) -> set[str]:
    return {one["metadata"]["name"] for one in follower.items(PODS, {"fieldSelector": "a=b"})}


def test_what_comes_and_goes_is_known_without_asking_again(
    server: Server, following: tuple[Follower, queue.Queue[str]]
) -> None:
    follower, said = following
    server.pods = [pod("a"), pod("b")]
    assert names(follower) == {"a", "b"}
    for kind, name, version in (("ADDED", "c", "2"), ("DELETED", "a", "3"), ("MODIFIED", "b", "4")):
        server.events.put({"type": kind, "object": pod(name, version)})
        assert said.get(timeout=10) == "changed"
    assert names(follower) == {"b", "c"}
    assert server.lists == 1
    asked = server.watched.get(timeout=10)
    assert (asked["resourceVersion"], asked["fieldSelector"], asked["allowWatchBookmarks"]) == (
        ["1"],
        ["a=b"],
        ["true"],
    )


def test_a_watch_goes_on_from_the_last_bookmark(server: Server, following: tuple[Follower, queue.Queue[str]]) -> None:
    follower, said = following
    names(follower)
    server.events.put({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "70"}}})
    assert said.get(timeout=10) == "changed"
    server.events.put(None)
    server.watched.get(timeout=10)
    assert server.watched.get(timeout=10)["resourceVersion"] == ["70"]
    assert (names(follower), server.lists) == (set(), 1)


def test_the_list_is_read_again_when_the_server_has_forgotten_the_version(
    server: Server, following: tuple[Follower, queue.Queue[str]]
) -> None:
    follower, said = following
    server.pods = [pod("a")]
    names(follower)
    server.pods, server.version = [pod("b")], "90"
    server.events.put({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}})
    assert said.get(timeout=10) == "changed"
    assert names(follower) == {"b"}
    server.watched.get(timeout=10)
    assert server.watched.get(timeout=10)["resourceVersion"] == ["90"]


def test_what_may_not_be_watched_is_asked_for_each_time_and_the_reason_is_reported(
    server: Server, following: tuple[Follower, queue.Queue[str]]
) -> None:
    follower, said = following
    server.refusals[True] = 403
    names(follower)
    assert "no right to it" in said.get(timeout=10)
    server.pods = [pod("late")]
    assert names(follower) == {"late"}


def test_what_may_not_be_listed_is_refused_as_before(
    server: Server, following: tuple[Follower, queue.Queue[str]]
) -> None:
    server.refusals[False] = 403
    with pytest.raises(ClusterError) as caught:
        names(following[0])
    assert caught.value.status == 403
    assert server.watched.empty()
