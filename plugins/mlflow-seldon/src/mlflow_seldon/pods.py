"""Why a served model's pods don't start: states, conditions and last words, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mlflow_seldon import words

_IMAGE = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable")
_OWN = re.compile(r"(?:can't be loaded: |mlflow-seldon: )(.+)")
"""What our runtime and our init container say in their logs."""
_ERROR = re.compile(r"^\s*(\w[\w.]*(?:Error|Exception)\b.*)$", re.M)

Log = Callable[[str, str, bool], str]
"""Pod, container, whether of its previous run → last lines."""


def newest(pods: Sequence[Mapping[str, Any]], variables: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return the pods whose containers have these environment variables: those of the version being deployed."""
    return [pod for pod in pods if has_variables(pod["spec"], variables)]


def has_variables(spec: Mapping[str, Any], variables: Mapping[str, str]) -> bool:
    """Return whether one container of a pod's spec has all the variables."""
    for container in [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]:
        found = {item["name"]: item.get("value") for item in container.get("env") or ()}
        if all(found.get(name) == value for name, value in variables.items()):
            return True
    return False


def failure(pods: Sequence[Mapping[str, Any]], log: Log) -> str | None:
    """Return why one of the pods will not start by waiting; None while it may."""
    for pod in pods:
        if (pod.get("metadata") or {}).get("deletionTimestamp"):
            continue
        for status in _containers(pod):
            found = _container_failure(pod, status, log)
            if found is not None:
                return found
    return None


def no_room(pods: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why no node takes a pod; None where one does, or where the cluster says it adds a node."""
    if any(event.get("reason") in ("TriggeredScaleUp", "Nominated") for event in events):
        return None
    for pod in pods:
        for condition in (pod.get("status") or {}).get("conditions") or ():
            if condition.get("type") == "PodScheduled" and condition.get("reason") == "Unschedulable":
                return (
                    f"no node of the cluster has room for it ({condition.get('message', '')}). Undeploy a model "
                    "(mlflow deployments delete -t seldon --name …), lower the parameters seldon_model_memory or "
                    "seldon_model_cpu, or add a node."
                )
    return None


def not_made(deployments: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why Kubernetes makes no pods (a quota, a policy); None where it does."""
    for deployment in deployments:
        for condition in (deployment.get("status") or {}).get("conditions") or ():
            if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
                return (
                    f"Kubernetes makes no pod for it: {condition.get('message', '')}. Ask the cluster's administrator."
                )
    return None


def state(pods: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what changes as pods get on, to see whether anything moves."""
    return [
        [
            pod["metadata"]["name"],
            (pod.get("status") or {}).get("phase"),
            [[status["name"], status.get("state"), status.get("restartCount")] for status in _containers(pod)],
        ]
        for pod in pods
    ]


def _containers(pod: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    status = pod.get("status") or {}
    yield from status.get("initContainerStatuses") or ()
    yield from status.get("containerStatuses") or ()


def _container_failure(pod: Mapping[str, Any], status: Mapping[str, Any], log: Log) -> str | None:
    waiting = (status.get("state") or {}).get("waiting") or {}
    reason = waiting.get("reason")
    if reason in _IMAGE:
        return (
            f"the image {status.get('image')} can't be had ({reason}: {waiting.get('message', '')}). "
            "The parameters serving_image, image_registry and their pull secret say where it comes from."
        )
    if reason in ("CreateContainerConfigError", "CreateContainerError", "RunContainerError"):
        return f"its container {status['name']} can't be started ({reason}: {waiting.get('message', '')})."
    ended = (status.get("state") or {}).get("terminated")
    previous = ended is None
    ended = ended or (status.get("lastState") or {}).get("terminated")
    if ended is None or (ended.get("exitCode") == 0 and not _is_server(pod, status)):
        return None
    if ended.get("reason") == "OOMKilled":
        return words.reason(
            f"out of memory: the container {status['name']} was ended at its limit, OOMKilled; "
            "the parameter seldon_model_memory_limit is the limit"
        )
    said = _last_words(log(pod["metadata"]["name"], status["name"], previous)) or ended.get("message") or ""
    code = ended.get("exitCode")
    return words.reason(said) if said else f"its container {status['name']} ended with code {code} and said nothing."


def _is_server(pod: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
    """Return whether the container should run for ever: MLServer ends with code 0 when its model can't be loaded."""
    return any(item["name"] == status["name"] for item in pod["spec"].get("containers") or ())


def _last_words(text: str) -> str:
    """Return what a log says about the end: our own line, else the last error, else its last lines."""
    own = _OWN.findall(text)
    if own:
        return str(own[-1])
    errors = _ERROR.findall(text)
    return str(errors[-1]) if errors else "\n".join(text.strip().splitlines()[-5:])
