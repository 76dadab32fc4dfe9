"""What is served in a cluster. The API is a stand-in on loopback with the objects that Seldon's operator leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.models import served_models

NAMESPACE = "seldon"
KIND = f"/apis/machinelearning.seldon.io/v1/namespaces/{NAMESPACE}/seldondeployments"


class Api(HTTPServer):
    """Answers by path."""

    replies: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        found = self.server.replies.get(self.path.partition("?")[0])
        missing = {"kind": "Status", "reason": "NotFound", "message": "not there"}
        content = json.dumps(missing if found is None else found).encode()
        self.send_response(404 if found is None else int(found.pop("status_code", 200)))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def api() -> Iterator[Api]:
    with Api(("127.0.0.1", 0), Handler) as made:
        made.replies = {}
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_models_of_a_cluster_say_where_they_come_from_and_how_they_are(api: Api) -> None:
    api.replies[KIND] = {
        "items": [
            _deployment(
                "wine", "3", None, **{"registered": "Wine quality", "source": "models:/Wine quality/3", "alias": "best"}
            ),
            _deployment("iris", "1", created="@CREATED@"),
            _deployment("broken", "1", state={"state": "Failed", "description": "no such image"}),
        ]
    }
    for name, version in (("wine", "3"), ("iris", "1")):
        api.replies[_address(name)] = {"name": name, "versions": [version]}
    found = {model.name: model for model in served_models(_cluster(api), NAMESPACE)}
    assert list(found) == ["broken", "iris", "wine"]
    wine, iris, broken = found["wine"], found["iris"], found["broken"]
    assert (wine.model, wine.version, wine.alias, wine.uri) == ("Wine quality", "3", "best", "models:/Wine quality/3")
    assert (wine.state, wine.detail, wine.since) == ("healthy", "", "2026-01-02T03:04:05+00:00")
    assert (iris.model, iris.uri, iris.since) == ("iris", "s3://bucket/iris", "2026-01-01T00:00:00Z")
    assert (broken.state, broken.detail) == ("down", "no such image")


def test_one_that_does_not_answer_is_explained_by_its_pod(api: Api) -> None:
    api.replies[KIND] = {"items": [_deployment("wine", "3")]}
    waiting = {"name": "wine", "ready": False, "state": {"waiting": {"reason": "ImagePullBackOff", "message": "gone"}}}
    pod = {"metadata": {"name": "wine-1"}, "status": {"phase": "Pending", "containerStatuses": [waiting]}}
    api.replies[f"/api/v1/namespaces/{NAMESPACE}/pods"] = {"items": [pod]}
    (model,) = served_models(_cluster(api), NAMESPACE)
    assert model.state == "starting"
    assert model.detail.startswith("wine-1: ")


def test_the_version_before_is_said_while_it_still_answers(api: Api) -> None:
    api.replies[KIND] = {"items": [_deployment("wine", "3")]}
    api.replies[_address("wine")] = {"name": "wine", "versions": ["2"]}
    (model,) = served_models(_cluster(api), NAMESPACE)
    assert (model.state, model.detail) == ("starting", "version 2 still answers")


def test_a_cluster_that_does_not_know_the_kind_serves_nothing(api: Api) -> None:
    assert served_models(_cluster(api), NAMESPACE) == []


def test_a_refusal_goes_through(api: Api) -> None:
    api.replies[KIND] = {"status_code": 403, "kind": "Status", "reason": "Forbidden", "message": "may not list"}
    with pytest.raises(ClusterError, match="may not list"):
        served_models(_cluster(api), NAMESPACE)


def _cluster(api: Api) -> Cluster:
    return Cluster(Access(Path("/k"), "here", f"http://127.0.0.1:{api.server_port}"), {})


def _address(name: str) -> str:
    return f"/api/v1/namespaces/{NAMESPACE}/services/http:{name}-default:8000/proxy/v2/models/{name}"


def _deployment(name: str, version: str, state: dict[str, str] | None = None, **said: Any) -> dict[str, Any]:
    written = {"version": version, "uri": f"s3://bucket/{name}", "created": "2026-01-02T03:04:05+00:00", **said}
    return {
        "metadata": {
            "name": name,
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"mlflow-seldon/model": name},
            "annotations": {f"mlflow-seldon/{key}": value for key, value in written.items()},
        },
        "spec": {"predictors": [{"name": "default"}]},
        "status": state or {},
    }
