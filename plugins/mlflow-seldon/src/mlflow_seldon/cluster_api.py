"""The few calls of Kubernetes' API that deploying needs, as the pod's own service account.

By requests alone: eight calls, and the official client takes a second to import in every notebook that deploys.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from mlflow_seldon import words

_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where Kubernetes mounts a pod's token (renewed there now and then) and its API's certificate."""
_TIMEOUT = 30.0
"""Seconds for a reply."""
_KINDS = {
    "seldondeployments": "/apis/machinelearning.seldon.io/v1",
    "deployments": "/apis/apps/v1",
    "pods": "/api/v1",
    "events": "/api/v1",
    "configmaps": "/api/v1",
}


class ApiError(Exception):
    """The API refused: `status` as in HTTP, `words` as it said."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status}: {said}")
        self.status = status
        self.words = said


class Api:
    """One namespace, asked with a token read anew for each call. `verify` is the API's certificate, a file."""

    def __init__(self, url: str, namespace: str, token: Path, verify: str | bool) -> None:
        self.url, self.namespace = url.rstrip("/"), namespace
        self._token, self._verify = token, verify
        self._session = requests.Session()
        self._session.trust_env = False

    @classmethod
    def in_pod(cls, namespace: str) -> Api:
        """Return the API as a pod sees it; raises MlflowException where the pod has no account."""
        token, host = _ACCOUNT / "token", os.environ.get("KUBERNETES_SERVICE_HOST")
        if not host or not token.is_file():
            raise words.failed(
                f"Deploying into {namespace} needs the pod's service account, and there is none here.",
                "In a notebook or flow run of the cluster the parameter seldon_deploy_from_notebooks gives it one.",
            )
        bracketed = f"[{host}]" if ":" in host else host
        url = f"https://{bracketed}:{os.environ.get('KUBERNETES_SERVICE_PORT', '443')}"
        return cls(url, namespace, token, str(_ACCOUNT / "ca.crt"))

    def get(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return an object, None where there is none; raises ApiError."""
        try:
            return self._json("GET", kind, name)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def listed(self, kind: str, **selectors: str) -> list[dict[str, Any]]:
        """Return the objects that selectors (`labelSelector`, `fieldSelector`) name; raises ApiError."""
        return list(self._json("GET", kind, params=selectors).get("items") or [])

    def create(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make an object; raises ApiError, 409 where it is there already."""
        return self._json("POST", kind, body=body)

    def replace(self, kind: str, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Replace an object; raises ApiError, 409 where its resourceVersion isn't the newest."""
        return self._json("PUT", kind, name, body=body)

    def delete(self, kind: str, name: str) -> None:
        """Delete an object and what belongs to it; one that isn't there is no error; raises ApiError."""
        try:
            self._json("DELETE", kind, name, params={"propagationPolicy": "Background"})
        except ApiError as error:
            if error.status != 404:
                raise

    def log(self, pod: str, container: str, *, previous: bool) -> str:
        """Return the last lines of a container's log; empty where they can't be had."""
        params = {"container": container, "tailLines": "60", **({"previous": "true"} if previous else {})}
        try:
            return str(self._call("GET", self._path("pods", pod) + "/log", params).text)
        except ApiError:
            return ""

    def _path(self, kind: str, name: str | None) -> str:
        path = f"{_KINDS[kind]}/namespaces/{quote(self.namespace)}/{kind}"
        return path if name is None else f"{path}/{quote(name)}"

    def _json(
        self,
        method: str,
        kind: str,
        name: str | None = None,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        return dict(self._call(method, self._path(kind, name), params or {}, body).json())

    def _call(
        self, method: str, path: str, params: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> requests.Response:
        try:
            headers = {"Authorization": f"Bearer {self._token.read_text().strip()}", "Accept": "application/json, */*"}
            response = self._session.request(
                method,
                self.url + path,
                params=dict(params),
                json=body,
                headers=headers,
                verify=self._verify,
                timeout=_TIMEOUT,
            )
        except (OSError, requests.RequestException) as error:
            raise ApiError(0, f"the API at {self.url} doesn't answer: {error}") from error
        if response.status_code >= 400:
            raise ApiError(response.status_code, _said(response))
        return response


def _said(response: requests.Response) -> str:
    try:
        return str(response.json().get("message") or response.text)
    except (ValueError, AttributeError):
        return response.text or str(response.reason)
