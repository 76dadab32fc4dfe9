"""Which model is meant: `models:/wine@champion` → version 3 of wine, with what MLflow knows about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.utils.models import _parse_model_uri
from mlflow.tracking import MlflowClient

from mlflow_seldon.words import failed, missing, refused

FLAVOR = "python_function"
"""The flavor that is served; MLflow gives it to a model of any library."""


@dataclass(frozen=True)
class Source:
    """One version of a model. `uri` names it for ever; `alias` is what it was asked for by, if by an alias."""

    model: str
    version: str
    uri: str
    alias: str | None = None

    @property
    def words(self) -> str:
        """How people call it."""
        return f"{self.model} version {self.version}"


def resolve(model_uri: str) -> Source:
    """Return the version a URI means now; raises MlflowException where there is none, or MLflow doesn't answer."""
    if model_uri.startswith("runs:/"):
        return _of_run(model_uri)
    if not model_uri.startswith("models:/"):
        raise refused(
            f"{model_uri} is no model of the registry.",
            "Register it (mlflow.register_model, or log_model(…, registered_model_name=…)) and name it "
            "models:/NAME/VERSION or models:/NAME@ALIAS.",
        )
    asked = _parse_model_uri(model_uri)
    if asked.model_id is not None:
        return Source(asked.model_id, asked.model_id[:14], model_uri)
    name = str(asked.name)
    try:
        version = _version(MlflowClient(), name, asked)
    except MlflowException as error:
        raise _not_found(model_uri, name, error) from error
    if version.status != "READY":
        raise failed(
            f"{name} version {version.version} is not ready in the registry: it is {version.status}. "
            f"{version.status_message or ''}".strip(),
            "Register it anew.",
        )
    return Source(name, str(version.version), f"models:/{name}/{version.version}", asked.alias)


def check(source: Source, signature_needed: bool) -> None:
    """Refuse, before anything is moved, what can't be served; raises MlflowException."""
    try:
        info = mlflow.models.get_model_info(source.uri)
    except (MlflowException, OSError) as error:
        raise failed(
            f"The files of {source.words} can't be read from MLflow at {mlflow.get_tracking_uri()}: {_words(error)}.",
            "Log and register the model anew if they are gone.",
        ) from error
    if FLAVOR not in info.flavors:
        raise refused(
            f"{source.words} has no {FLAVOR} flavor, only {', '.join(info.flavors)}.",
            "Log it with mlflow.<library>.log_model or mlflow.pyfunc.log_model.",
        )
    if signature_needed and info.signature is None:
        raise refused(
            f"{source.words} has no signature: its server can't tell which columns and types it takes.",
            "Log it with log_model(…, input_example=X[:5]) or signature=mlflow.models.infer_signature(X, predictions) "
            "and register that; or deploy it as it is with config={'signature': 'optional'} (-C signature=optional).",
        )


def download(source: Source, folder: Path) -> Path:
    """Write the model's files into a folder, which is made, and return where in it they are; raises MlflowException."""
    folder.mkdir(parents=True)
    try:
        # Of a registered model the folder itself, of a run's a folder in it.
        files = Path(mlflow.artifacts.download_artifacts(artifact_uri=source.uri, dst_path=str(folder)))
    except OSError as error:
        raise failed(f"The files of {source.words} can't be written to {folder}: {error.strerror or error}.") from error
    except MlflowException as error:
        raise failed(f"The files of {source.words} can't be had from MLflow: {_words(error)}.") from error
    if not (files / "MLmodel").is_file():
        raise failed(f"The files of {source.words} have no MLmodel among them.", "Log and register the model anew.")
    return files


def storage(source: Source) -> str:
    """Return where MLflow keeps the model's files, as it calls the place (`mlflow-artifacts:/…`, `s3://…`)."""
    client = MlflowClient()
    if source.uri.startswith("runs:/"):
        return _storage_of_run(client, source.uri)
    place = source.uri
    if not source.uri.startswith("models:/m-"):
        place = str(client.get_model_version_download_uri(source.model, source.version))
    if place.startswith("models:/"):
        place = str(client.get_logged_model(_parse_model_uri(place).model_id).artifact_location)
    return place


def _storage_of_run(client: MlflowClient, model_uri: str) -> str:
    """Return where a run's model is: since MLflow 3 not among the run's own files, unless it was put there."""
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository

    run_id, name = model_uri.removeprefix("runs:/").strip("/").split("/", 1)
    outputs = client.get_run(run_id).outputs
    for output in outputs.model_outputs if outputs else ():
        model = client.get_logged_model(output.model_id)
        if model.name == name.rstrip("/"):
            return str(model.artifact_location)
    return str(RunsArtifactRepository.get_underlying_uri(model_uri))


def _of_run(model_uri: str) -> Source:
    found = re.fullmatch(r"runs:/+([^/]+)/(.+)", model_uri)
    if found is None:
        raise refused(f"{model_uri} names no model of a run.", "Write runs:/RUN_ID/NAME.")
    return Source(found.group(2).rstrip("/").rpartition("/")[2], f"run-{found.group(1)[:12]}", model_uri)


def _version(client: MlflowClient, name: str, asked: Any) -> Any:
    if asked.alias is not None:
        return client.get_model_version_by_alias(name, asked.alias)
    if asked.version is not None:
        return client.get_model_version(name, asked.version)
    versions = client.search_model_versions(f"name = '{name}'")
    if asked.stage is not None:
        versions = [version for version in versions if version.current_stage.lower() == asked.stage.lower()]
    if not versions:
        raise missing(f"No version of {name} is registered.")
    return max(versions, key=lambda version: int(version.version))


def _not_found(model_uri: str, name: str, error: MlflowException) -> MlflowException:
    """Say what the registry has instead, or that it doesn't answer."""
    where = mlflow.get_registry_uri()
    if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
        return failed(
            f"MLflow's registry at {where} can't be asked for {model_uri}: {_words(error)}.",
            "Is MLflow running, and MLFLOW_TRACKING_URI its address?",
        )
    try:
        found = MlflowClient().search_model_versions(f"name = '{name}'")
        aliases = MlflowClient().get_registered_model(name).aliases
    except MlflowException:
        found, aliases = [], {}
    if not found:
        return missing(
            f"{model_uri} is not registered: MLflow at {where} has no model {name}.",
            f"Register it: log_model(…, registered_model_name='{name}') or mlflow.register_model.",
        )
    versions = ", ".join(sorted((str(version.version) for version in found), key=int))
    named = ", ".join(f"@{alias} = {version}" for alias, version in sorted(aliases.items())) or "none"
    return missing(
        f"{model_uri} is not registered at {where}.", f"Of {name} there are: versions {versions}; aliases {named}."
    )


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
