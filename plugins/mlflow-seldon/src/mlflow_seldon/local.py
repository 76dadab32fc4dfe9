"""Deploying on this machine: into the repository of one MLServer that serves all models."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException

from mlflow_seldon import layout, listener, source, words
from mlflow_seldon.deployed import deployed_already, not_deployed, refuse_sample
from mlflow_seldon.repository import Repository
from mlflow_seldon.server import Refused, Server, Unreachable
from mlflow_seldon.source import Source
from mlflow_seldon.waiting import PAUSE, patience

_STILL = 120.0
"""Seconds in which the server neither finishes loading nor uses the processor: it stands still."""


_LOG = "Its log says more: services/seldon/logs in the deployment's folder."


class LocalBackend:
    """Deployments in MLServer's repository."""

    def __init__(self, root: Path, server: Server) -> None:
        if not root.is_dir():
            raise words.failed(
                f"The folder of served models {root} (SELDON_MODELS_DIRECTORY) isn't there.",
                "Is Seldon installed? mlops-install status NAME tells.",
            )
        self._repository = Repository(root)
        self._server = server

    def get(self, name: str) -> dict[str, Any] | None:
        """Return a deployment with whether it answers; None where there is none."""
        record = self._repository.record(name)
        if record is None:
            return None
        return {**record, "status": "ready" if self._server.ready(name) else "not ready"}

    def deployments(self) -> list[dict[str, Any]]:
        """Return all deployments."""
        return [found for name in self._repository.names() if (found := self.get(name)) is not None]

    def deploy(self, name: str, model: Source, config: Mapping[str, Any], *, replaces: bool) -> dict[str, Any]:
        """Serve a version and return its deployment once it answers; what served before goes on until then.

        Raises MlflowException; then what served before goes on serving.
        """
        waiter = patience(config, _STILL)
        with self._repository.locked(name):
            self._check(name, replaces=replaces)
            with self._repository.staging(name) as staging:
                place = self._repository.add(name, source.download(model, staging), model.version)
            revision = layout.new_revision()
            record = layout.record(
                name=name,
                model=model.model,
                version=model.version,
                uri=model.uri,
                flavor=source.FLAVOR,
                alias=model.alias,
            )
            before = self._before(name)
            try:
                self._repository.switch(name, layout.settings(name, place.name, model.version, revision), record)
                self._load(name, model, waiter)
                self._confirm(name, model, revision)
            except BaseException:
                self._restore(name, before)
                raise
            self._repository.clean(name)
            return {**record, "status": "ready"}

    def delete(self, name: str) -> None:
        """Take a deployment away; one that isn't there is no error."""
        with self._repository.locked(name):
            record = self._repository.record(name)
            if record is not None:
                refuse_sample(record, "deleted")
            self._repository.hide(name)
            try:
                self._server.unload(name)
            except Unreachable:
                pass  # It isn't running: nothing is loaded, and at its next start it finds nothing.
            except Refused as error:
                raise words.failed(f"MLServer at {self._server.url} can't unload {name}: {error}.") from error
            self._repository.remove(name)

    def _check(self, name: str, *, replaces: bool) -> None:
        """Refuse what is there already, or isn't, the sample, and a server that doesn't run."""
        record = self._repository.record(name)
        if record is not None:
            refuse_sample(record, "replaced")
        if record is not None and not replaces:
            raise deployed_already(record)
        if record is None and replaces:
            raise not_deployed(name)
        if not self._server.alive():
            raise words.failed(
                f"MLServer doesn't answer at {self._server.url}.",
                "Start it: mlops-install start NAME (mlops-install status NAME says what runs).",
            )

    def _load(self, name: str, model: Source, waiter: Any) -> None:
        """Have the new settings read, and wait for as long as the server works; raises MlflowException."""
        outcome: list[BaseException | None] = []

        def load() -> None:
            try:
                self._server.load(name)
            except BaseException as error:
                outcome.append(error)
            else:
                outcome.append(None)

        # An abandoned load mustn't keep the notebook's process from ending.
        thread = threading.Thread(target=load, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(PAUSE)
            given_up = waiter.look(listener.processor_time(self._server.url))
            if given_up and thread.is_alive():
                raise words.failed(
                    f"MLServer at {self._server.url} has not finished loading {model.words}: {given_up}.",
                    f"{_LOG} config={{'patience': {_STILL * 5:g}}} waits longer.",
                )
        error = outcome[0]
        if isinstance(error, Refused):
            raise words.failed(f"{model.words} can't be served as {name}: {words.reason(error.words)}") from error
        if error is not None:
            raise self._lost(name, model, error) from error

    def _lost(self, name: str, model: Source, error: BaseException) -> MlflowException:
        return words.failed(
            f"MLServer at {self._server.url} went away while it loaded {model.words} as {name} ({error}).",
            f"That is what too little memory looks like: serve a smaller model or free memory. {_LOG}",
        )

    def _confirm(self, name: str, model: Source, revision: str) -> None:
        """Ask the server whether it is the new files that answer; raises MlflowException."""
        found = self._server.metadata(name) or {}
        if (found.get("parameters") or {}).get("revision") != revision or not self._server.ready(name):
            raise words.failed(
                f"MLServer at {self._server.url} said it loaded {model.words}, but another one answers as {name}.",
                f"Does it read {self._repository.root}? (SELDON_MODELS_DIRECTORY)",
            )

    def _before(self, name: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        settings = layout.read(self._repository.folder(name) / layout.SETTINGS)
        record = layout.read(self._repository.folder(name) / layout.RECORD)
        return (settings, record or {}) if settings is not None else None

    def _restore(self, name: str, before: tuple[dict[str, Any], dict[str, Any]] | None) -> None:
        """Go back to what served before; the server never left it, unless it was started anew meanwhile."""
        if before is None:
            self._repository.hide(name)
            self._quietly(self._server.unload, name)
            self._repository.remove(name)
            return
        self._repository.switch(name, *before)
        found = self._server.metadata(name) or {}
        if (found.get("parameters") or {}).get("revision") != self._repository.revision(name) and self._server.alive():
            self._quietly(self._server.load, name)
        self._repository.clean(name)

    @staticmethod
    def _quietly(call: Any, name: str) -> None:
        """Do without complaint what would only hide the first failure."""

        # In a thread of its own: a server that stands still must not hold up the reason.
        def attempt() -> None:
            try:
                call(name)
            except (Refused, Unreachable):
                return

        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        end = time.monotonic() + 30
        while thread.is_alive() and time.monotonic() < end:
            thread.join(PAUSE)
