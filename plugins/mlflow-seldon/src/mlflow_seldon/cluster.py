"""Deploying in a cluster: a SeldonDeployment a model, in Seldon's namespace."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from mlflow.exceptions import MlflowException

from mlflow_seldon import pods, source, template, words
from mlflow_seldon.cluster_api import Api, ApiError
from mlflow_seldon.deployed import deployed_already, not_deployed, refuse_sample
from mlflow_seldon.server import Server
from mlflow_seldon.source import Source
from mlflow_seldon.waiting import Patience, patience

_STILL = 600.0
"""Seconds without any change of pods or events: a large image may take minutes and shows nothing meanwhile."""
_NO_ROOM = 45.0
"""Seconds for which no node takes a pod, before that is the reason: pods of others may just be leaving."""
_KIND = "seldondeployments"


class ClusterBackend:
    """Deployments as SeldonDeployments; `pause` waits between two looks (tests look at once)."""

    def __init__(self, api: Api, server: Server, pause: Callable[[], None] = lambda: time.sleep(1.0)) -> None:
        self._api, self._server, self._pause = api, server, pause

    @classmethod
    def in_pod(cls, namespace: str, server: Server) -> ClusterBackend:
        """Return the backend for the pod this runs in; raises MlflowException."""
        return cls(Api.in_pod(namespace), server)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return a deployment with whether it answers; None where there is none."""
        found = self._asked(lambda: self._api.get(_KIND, name))
        return None if found is None or not _is_ours(found) else self._described(found)

    def deployments(self) -> list[dict[str, Any]]:
        """Return all deployments made from the registry, and the sample."""
        found = self._asked(lambda: self._api.listed(_KIND, labelSelector=template.MODEL))
        return [self._described(deployment) for deployment in found]

    def deploy(self, name: str, model: Source, config: Mapping[str, Any], *, replaces: bool) -> dict[str, Any]:
        """Serve a version and return its deployment once every pod of it answers.

        Raises MlflowException; then what served before is put back.
        """
        waiter = patience(config, _STILL)
        before = self._asked(lambda: self._api.get(_KIND, name))
        self._check(name, before, replaces=replaces)
        wanted = self._wanted(name, model)
        if before is not None:
            wanted["metadata"]["resourceVersion"] = before["metadata"]["resourceVersion"]
        self._put(name, wanted, before, waiter)
        try:
            self._wait(name, model, wanted, waiter)
        except BaseException:
            self._restore(name, before)
            raise
        return {**template.described(wanted), "status": "ready"}

    def delete(self, name: str) -> None:
        """Take a deployment away and wait until it is gone; one that isn't there is no error."""
        found = self._asked(lambda: self._api.get(_KIND, name))
        if found is None:
            return
        _refuse_foreign(name, found)
        refuse_sample(template.described(found), "deleted")
        self._asked(lambda: self._api.delete(_KIND, name))
        waiter = Patience(_STILL, None)
        while self._asked(lambda: self._api.get(_KIND, name)) is not None and not waiter.look(None):
            self._pause()

    def _check(self, name: str, before: Mapping[str, Any] | None, *, replaces: bool) -> None:
        if before is None:
            if replaces:
                raise not_deployed(name)
            return
        _refuse_foreign(name, before)
        record = template.described(before)
        refuse_sample(record, "replaced")
        if not replaces:
            raise deployed_already(record)

    def _wanted(self, name: str, model: Source) -> dict[str, Any]:
        """Return the SeldonDeployment to make; raises MlflowException where the cluster has no template."""
        found = self._asked(lambda: self._api.get("configmaps", template.CONFIG_MAP))
        if found is None:
            raise words.failed(
                f"The namespace {self._api.namespace} has no ConfigMap {template.CONFIG_MAP}: Seldon isn't installed "
                "there by this version of mlops-install.",
                "Apply again (mlops-install apply NAME).",
            )
        data = found.get("data") or {}
        root = str(json.loads(data.get("artifacts.json") or "{}").get("root") or "")
        uri = template.stored(source.storage(model), root, model)
        return template.made(json.loads(data["template.json"]), name, model, uri)

    def _put(self, name: str, wanted: dict[str, Any], before: Any, waiter: Patience) -> None:
        """Make or replace the object; waits for an operator whose webhook doesn't answer yet."""
        while True:
            try:
                if before is None:
                    self._api.create(_KIND, wanted)
                else:
                    self._api.replace(_KIND, name, wanted)
                return
            except ApiError as error:
                if error.status == 409:
                    raise words.exists(
                        f"Somebody else deployed {name} meanwhile.", "Look at it (get_deployment) and try again."
                    ) from error
                given_up = waiter.look(error.words)
                if "failed calling webhook" not in error.words or given_up:
                    raise self._explained(error) from error
            self._pause()

    def _wait(self, name: str, model: Source, wanted: Mapping[str, Any], waiter: Patience) -> None:
        """Wait until the new version's pods, and only they, answer; raises MlflowException with the reason."""
        variables = {"MODEL_URI": _uri(wanted), "MODEL_VERSION": model.version}
        selector = f"seldon-deployment-id={name}"
        crowded = Patience(_NO_ROOM, None)
        while True:
            deployments = self._asked(lambda: self._api.listed("deployments", labelSelector=selector))
            if _is_rolled_out(deployments, variables) and self._answers(name, model):
                return
            found = pods.newest(self._asked(lambda: self._api.listed("pods", labelSelector=selector)), variables)
            events = self._events(name)
            reason = pods.failure(found, self._log) or pods.not_made(deployments) or self._operator_failure(name)
            full = pods.no_room(found, events)
            if reason is None and crowded.look(full) and full is not None:
                reason = full
            moving = json.dumps([pods.state(found), deployments, len(events)], sort_keys=True, default=str)
            given_up = waiter.look(moving)
            if reason is None and given_up:
                reason = f"{given_up}. {full or self._silence(deployments, found)}"
            if reason is not None:
                raise words.failed(
                    f"{model.words} can't be served as {name} in the namespace {self._api.namespace}: {reason}"
                )
            self._pause()

    def _answers(self, name: str, model: Source) -> bool:
        """Return whether the new version answers where everybody asks; what is between may hide its metadata."""
        found = self._server.metadata(name)
        if found is not None and found.get("versions"):
            return bool(found["versions"] == [model.version])
        return self._server.ready(name)

    def _silence(self, deployments: list[dict[str, Any]], found: list[Any]) -> str:
        if not deployments:
            return (
                "Seldon's operator has made nothing of it: does it run? (mlops-install status NAME; its log: "
                f"kubectl logs -n {self._api.namespace} deployment/seldon-controller-manager)"
            )
        if not found:
            return "Seldon's operator has not changed the Deployment."
        return f"Its pods are there, and nothing answers at {self._server.url} as this version yet."

    def _operator_failure(self, name: str) -> str | None:
        status = (self._asked(lambda: self._api.get(_KIND, name)) or {}).get("status") or {}
        if status.get("state") == "Failed":
            return f"Seldon's operator refuses it: {status.get('description') or 'it gives no reason'}."
        return None

    def _events(self, name: str) -> list[dict[str, Any]]:
        """Return the events about the model's objects; they only help, so a refusal is none."""
        try:
            events = self._api.listed("events")
        except ApiError:
            return []
        return [event for event in events if str((event.get("involvedObject") or {}).get("name", "")).startswith(name)]

    def _log(self, pod: str, container: str, previous: bool) -> str:
        return self._api.log(pod, container, previous=previous)

    def _restore(self, name: str, before: Mapping[str, Any] | None) -> None:
        """Put back what served before; a failure of that must not hide the first one."""
        try:
            if before is None:
                self._api.delete(_KIND, name)
                return
            now = self._api.get(_KIND, name)
            kept = {
                key: before["metadata"][key] for key in ("name", "labels", "annotations") if key in before["metadata"]
            }
            body = {**before, "metadata": kept}
            body.pop("status", None)
            if now is None:
                self._api.create(_KIND, body)
            else:
                kept["resourceVersion"] = now["metadata"]["resourceVersion"]
                self._api.replace(_KIND, name, body)
        except ApiError:
            return

    def _described(self, deployment: Mapping[str, Any]) -> dict[str, Any]:
        record = template.described(deployment)
        return {**record, "status": "ready" if self._server.ready(record["name"]) else "not ready"}

    def _asked(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except ApiError as error:
            raise self._explained(error) from error

    def _explained(self, error: ApiError) -> MlflowException:
        where = f"the namespace {self._api.namespace}"
        if error.status in (401, 403):
            return words.failed(
                f"This pod may not deploy into {where}: {error.words}.",
                "The parameter seldon_deploy_from_notebooks allows it (off in the preset production).",
            )
        if error.status == 404:
            return words.failed(f"The cluster knows no SeldonDeployment: {error.words}.", "Is Seldon installed?")
        return words.failed(f"Kubernetes refused, in {where}: {error.words}.")


def _uri(wanted: Mapping[str, Any]) -> str:
    return str((wanted["metadata"].get("annotations") or {}).get(f"{template.PREFIX}uri", ""))


def _is_ours(deployment: Mapping[str, Any]) -> bool:
    return template.MODEL in (deployment["metadata"].get("labels") or {})


def _refuse_foreign(name: str, deployment: Mapping[str, Any]) -> None:
    if not _is_ours(deployment):
        raise words.refused(
            f"There is a SeldonDeployment {name} that was not made by this plugin.", "Use another name, or kubectl."
        )


def _is_rolled_out(deployments: list[dict[str, Any]], variables: Mapping[str, str]) -> bool:
    """Return whether all replicas are of the new version and available (as `kubectl rollout status` decides it)."""
    if not deployments:
        return False
    for deployment in deployments:
        spec, status = deployment["spec"], deployment.get("status") or {}
        replicas = spec.get("replicas", 1)
        if not pods.has_variables(spec["template"]["spec"], variables):
            return False
        if int(status.get("observedGeneration", 0)) < int(deployment["metadata"].get("generation", 0)):
            return False
        counts = [status.get(count, 0) for count in ("updatedReplicas", "replicas", "availableReplicas")]
        if counts != [replicas] * 3:
            return False
    return True
