"""MLflow's interface for deployment plugins, target `seldon` (mlflow.deployments.base, MLflow 3.17)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from mlflow.deployments import BaseDeploymentClient
from mlflow.exceptions import MlflowException

from mlflow_seldon import names, source, wire, words
from mlflow_seldon.deployed import not_deployed
from mlflow_seldon.local import LocalBackend
from mlflow_seldon.predictions import Predictions
from mlflow_seldon.server import Refused, Server, Unreachable
from mlflow_seldon.source import FLAVOR, Source

_OPTIONS = ("patience", "signature", "timeout")


class Backend(Protocol):
    """Where models are served: this machine's MLServer, or a cluster."""

    def get(self, name: str) -> dict[str, Any] | None:
        """Return a deployment, None where there is none."""

    def deployments(self) -> list[dict[str, Any]]:
        """Return all deployments."""

    def deploy(self, name: str, model: Source, config: Mapping[str, Any], *, replaces: bool) -> dict[str, Any]:
        """Serve a version; return its deployment once it answers."""

    def delete(self, name: str) -> None:
        """Take a deployment away."""


class SeldonDeploymentClient(BaseDeploymentClient):  # type: ignore[misc]  # MLflow's classes carry no types here
    """Serves models of MLflow's registry with Seldon; `mlflow deployments help -t seldon` says what can be set.

    Each method raises MlflowException, whose message says what happened, where, and what to do next.
    """

    def create_deployment(
        self, name: str, model_uri: str, flavor: str | None = None, config: Any = None, endpoint: str | None = None
    ) -> dict[str, Any]:
        """Serve a version of a model under a name of its own; returns its deployment once it answers."""
        return self._deploy(name, model_uri, flavor, config, endpoint, replaces=False)

    def update_deployment(
        self,
        name: str,
        model_uri: str | None = None,
        flavor: str | None = None,
        config: Any = None,
        endpoint: str | None = None,
    ) -> dict[str, Any]:
        """Serve another version under the name, without a failed request; returns the deployment once it answers.

        Without `model_uri` the alias it was deployed by is looked up again.
        """
        if model_uri is None:
            found = self.get_deployment(name)
            model_uri = f"models:/{found['model']}@{found['alias']}" if found.get("alias") else str(found["uri"])
        return self._deploy(name, model_uri, flavor, config, endpoint, replaces=True)

    def delete_deployment(self, name: str, config: Any = None, endpoint: str | None = None) -> None:
        """Serve a model no longer; the registry keeps it. A deployment that isn't there is no error."""
        _no_endpoint(endpoint)
        _backend().delete(names.checked(name))

    def list_deployments(self, endpoint: str | None = None) -> list[dict[str, Any]]:
        """Return the deployments: name, model, version, uri, alias, flavor, created (UTC) and status of each."""
        _no_endpoint(endpoint)
        return _backend().deployments()

    def get_deployment(self, name: str, endpoint: str | None = None) -> dict[str, Any]:
        """Return one deployment, as `list_deployments` does."""
        _no_endpoint(endpoint)
        found = _backend().get(names.checked(name))
        if found is None:
            raise not_deployed(name)
        return found

    def predict(
        self,
        deployment_name: str | None = None,
        inputs: Any = None,
        endpoint: str | None = None,
        params: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> Predictions:
        """Predict with a served model: tables, arrays, lists, dictionaries, with their names and types.

        `["predictions"]` of what is returned is what `mlflow.pyfunc.load_model(…).predict(inputs, params)` returns,
        bit for bit. `timeout`: seconds without a reply after which to give up.
        """
        _no_endpoint(endpoint)
        name = names.checked(deployment_name)
        try:
            encoded = wire.encode(inputs, "input-")
        except wire.CannotSend as error:
            raise words.refused(
                f"The input can't be sent: {error}.", "Make it a table, an array, a list or a dictionary."
            ) from error
        body = {"inputs": encoded.tensors, "parameters": {**dict(params or {}), **encoded.parameters}}
        server = _server()
        try:
            reply = server.infer(name, body, timeout)
        except Unreachable as error:
            raise words.failed(f"The model {name} doesn't answer: {error}.", _look(name)) from error
        except Refused as error:
            raise _not_predicted(name, server, error) from error
        return Predictions(
            predictions=wire.decode(reply.get("outputs") or [], reply.get("parameters")),
            model_name=reply.get("model_name", name),
            model_version=reply.get("model_version"),
        )

    def _deploy(
        self, name: str, model_uri: str, flavor: str | None, config: Any, endpoint: str | None, *, replaces: bool
    ) -> dict[str, Any]:
        _no_endpoint(endpoint)
        names.checked(name)
        options = _options(config)
        if flavor not in (None, FLAVOR):
            raise words.refused(f"The flavor {flavor} isn't served.", f"Leave it out: every model has {FLAVOR}.")
        backend = _backend()
        model = source.resolve(model_uri)
        source.check(model, options.get("signature", "required") != "optional")
        return backend.deploy(name, model, options, replaces=replaces)


def run_local(
    target: str, name: str, model_uri: str, flavor: str | None = None, config: Mapping[str, Any] | None = None
) -> None:
    """Serve a model by MLflow's own server in this environment until interrupted, to try it; nothing is deployed.

    `config`: `port` (5001), `host` (127.0.0.1).
    """
    settings = dict(config or {})
    argv = [sys.executable, "-m", "mlflow", "models", "serve", "--env-manager", "local", "--model-uri", model_uri]
    argv += ["--host", str(settings.get("host", "127.0.0.1")), "--port", str(settings.get("port", 5001))]
    subprocess.run(argv, check=True)


def target_help() -> str:
    """Return what `mlflow deployments help -t seldon` prints."""
    return """\
The target is `seldon`, without more. Where it deploys the environment says, which mlops-install sets in notebooks,
flow runs and Dask workers: SELDON_MODELS_DIRECTORY (MLServer on this machine) or SELDON_NAMESPACE (a cluster), and
SELDON_URL, where every model answers: $SELDON_URL/v2/models/NAME/infer.

  mlflow deployments create -t seldon --name wine -m models:/wine@champion
  mlflow deployments update -t seldon --name wine -m models:/wine/2
  mlflow deployments delete -t seldon --name wine

A model is named models:/NAME/VERSION, models:/NAME@ALIAS or runs:/RUN_ID/NAME. A deployment's name has small letters,
digits and hyphens, 40 at most. `update` without a model looks the alias up again.

Config (-C name=value):
  patience=SECONDS     give up when nothing moved for so long (this machine: 120, a cluster: 600)
  timeout=SECONDS      give up after so long in any case (none)
  signature=optional   serve a model without a signature"""


def _backend() -> Backend:
    """Return where to deploy, as the environment says; raises MlflowException where deploying is switched off."""
    folder, namespace = os.environ.get("SELDON_MODELS_DIRECTORY"), os.environ.get("SELDON_NAMESPACE")
    if folder:
        return LocalBackend(Path(folder), _server())
    if namespace:
        from mlflow_seldon.cluster import ClusterBackend

        return ClusterBackend.in_pod(namespace, _server())
    raise words.failed(
        "Deploying from here is switched off: neither SELDON_MODELS_DIRECTORY nor SELDON_NAMESPACE is set.",
        "In a cluster the parameter seldon_deploy_from_notebooks switches it on; elsewhere Seldon isn't installed "
        "(install_seldon).",
    )


def _server() -> Server:
    url = os.environ.get("SELDON_URL")
    if not url:
        raise words.failed(
            "Where models answer isn't known: SELDON_URL is not set.",
            "mlops-install sets it in notebooks and flow runs where Seldon is installed (install_seldon).",
        )
    return Server(url)


def _options(config: Any) -> dict[str, Any]:
    options = dict(config or {})
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise words.refused(f"There is no option {', '.join(unknown)}.", f"There are {', '.join(_OPTIONS)}.")
    return options


def _no_endpoint(endpoint: str | None) -> None:
    if endpoint:
        raise words.refused(f"Seldon has no endpoints: {endpoint}.", "Name the deployment instead (--name).")


def _not_predicted(name: str, server: Server, error: Refused) -> MlflowException:
    if error.status == 404:
        return not_deployed(name)
    if error.status in (400, 422):
        return words.refused(f"{name} at {server.url} refused the input: {error.words}")
    return words.failed(f"{name} at {server.url} failed ({error.status}): {words.reason(error.words)}", _look(name))


def _look(name: str) -> str:
    return f"mlflow deployments get -t seldon --name {name} (or mlops-install models) says whether it is ready."
