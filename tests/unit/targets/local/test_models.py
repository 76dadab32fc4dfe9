"""What is served on this machine, from the folder and from a server's replies.

The server is a stand-in that knows three paths; what MLServer itself answers is in tests/plugins.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.targets.local.models import served_models
from mlops_install.targets.local.supervision.programs import record_file


class Handler(BaseHTTPRequestHandler):
    """Serves `wine` version 2; is loading `slow`; knows no other."""

    def do_GET(self) -> None:
        status, body = {
            "/v2/models/wine/ready": (200, None),
            "/v2/models/wine": (200, {"name": "wine", "versions": ["2"]}),
            "/v2/models/slow/ready": (400, {"error": "Model slow is not ready yet."}),
        }.get(self.path, (404, {"error": "not found"}))
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        made = Deployment(tmp_path)
        _record(made, server.server_port)
        yield made
        server.shutdown()
        thread.join()


def test_each_model_says_what_it_is_and_whether_it_answers(deployment: Deployment) -> None:
    created = "2026-01-02T03:04:05+00:00"
    for name, version in (("wine", "2"), ("slow", "1"), ("lost", "1")):
        _model(deployment, name, version, created)
    # What a deployer keeps beside the models is none.
    _model(deployment, ".staging", "1", created)
    found = {model.name: model for model in served_models(deployment, "")}
    assert {name: model.state for name, model in found.items()} == {
        "lost": "down",
        "slow": "starting",
        "wine": "healthy",
    }
    wine = found["wine"]
    assert (wine.model, wine.version, wine.alias, wine.since) == ("wine", "2", "champion", created)
    assert (wine.uri, wine.detail) == ("models:/wine/2", "")
    assert "log" in found["lost"].detail


def test_a_switch_under_way_is_not_healthy_yet(deployment: Deployment) -> None:
    _model(deployment, "wine", "3", "2026-01-02T03:04:05+00:00")
    assert [(model.state, model.detail) for model in served_models(deployment, "")] == [
        ("starting", "version 2 still answers")
    ]


def test_a_folder_of_the_operators_own_needs_no_record(deployment: Deployment, tmp_path: Path) -> None:
    given = tmp_path / "own"
    (given / "wine").mkdir(parents=True)
    (given / "wine" / "model-settings.json").write_text('{"name": "wine", "parameters": {"version": "2"}}')
    (model,) = served_models(deployment, str(given))
    assert (model.name, model.model, model.version, model.since, model.state) == ("wine", "", "2", "", "healthy")


def test_a_server_that_is_down_makes_its_models_down(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    _model(deployment, "wine", "1", "")
    assert [model.state for model in served_models(deployment, "")] == ["down"]
    _record(deployment, 1)
    (model,) = served_models(deployment, "")
    assert model.state == "down"
    assert "doesn't answer" in model.detail


def _record(deployment: Deployment, port: int) -> None:
    file = record_file(deployment.services / "seldon")
    file.parent.mkdir(parents=True, exist_ok=True)
    program = {"name": "seldon", "ports": [port, 2, 3], "health": None, "after": ""}
    file.write_text(json.dumps({"programs": [program]}))


def _model(deployment: Deployment, name: str, version: str, created: str) -> None:
    folder = deployment.services / "seldon" / "data" / "models" / name
    folder.mkdir(parents=True)
    settings: dict[str, Any] = {"name": name, "parameters": {"uri": f"./{version}", "extra": {"version": version}}}
    record = {"name": name, "model": name, "version": version, "uri": f"models:/{name}/{version}"}
    (folder / "model-settings.json").write_text(json.dumps(settings))
    (folder / "deployment.json").write_text(json.dumps({**record, "created": created, "alias": "champion"}))
