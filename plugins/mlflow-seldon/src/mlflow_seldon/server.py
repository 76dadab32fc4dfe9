"""The HTTP side of a model server: V2 inference protocol and MLServer's repository (MLServer 1.7.1, mlserver/rest)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

_CONNECT = 10.0
"""Seconds for a connection; loopback or a cluster's own network."""


class Unreachable(Exception):
    """Nothing answers at the address, or the connection broke."""


class Refused(Exception):
    """The server answered with an error: `status` as in HTTP, `words` as it said."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}")
        self.status = status
        self.words = words


class Server:
    """One address at which models answer."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        # Loopback and a cluster's services are not behind the proxy that the environment may name.
        self._session.trust_env = False

    def alive(self) -> bool:
        """Return whether a model server answers."""
        try:
            self._call("GET", "/v2/health/live", timeout=_CONNECT)
        except (Unreachable, Refused):
            return False
        return True

    def ready(self, name: str) -> bool:
        """Return whether a model answers, its version not asked for."""
        try:
            self._call("GET", f"/v2/models/{name}/ready", timeout=_CONNECT)
        except (Unreachable, Refused):
            return False
        return True

    def metadata(self, name: str) -> dict[str, Any] | None:
        """Return a model's metadata (ours: with `versions` and `parameters.revision`); None: no answer."""
        try:
            found = self._call("GET", f"/v2/models/{name}", timeout=_CONNECT)
        except (Unreachable, Refused):
            return None
        return found if isinstance(found, dict) else None

    def load(self, name: str) -> None:
        """Have a model's folder read (anew); returns when it is loaded, however long; raises Unreachable, Refused."""
        self._call("POST", f"/v2/repository/models/{name}/load", timeout=None)

    def unload(self, name: str) -> None:
        """Have a model forgotten, once its predictions under way are done; one that isn't there is no error."""
        try:
            self._call("POST", f"/v2/repository/models/{name}/unload", timeout=None)
        except Refused as error:
            if error.status != 404:
                raise

    def infer(self, name: str, body: Mapping[str, Any], timeout: float | None) -> dict[str, Any]:
        """Return the reply to a prediction (`timeout`: seconds of silence); raises Unreachable, Refused."""
        reply = self._call("POST", f"/v2/models/{name}/infer", timeout=timeout, body=body)
        if not isinstance(reply, dict):
            raise Refused(200, "the reply is no JSON object")
        return reply

    def _call(self, method: str, path: str, *, timeout: float | None, body: Mapping[str, Any] | None = None) -> Any:
        try:
            response = self._session.request(method, self.url + path, json=body, timeout=(_CONNECT, timeout))
        except requests.RequestException as error:
            raise Unreachable(f"{self.url}: {_innermost(error)}") from error
        if response.status_code >= 400:
            raise Refused(response.status_code, _error_words(response))
        try:
            return response.json() if response.content else None
        except ValueError:
            return None


def _error_words(response: requests.Response) -> str:
    try:
        content = response.json()
    except ValueError:
        return response.text.strip() or str(response.reason)
    if isinstance(content, dict):
        return str(content.get("error") or content.get("detail") or content.get("status") or content)
    return str(content)


def _innermost(error: BaseException) -> str:
    """Return the words of the cause of causes: requests wraps what urllib3 wraps."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return str(error) or type(error).__name__
