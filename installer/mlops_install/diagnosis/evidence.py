"""What a cluster said of a module while its release was awaited: which pods and Services held it up, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mlops_install.catalogue.model import Value
from mlops_install.deployment.runs.watching import in_trouble
from mlops_install.diagnosis.rules import Source
from mlops_install.engine.events import Event

_LOG_LINES = 8
_AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that held a release up."""

    said: str
    """The state, or the warning, in Kubernetes' words."""
    log: tuple[str, ...] = ()
    """The last lines of the container that ended."""
    settings: Mapping[str, Value] = field(default_factory=dict)
    """By what they decide (`image`, `memory`, …), the parameters; `changed`: the module's that were changed."""
    source: Source = Source.CLUSTER
    """Who said `said`."""


@dataclass(slots=True)
class _Thing:
    """A pod or a Service, by what was said of it so far."""

    state: str = ""
    earlier: bool = False
    """Whether it was there before the run: a rolling update keeps the old pods until the new ones are ready."""
    created: datetime | None = None
    trouble: Event | None = None
    log: list[str] = field(default_factory=list)


def evidence(live: Sequence[Event], module: str) -> list[Evidence]:
    """Return what held the module's release up: pods and Services as they stood at the end, then the warnings.

    A pod that is well at the end counts only if it ended before, as one that crashes again and again is up for moments;
    one that goes away, or was there before the run, only where nothing else tells.
    """
    mine = [event for event in live if event.module == module]
    things = _things(mine)
    held = [thing for thing in things.values() if thing.trouble is not None]
    for counts in (_stands, lambda thing: not thing.earlier, _newest(held)):
        held = list(filter(counts, held)) or held
    told = {key for key, thing in things.items() if thing not in held} if held else set()
    return [*_of_things(held), *_warnings(mine, told)]


def _newest(things: Iterable[_Thing]) -> Callable[[_Thing], bool]:
    """Return what tells whether a pod was made when the newest of them was, not by an earlier attempt."""
    newest = max((thing.created for thing in things if thing.created is not None), default=None)
    return lambda thing: newest is None or thing.created is None or newest - thing.created < _AT_ONCE


def _stands(thing: _Thing) -> bool:
    return thing.state != "Terminating" and (in_trouble(thing.state) or bool(thing.log))


def held_namespaces(live: Iterable[Event]) -> list[Evidence]:
    """Return what was said last of each namespace that was being removed and was held by something."""
    said = {_place(event): event.message for event in live if event.type == "namespace"}
    return [Evidence(message, source=Source.NAMESPACE) for message in said.values()]


def common_settings(live: Iterable[Event], module: str) -> Mapping[str, Value]:
    """Return the parameters of any pod of the module that has some: for what concerns the whole release."""
    for event in live:
        settings = event.data.get("settings")
        if event.module == module and isinstance(settings, Mapping) and settings.get("timeout"):
            return settings
    return {}


def _things(events: Iterable[Event]) -> dict[tuple[str, str], _Thing]:
    """Return pods and Services by namespace and name."""
    things: dict[tuple[str, str], _Thing] = {}
    for event in events:
        name = str(event.data.get("pod") or event.data.get("service") or "")
        thing = things.setdefault((_place(event), name), _Thing())
        if event.type in ("pod", "service"):
            thing.state = str(event.data.get("state"))
            thing.earlier = event.data.get("earlier") is True
            thing.created = _moment(event.data.get("created"))
            if in_trouble(thing.state):
                thing.trouble = event
        elif event.type == "pod_log":
            thing.log.append(event.message)
    return things


def _of_things(things: Iterable[_Thing]) -> Iterator[Evidence]:
    for thing in things:
        if thing.trouble is not None:
            yield Evidence(thing.trouble.message, tuple(thing.log[-_LOG_LINES:]), _settings(thing.trouble))


def _place(event: Event) -> str:
    return str(event.data.get("namespace") or "")


def _warnings(events: Iterable[Event], left_out: set[tuple[str, str]]) -> Iterator[Evidence]:
    for event in events:
        if event.type == "event" and (_place(event), str(event.data.get("object") or "")) not in left_out:
            yield Evidence(event.message, (), _settings(event))


def _moment(text: Value) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _settings(event: Event) -> Mapping[str, Value]:
    settings = event.data.get("settings")
    return settings if isinstance(settings, Mapping) else {}
