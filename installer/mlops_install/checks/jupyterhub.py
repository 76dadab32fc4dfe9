"""Enter JupyterHub 6.1.1, start a server and reach the other tools from a cell in its kernel, then remove both."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mlops_install.checks.steps import CheckError, Steps, address, main

USER = "mlops-verify"
START_SECONDS = 180.0
"""For a server to start or stop where the payload says nothing else: the first start compiles what it imports."""
CELLS = {
    "mlflow": """\
import mlflow
print(mlflow.get_tracking_uri(), "-", len(mlflow.search_experiments(max_results=10)), "experiments")
""",
    "prefect": """\
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    print(client.api_url, "- work pools:", ", ".join(pool.name for pool in client.read_work_pools(limit=20)))
""",
    "dask": """\
from distributed import Client
with Client(timeout=30, set_as_default=False) as client:
    print(client.scheduler.address, "- sum:", client.submit(sum, [20, 22], pure=False).result())
""",
    "feast": """\
import os, requests
body = {"features": ["driver_activity:trips_today"], "entities": {"driver_id": [1]}}
reply = requests.post(os.environ["FEAST_SERVER_URL"] + "/get-online-features", json=body, timeout=60)
reply.raise_for_status()
print(os.environ["FEAST_SERVER_URL"], "-", reply.json()["metadata"]["feature_names"])
""",
    "seldon": """\
import os, requests
requests.get(os.environ["SELDON_URL"] + "/v2/health/ready", timeout=60).raise_for_status()
print(os.environ["SELDON_URL"], "- ready")
""",
}
"""Module → what a user would type, with nothing but the variables that the notebook finds."""


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Enter by the login form where there is one, then by the verify token; make, use and remove one server."""
    secrets, settings = payload.get("secrets", {}), payload.get("settings", {})
    with steps.step("connect") as note:
        door = open_door(address(payload, "jupyterhub").rstrip("/"), str(payload.get("through") or ""))
        version = _expect(Browser(door).get("/hub/api/"), 200).json()["version"]
        note.detail = f"JupyterHub {version} at {door.url}"
    if settings.get("oauth_github_enable"):
        with steps.step("login leads to GitHub") as note:
            note.detail = _oauth(door, settings)
    else:
        with steps.step("log in by the form") as note:
            note.detail = _log_in(door, str(secrets["jupyterhub_shared_password"]))
    headers = {"Authorization": f"token {secrets['jupyterhub_verify_token']}"}
    with Browser(door, headers) as client:
        client.patience = float(payload.get("facts", {}).get("start_seconds", START_SECONDS))
        try:
            with steps.step("start a server") as note:
                note.detail = _start(client)
            # Where others use the server too, it is theirs until they are done.
            told = {**payload, **(steps.hold() if payload.get("hold") else {})}
            _use_kernel(client, door, headers, told, steps)
        finally:
            with steps.step("clean up") as note:
                note.detail = _remove(client)


@dataclass(frozen=True)
class Door:
    """Where the hub is entered."""

    url: str
    tls: ssl.SSLContext | None = None
    """What its certificate is held to; None for what every client trusts."""


def open_door(url: str, through: str) -> Door:
    """Return the way to `url`; with `through`, its host is from now on that other host, which serves it over HTTPS.

    Inside a cluster the outside name may lead nowhere, and who signed the certificate may be known to browsers alone:
    the one that is served must be for that name and in its dates, whoever signed it. Raises OSError.
    """
    if not through:
        return Door(url)
    name, port = urlsplit(url).hostname or "", urlsplit(url).port or 443
    resolve = socket.getaddrinfo

    def resolve_through(host: Any, *rest: Any, **more: Any) -> Any:
        return resolve(through if host == name else host, *rest, **more)

    # For `requests` and tornado alike, and for this process alone.
    socket.getaddrinfo = resolve_through
    tls = ssl.create_default_context(cadata=ssl.get_server_certificate((name, port), timeout=60))
    tls.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return Door(url, tls)


class Browser:
    """A client whose paths are the hub's; a context manager.

    By `requests`, which notebooks and the hub's own image both have.
    """

    def __init__(self, door: Door, headers: Mapping[str, str] | None = None) -> None:
        """Make one; nothing is asked yet. No redirect is followed, no proxy is used."""
        import requests
        from requests.adapters import HTTPAdapter

        self._url = door.url
        self._session: Any = requests.Session()
        if door.tls:
            adapter = HTTPAdapter()
            adapter.init_poolmanager(1, 1, ssl_context=door.tls)
            self._session.mount("https://", adapter)
        self._session.trust_env = False
        self._session.headers.update(headers or {})
        self.cookies: Any = self._session.cookies
        self.patience = START_SECONDS

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, path: str) -> Any:
        """Return the reply."""
        return self._send("GET", path)

    def post(self, path: str, **content: Any) -> Any:
        """Send `data` as a form or `json`, and return the reply."""
        return self._send("POST", path, **content)

    def delete(self, path: str) -> Any:
        """Return the reply."""
        return self._send("DELETE", path)

    def _send(self, method: str, path: str, **content: Any) -> Any:
        return self._session.request(method, f"{self._url}{path}", timeout=60, allow_redirects=False, **content)


