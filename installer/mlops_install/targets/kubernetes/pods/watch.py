"""Write what pods and events say while a run lives (started as a module of its own, with RUN_DIR and WHAT).

WHAT is a JSON object: `kubeconfig`, `context`, `releases`, by name the module and the namespace of each, and
`settings`, by module the parameters that decide about its pods. A cluster that can't be asked for a while is asked
again; what it said until then stays in live.jsonl.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.watching import in_trouble, live_event, watch_to_the_end
from mlops_install.deployment.secrets import secret_filter
from mlops_install.errors import InstallerError
from mlops_install.paths import Environment
from mlops_install.targets.kubernetes.access import choose
from mlops_install.targets.kubernetes.api import Cluster, Query
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.following import Follower
from mlops_install.targets.kubernetes.pods.states import crashed, pod_state, release_of, tries_again, waits_for_address
from mlops_install.targets.kubernetes.releases.namespaces import held_by
from mlops_install.words.foreign import ForeignText

_TURN = 1.5
"""Seconds between two looks at what the cluster has said meanwhile."""
_LAST_LINES = 5
_NO_LOG = "unable to retrieve container logs"
"""The kubelet's answer when the container has been removed already."""
_FORBIDDEN = 403
_LOG = "log"
_PATIENT_TURNS = 3
"""After how many further turns with the same holder a namespace is told: most finalizers are gone in a moment."""
_TOLD_BY_STATE = ("Error: ErrImagePull", "Error: ImagePullBackOff", "Back-off ")
"""Warnings that say a pod's state once more, each time it is tried again."""
_LONGEST = 2000
"""Characters of a message that are passed on."""


