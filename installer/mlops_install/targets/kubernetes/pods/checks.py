"""Run a check script in a pod as `checks/run.py` does here: sent by its input, nothing stays behind."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlops_install.catalogue.model import Value
from mlops_install.checks.run import GRACE, PACKAGE, QUIET, CheckResult, is_held, read_result
from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.exec import STDOUT, PodProcess
from mlops_install.targets.kubernetes.pods.states import pod_state

# Nothing but this is in the process list and the cluster's audit log.
_START = "import sys; i = sys.stdin.buffer; exec(compile(i.read(int(i.readline())), '<mlops-install>', 'exec'))"
_LATE = 10.0
"""Seconds that the end of a script takes to get here."""
_KEPT = 64 * 1024
"""Bytes of a script's stderr that are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """A container that is running."""

    namespace: str
    pod: str
    container: str


def find_place(
    cluster: Cluster, namespace: str, selector: str, container: str, *, annotation: tuple[str, str] | None = None
) -> Place:
    """Return the container in a ready pod with these labels, and the annotation if one is given.

    Raises ClusterError when there is none or the pods can't be listed.
    """
    state = "there is none"
    for pod in cluster.items(f"/api/v1/namespaces/{namespace}/pods", {"labelSelector": selector}):
        if annotation and (pod["metadata"].get("annotations") or {}).get(annotation[0]) != annotation[1]:
            continue
        word, detail = pod_state(pod)
        if word == "Ready":
            return Place(namespace, str(pod["metadata"]["name"]), container)
        state = f"{pod['metadata']['name']} is {word} {detail}".strip()
    raise ClusterError(0, "NotFound", f"no pod of {selector} in namespace {namespace} is ready: {state}.")


class PodCheck:
    """One check that is running in a container; its end is a result, never an exception."""

    def __init__(
        self,
        cluster: Cluster,
        place: Place,
        module: str,
        payload: Mapping[str, Value],
        *,
        timeout: float,
        hidden: Sequence[str],
    ) -> None:
        """Start it; raises ClusterError when nothing can be started there.

        `payload` is that of `checks.run.run_check`, `timeout` is in seconds; no value of `hidden` gets out.
        """
        self._module, self._hidden, self._timeout = module, hidden, timeout
        self._output, self._errors, self._lost = bytearray(), bytearray(), ""
        self._began = time.monotonic()
        self._process = PodProcess(cluster, place.namespace, place.pod, place.container, ["python3", "-c", _START])
        try:
            self._send(_input(module, payload, timeout))
        except BaseException:
            self._process.close()
            raise

    def wait_until_held(self) -> bool:
        """Return True as soon as the script waits for `go`, False when it ended before."""
        return self._read(until_held=True)

    def go(self, added: Mapping[str, Value]) -> None:
        """Let a script go on that waits; `added` lies over its payload."""
        self._send(json.dumps(added).encode() + b"\n")

    def keep(self) -> None:
        """Keep the connection of a script that waits; call it at least twice a minute."""
        with contextlib.suppress(ClusterError):
            self._process.keep()

    def end(self) -> None:
        """Have the script clean up and end, as its time limit would."""
        with contextlib.suppress(ClusterError):
            self._process.end_input()

    def result(self) -> CheckResult:
        """Wait for the end and return what was found."""
        try:
            self._read(until_held=False)
        finally:
            self._process.close()
        seconds = round(time.monotonic() - self._began, 2)
        expired = self._timeout if seconds >= self._timeout else None
        output, errors = (bytes(kept).decode(errors="replace") for kept in (self._output, self._errors))
        return read_result(self._module, output, self._lost or errors, expired, seconds, hidden=self._hidden)

    def _send(self, data: bytes) -> None:
        # What ended it comes out when it is read, and says more than a connection that takes nothing.
        with contextlib.suppress(ClusterError):
            self._process.write(data)

    def _read(self, *, until_held: bool) -> bool:
        """Read on until the script waits or has ended; return whether it waits."""
        last = self._began + self._timeout + GRACE + _LATE
        try:
            for channel, data in self._process.read(max(0.0, last - time.monotonic())):
                if channel == STDOUT:
                    self._output += data
                    if until_held and is_held(self._output.decode(errors="replace")):
                        return True
                else:
                    self._errors = (self._errors + data)[-_KEPT:]
        except TimeoutError:
            return False
        except ClusterError as error:
            self._lost = self._lost or error.message
        return False


def _input(module: str, payload: Mapping[str, Value], timeout: float) -> bytes:
    """Return what a container is sent: `checks/pod.py`, then the check with all it needs."""
    package = "mlops_install"
    texts = {name: (PACKAGE / "checks" / f"{name}.py").read_text(encoding="utf-8") for name in ("pod", "steps", module)}
    steps = f"{package}.checks.steps"
    told = {
        "sources": {package: "", f"{package}.checks": "", steps: texts["steps"]},
        "steps": steps,
        "script": texts[module],
        "environment": dict(QUIET),
        "payload": payload,
        "limit": timeout,
        "grace": GRACE,
    }
    parts = [texts["pod"].encode(), json.dumps(told).encode()]
    return b"".join(f"{len(part)}\n".encode() + part for part in parts)
