"""What a pod is up to, in the words that Kubernetes itself uses; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Pod = Mapping[str, Any]
_USUAL = ("ContainerCreating", "PodInitializing")
_PULLING = ("ErrImagePull", "ImagePullBackOff")


def tries_again(before: str, now: str) -> bool:
    """Return whether a pod only goes round: the kubelet pulls again what it could not pull, and says so each time."""
    return before == _PULLING[1] and now in _PULLING


def waits_for_address(service: Mapping[str, Any]) -> bool:
    """Return whether a Service waits for a load balancer that the cluster has not given it."""
    status = (service.get("status") or {}).get("loadBalancer") or {}
    return (service.get("spec") or {}).get("type") == "LoadBalancer" and not status.get("ingress")


def pod_state(pod: Pod) -> tuple[str, str]:
    """Return a pod's state in a word (`Ready`, `ImagePullBackOff`, …) and the evidence; empty where there is none.

    The words are those of the kubelet and the scheduler (Kubernetes 1.34, Pod status).
    """
    status = pod.get("status") or {}
    if (pod.get("metadata") or {}).get("deletionTimestamp"):
        return "Terminating", ""
    for container in containers(pod):
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") and waiting["reason"] not in _USUAL:
            return str(waiting["reason"]), _joined(waiting.get("message"), _ended(container))
        ended = (container.get("state") or {}).get("terminated") or {}
        if ended and ended.get("exitCode"):
            return str(ended.get("reason") or "Error"), f"exit code {ended['exitCode']}"
    for condition in status.get("conditions") or ():
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return str(condition.get("reason") or "Unschedulable"), str(condition.get("message") or "")
    if status.get("phase") == "Succeeded":
        return "Completed", ""
    if any(c.get("type") == "Ready" and c.get("status") == "True" for c in status.get("conditions") or ()):
        return "Ready", ""
    return "Starting", ""


def crashed(pod: Pod) -> Iterator[tuple[str, int, bool]]:
    """Yield each container that broke down: its name, how often, and whether it was started again since.

    One that ends because its pod is being taken away did not, whatever its exit code.
    """
    removed = (pod.get("metadata") or {}).get("deletionTimestamp")
    for container in containers(pod):
        restarts = int(container.get("restartCount") or 0)
        ended = (container.get("state") or {}).get("terminated") or {}
        if ended.get("exitCode") and not removed:
            yield str(container["name"]), restarts + 1, False
        elif restarts:
            yield str(container["name"]), restarts, True


def containers(pod: Pod) -> Iterator[Mapping[str, Any]]:
    """Yield the statuses of a pod's containers, those that prepare it first."""
    status = pod.get("status") or {}
    yield from status.get("initContainerStatuses") or ()
    yield from status.get("containerStatuses") or ()


def release_of(pod: Pod) -> str:
    """Return the Helm release that a pod belongs to by its labels; empty when they don't tell."""
    labels = (pod.get("metadata") or {}).get("labels") or {}
    return str(labels.get("app.kubernetes.io/instance") or labels.get("release") or "")


def _ended(container: Mapping[str, Any]) -> str:
    last = (container.get("lastState") or {}).get("terminated") or {}
    return f"it ended before: {last.get('reason') or 'Error'}, exit code {last.get('exitCode')}" if last else ""


def _joined(*parts: object) -> str:
    return "; ".join(str(part) for part in parts if part)