def _log_in(door: Door, password: str) -> str:
    """Enter as a browser does; a wrong password must be refused."""
    with Browser(door) as browser:
        _expect(browser.get("/hub/login"), 200)
        form = {"_xsrf": browser.cookies["_xsrf"], "username": USER, "password": f"not-{password}"}
        _expect(browser.post("/hub/login", data=form), 403)
        form = {"_xsrf": browser.cookies["_xsrf"], "username": USER, "password": password}
        _expect(browser.post("/hub/login", data=form), 302)
        _expect(browser.get("/hub/home"), 200)
    return f"as {USER}; a wrong password is refused"


def _oauth(door: Door, settings: Mapping[str, Any]) -> str:
    """Follow the login button up to GitHub's door: who the hub says it is, where the visitor is sent back."""
    with Browser(door) as browser:
        target = _expect(browser.get("/hub/oauth_login"), 302).headers["location"]
    query = {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}
    if query.get("client_id") != settings.get("oauth_github_client_id"):
        raise CheckError(f"the hub calls itself {query.get('client_id')!r} at GitHub")
    return f"{urlsplit(target).hostname}, back to {query.get('redirect_uri')}"


def _start(client: Browser) -> str:
    _expect(client.post(f"/hub/api/users/{USER}"), 201, 409)
    _stop(client)  # one that an interrupted verification left behind
    started = time.monotonic()
    _expect(client.post(f"/hub/api/users/{USER}/server"), 201, 202)
    while not (server := _server(client)).get("ready"):
        if not server.get("pending"):
            raise CheckError("the server ended while it started; JupyterHub's log says why")
        _pause(client, started, "did not start")
    return f"ready after {time.monotonic() - started:.1f} s"


def _stop(client: Browser) -> None:
    if not _server(client):
        return
    started = time.monotonic()
    _expect(client.delete(f"/hub/api/users/{USER}/server"), 202, 204)
    while _server(client):
        _pause(client, started, "did not stop")


def _server(client: Browser) -> dict[str, Any]:
    """Return the state of the user's server, empty when there is none."""
    servers = _expect(client.get(f"/hub/api/users/{USER}"), 200).json().get("servers") or {}
    return dict(servers.get("") or {})


def _pause(client: Browser, started: float, problem: str) -> None:
    if time.monotonic() - started > client.patience:
        raise CheckError(f"the server {problem} within {client.patience:.0f} s")
    time.sleep(0.2)


def _remove(client: Browser) -> str:
    reply = client.get(f"/hub/api/users/{USER}")
    if reply.status_code == 404:
        return "nothing to remove"
    _stop(client)
    _expect(client.delete(f"/hub/api/users/{USER}"), 204)
    return "server stopped, user deleted"


def _use_kernel(client: Browser, door: Door, headers: dict[str, str], told: Mapping[str, Any], steps: Steps) -> None:
    base = f"/user/{USER}/api/kernels"
    with steps.step("start a kernel") as note:
        kernel = _expect(client.post(base, json={"name": "python3"}), 201).json()["id"]
        channels = f"{door.url.replace('http', 'ws', 1)}{base}/{kernel}/channels"
        cell = "import sys; print('Python', sys.version.split()[0])"
        note.detail = asyncio.run(_execute(channels, headers, door.tls, cell))
    for module in (module for module in CELLS if module in told.get("modules", ())):
        with steps.step(f"reach {module} from the notebook") as note:
            note.detail = asyncio.run(_execute(channels, headers, door.tls, CELLS[module]))
    with contextlib.suppress(Exception):  # the server that holds it is stopped next
        client.delete(f"{base}/{kernel}")


async def _execute(channels: str, headers: dict[str, str], tls: ssl.SSLContext | None, code: str) -> str:
    """Run a cell over the kernel's websocket and return what it printed last.

    Messages: Jupyter messaging protocol 5.3. Raises CheckError with the exception that the cell ended with.
    """
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    asked = HTTPRequest(channels, headers=headers, request_timeout=60, connect_timeout=60, ssl_options=tls)
    connection = await websocket_connect(asked)
    request, printed = uuid.uuid4().hex, ""
    header = {"msg_id": request, "msg_type": "execute_request", "session": request, "username": USER, "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
    body = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await connection.write_message(json.dumps(body))
    try:
        while (text := await connection.read_message()) is not None:
            message = json.loads(text)
            if message.get("parent_header", {}).get("msg_id") != request:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream" and content["name"] == "stdout":
                printed += content["text"]
            elif kind == "error":
                raise CheckError(f"the cell raised {content['ename']}: {content['evalue']}")
            elif kind == "status" and content["execution_state"] == "idle":
                # On the same channel as the output, and after it.
                return printed.strip().rpartition("\n")[2]
    finally:
        connection.close()
    raise CheckError("the kernel's connection closed before the cell had ended")


def _expect(response: Any, *codes: int) -> Any:
    if response.status_code not in codes:
        where = f"{response.request.method} {urlsplit(response.url).path}"
        raise CheckError(f"{where} answered {response.status_code}: {' '.join(response.text[:200].split())}")
    return response


if __name__ == "__main__":
    main(check)