@dataclass(slots=True)
class Watch:
    """Follows the pods and the warnings of some releases' namespaces."""

    cluster: Cluster
    releases: Mapping[str, tuple[str, str]]
    """By name: module and namespace."""
    settings: Mapping[str, Sequence[tuple[str, Mapping[str, Value]]]] = field(default_factory=dict)
    """By module: patterns of pods' names, and the parameters that decide about such pods."""
    follower: Follower | None = None
    """Keeps the lists up to date; None asks the cluster for them each time."""
    clean: ForeignText = field(default_factory=lambda: ForeignText(()))
    """What takes secrets out of all that containers and events say, before it is cut or written anywhere."""
    _states: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """By namespace and name; a Service's name begins with `service/`."""
    _told: set[tuple[str, int]] = field(default_factory=set)
    _earlier: set[tuple[str, str]] = field(default_factory=set)
    """Pods, by namespace and name, that were there when the watch began."""
    _closed: set[tuple[str, str]] = field(default_factory=set)
    """What may not be read, by namespace and kind: it isn't asked for again."""
    _held: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By namespace, what holds it while it is being removed, and for how many turns already."""
    _began: bool = False

    @property
    def namespaces(self) -> list[str]:
        """The namespaces to look at."""
        return sorted({namespace for _, namespace in self.releases.values()})

    def turn(self) -> Iterator[dict[str, Value]]:
        """Yield what is new since the last turn; what can't be read is left out this time, what may not be for good."""
        looks = (self._namespace, self._pods, self._services, self._warnings)
        for namespace in self.namespaces:
            for look in looks:
                key = (namespace, look.__name__)
                if key in self._closed:
                    continue
                try:
                    yield from look(namespace)
                except ClusterError as error:
                    if error.status == _FORBIDDEN:
                        self._closed.add(key)
        self._began = True

    def _items(self, path: str, query: Query | None = None) -> list[dict[str, Any]]:
        return (self.follower or self.cluster).items(path, query)

    def _namespace(self, namespace: str) -> Iterator[dict[str, Value]]:
        """Yield what holds a namespace that is being removed, once it has for some turns.

        It is asked for each time: one object, which many who install may get but neither list nor watch.
        """
        said, turns = self._held.get(namespace, ("", 0))
        held = held_by(self.cluster, namespace)
        turns = turns + 1 if held and held == said else 0
        self._held[namespace] = (held, turns)
        if turns == _PATIENT_TURNS:
            message = f"Namespace {namespace} is being removed and is held by {held}"
            yield live_event("namespace", "", self._short(message), {"namespace": namespace})

    def _pods(self, namespace: str) -> Iterator[dict[str, Value]]:
        for pod in self._items(f"/api/v1/namespaces/{namespace}/pods"):
            name = str(pod["metadata"]["name"])
            state = pod_state(pod)
            if not self._began:
                self._earlier.add((namespace, name))
            before = self._states.get((namespace, name), ("", ""))
            if before != state and not tries_again(before[0], state[0]):
                self._states[namespace, name] = state
                module = self._module(release_of(pod), namespace)
                said = f"{name} {state[0]}" + (f": {state[1]}" if state[1] else "")
                data: dict[str, Value] = {"pod": name, "namespace": namespace, "state": state[0]}
                data |= {
                    "earlier": (namespace, name) in self._earlier,
                    "created": pod["metadata"].get("creationTimestamp") or "",
                }
                yield live_event("pod", module, self._short(said), {**data, "settings": self._settings(module, name)})
            yield from self._last_words(pod, namespace, in_trouble(state[0]))

    def _services(self, namespace: str) -> Iterator[dict[str, Value]]:
        for service in self._items(f"/api/v1/namespaces/{namespace}/services"):
            name = str(service["metadata"]["name"])
            state = "Pending" if waits_for_address(service) else "Ready"
            before = self._states.get((namespace, f"service/{name}"), ("Ready", ""))
            if before[0] != state:
                self._states[namespace, f"service/{name}"] = (state, "")
                module = self._module(release_of(service), namespace, name)
                says = "waits for a load balancer's address" if state == "Pending" else "has its address"
                data: dict[str, Value] = {"service": name, "namespace": namespace, "state": state}
                settings = self._settings(module, name)
                yield live_event("service", module, f"Service {name} {says}", {**data, "settings": settings})

    def _last_words(self, pod: Mapping[str, Any], namespace: str, troubled: bool) -> Iterator[dict[str, Value]]:
        """Yield the last lines of a container that broke down, once for each time.

        What broke down before the watch began is told only of a pod that is in trouble still, and as what it is.
        """
        name = str(pod["metadata"]["name"])
        for container, count, restarted in crashed(pod):
            key = (f"{namespace}/{name}/{container}", count)
            if key in self._told or (namespace, _LOG) in self._closed:
                continue
            if not self._began and not troubled:
                self._told.add(key)
                continue
            query: dict[str, str | int] = {"container": container, "tailLines": _LAST_LINES}
            if restarted:
                query["previous"] = "true"
            try:
                log = self.cluster.text(f"/api/v1/namespaces/{namespace}/pods/{name}/log", query)
            except ClusterError as error:
                if error.status != _FORBIDDEN:
                    # The log of a container that is just being started again comes a moment later.
                    continue
                self._closed.add((namespace, _LOG))
                log = f"(its log may not be read: your credentials may not get pods/log in the namespace {namespace})"
            self._told.add(key)
            module = self._module(release_of(pod), namespace)
            data: dict[str, Value] = {"pod": name, "namespace": namespace, "container": container}
            if log.startswith(_NO_LOG):
                continue
            says = "said" if self._began else "said before this run"
            for line in filter(str.strip, log.splitlines()):
                yield live_event("pod_log", module, self._short(f"{name} {says}: {line}"), data)

    def _warnings(self, namespace: str) -> Iterator[dict[str, Value]]:
        for event in self._items(f"/api/v1/namespaces/{namespace}/events", {"fieldSelector": "type=Warning"}):
            key = (str(event["metadata"]["uid"]), int(event.get("count") or 1))
            if key in self._told:
                continue
            self._told.add(key)
            if not self._began or str(event.get("message")).startswith(_TOLD_BY_STATE):
                # What was there before the run is not the run's.
                continue
            about = event.get("involvedObject") or {}
            name = str(about.get("name") or "")
            module = self._module("", namespace, name)
            said = f"{about.get('kind')} {name} {event.get('reason')}: {event.get('message')}"
            data: dict[str, Value] = {"namespace": namespace, "reason": event.get("reason"), "object": name}
            yield live_event("event", module, self._short(said), {**data, "settings": self._settings(module, name)})

    def _short(self, message: str) -> str:
        return self.clean(message)[:_LONGEST]

    def _settings(self, module: str, name: str) -> dict[str, Value]:
        """Return the parameters that decide about an object of this name."""
        for pattern, parameters in self.settings.get(module, ()):
            if fnmatchcase(name, pattern):
                return dict(parameters)
        return {}

    def _module(self, release: str, namespace: str, about: str = "") -> str:
        """Return the module by its release, by the beginning of an object's name, or by a namespace of its own."""
        if release in self.releases:
            return self.releases[release][0]
        here = {name: module for name, (module, where) in self.releases.items() if where == namespace}
        for name, module in here.items():
            if about.startswith(name):
                return module
        modules = set(here.values())
        return modules.pop() if len(modules) == 1 else ""


def watch(run: RunFolder, what: Mapping[str, Any], environment: Environment) -> None:
    """Append to live.jsonl until the run is over, and what was said until then."""
    deployment = Deployment(run.path.parent.parent)
    access = choose(what["kubeconfig"], what["context"], environment)
    releases = {name: (module, namespace) for name, (module, namespace) in what["releases"].items()}
    cluster = Cluster(access, environment.variables)
    follower = Follower(cluster, report=lambda said: sys.stderr.write(f"{said}\n"))
    following = Watch(cluster, releases, what.get("settings") or {}, follower)
    following.clean = secret_filter(deployment)

    def turn() -> Iterator[dict[str, Value]]:
        with suppress(InstallerError):
            # Read anew each turn; damaged, or just being replaced, the values known so far still count.
            following.clean = secret_filter(deployment)
        return following.turn()

    watch_to_the_end(run, turn, pause=_TURN)
    follower.close()


def main(argv: list[str] | None = None) -> int:
    """Watch the run whose folder is the first argument, as the second one says."""
    os.umask(0o077)
    folder, what = sys.argv[1:] if argv is None else argv
    variables = dict(os.environ)
    home = Path(variables.get("HOME") or Path.home())
    environment = Environment(
        variables=variables,
        working_directory=Path.cwd(),
        home=home,
        data_home=home,
        state_home=home,
        cache_home=home,
        python=Path(sys.executable),
        uid=os.getuid(),
    )
    try:
        watch(RunFolder(Path(folder).resolve()), json.loads(what), environment)
    except InstallerError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
