"""A pure reducer: events of a run folded into what a front end shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal, cast

from mlops_install.catalogue.model import Value
from mlops_install.engine.events import Event, module_of, variable_of
from mlops_install.engine.ordered import OrderedRows

ResourceStatus = Literal["waiting", "working", "done", "failed", "unchanged"]
Stage = Literal["starting", "init", "plan", "planned", "apply", "done", "failed", "cancelled"]

LOG_LINES: Final = 500
_STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        "init": "init",
        "plan": "plan",
        "planned": "planned",
        "apply": "apply",
        "done": "done",
        "failed": "failed",
        "cancelled": "cancelled",
        "lost": "failed",
    }
)
_FROM_EVENTS: Final[Mapping[str, Stage]] = MappingProxyType(
    {"init_output": "init", "refresh_start": "plan", "apply_start": "apply", "provision_start": "apply"}
)
"""What a stream without our own phase lines tells of its stage."""
_ORDER: Final = ("starting", "init", "plan", "planned", "apply")
_PHASE: Final = "phase: "
_UNCHANGED: Final = ("noop", "no-op", "read", "import")
QUIET: Final = frozenset({"refresh_start", "refresh_complete", "apply_progress", "planned_change"})
"""Types whose message would only fill the log; rows and counters show them."""


@dataclass(frozen=True, slots=True)
class ResourceState:
    """One resource of the run."""

    address: str
    module: str
    """Catalogue module id; empty for none."""
    action: str
    """create, update, replace, delete, read."""
    status: ResourceStatus = "waiting"
    phase: str = ""
    """The tool's own word for what it does now (`installing`, `starting`, `waiting`, …); empty before the first."""
    detail: str = ""
    """The last line it printed, redacted."""
    started: str = ""
    """UTC, ISO 8601; empty before it started."""
    finished: str = ""


@dataclass(frozen=True, slots=True)
class DiagnosticState:
    """A Terraform diagnostic."""

    severity: Literal["error", "warning"]
    summary: str
    detail: str
    address: str = ""
    module: str = ""
    variable: str = ""
    """The root variable it points at, when its range lies in a variable block."""


@dataclass(frozen=True, slots=True)
class RunState:
    """Everything a front end needs to show a run."""

    stage: Stage = "starting"
    resources: Mapping[str, ResourceState] = field(default_factory=OrderedRows)
    """By address, in the order they were first heard of."""
    diagnostics: tuple[DiagnosticState, ...] = ()
    log: tuple[str, ...] = ()
    """The last 500 lines, one message each."""
    cancel_requested: bool = False
    message: str = ""
    """The last thing worth saying about the run as a whole."""


def reduce(state: RunState, event: Event) -> RunState:
    """Return the state after one more event; pure, and total over whatever a stream may hold."""
    if event.source == "live":
        # A service's own log lines are shown beside the rows; a row says what the set-up itself does.
        return state
    state = _logged(state, event)
    handler = _HANDLERS.get(event.type)
    if handler is None:
        return _staged(state, event)
    return handler(_staged(state, event), event)


def _logged(state: RunState, event: Event) -> RunState:
    if not event.message or event.type in QUIET:
        return state
    return replace(state, log=(*state.log, event.message)[-LOG_LINES:])


def _staged(state: RunState, event: Event) -> RunState:
    stage = _FROM_EVENTS.get(event.type)
    if stage is None or state.stage not in _ORDER or _ORDER.index(stage) <= _ORDER.index(state.stage):
        return state
    return replace(state, stage=stage)


def _phase(state: RunState, event: Event) -> RunState:
    stage = _STAGES.get(str(event.data.get("phase")))
    if event.source != "installer" or stage is None:
        return state
    return replace(state, stage=stage, message=event.message or state.message)


def _cancel(state: RunState, event: Event) -> RunState:
    return replace(state, cancel_requested=True, message=event.message)


def _version(state: RunState, event: Event) -> RunState:
    return replace(state, message=event.message)


def _summary(state: RunState, event: Event) -> RunState:
    planned = _inner(event, "changes").get("operation") == "plan"
    stage: Stage = "plan" if planned and state.stage in ("starting", "init") else state.stage
    return replace(state, stage=stage, message=event.message)


def _planned(state: RunState, event: Event) -> RunState:
    action = str(_inner(event, "change").get("action") or "")
    if not event.resource or action in _UNCHANGED or event.resource.startswith("data."):
        return state
    known = state.resources.get(event.resource)
    # An apply announces its changes once more: what has begun stays as it is.
    if known is not None and known.status not in ("waiting", "unchanged"):
        return state
    stage: Stage = "plan" if state.stage in ("starting", "init") else state.stage
    row = ResourceState(address=event.resource, module=event.module, action=action)
    return _with(replace(state, stage=stage), row)


def _refreshed(state: RunState, event: Event) -> RunState:
    if not event.resource or event.resource in state.resources or ".data." in f".{event.resource}":
        return state
    row = ResourceState(address=event.resource, module=event.module, action="no-op", status="unchanged")
    return _with(state, row)


def _started(state: RunState, event: Event) -> RunState:
    action = str(_inner(event, "hook").get("action") or "")
    if not event.resource or action in _UNCHANGED:
        return state
    row = _row(state, event)
    # Its first half: a replacement goes on as one row.
    begun = row.started or event.time
    named = row.action if row.action == "replace" else action or row.action
    return _with(state, replace(row, action=named, status="working", started=begun, phase="", detail=""))


def _completed(state: RunState, event: Event) -> RunState:
    action = str(_inner(event, "hook").get("action") or "")
    if event.resource not in state.resources or action in _UNCHANGED:
        return state
    row = state.resources[event.resource]
    if row.action == "replace" and action == "delete" and not row.finished:
        return _with(state, replace(row, phase="", detail=event.message))
    return _with(state, replace(row, status="done", finished=event.time))


def _errored(state: RunState, event: Event) -> RunState:
    if event.resource not in state.resources:
        return state
    return _with(state, replace(state.resources[event.resource], status="failed", finished=event.time))


def _provision_progress(state: RunState, event: Event) -> RunState:
    output = _inner(event, "hook").get("output")
    return _provisioned(state, event, output if isinstance(output, str) else "")


def _provisioned(state: RunState, event: Event, output: str) -> RunState:
    """Take what a tool printed into its row: `phase: NAME the rest` says what it does now."""
    row = state.resources.get(event.resource)
    # `Executing: ["/bin/sh" …]` is Terraform's own first line of each provisioner.
    text = output.strip()
    if row is None or not text or text.startswith("Executing: ["):
        return state
    if not text.startswith(_PHASE):
        return _with(state, replace(row, detail=text))
    name, _, rest = text.removeprefix(_PHASE).strip().partition(" ")
    return _with(state, replace(row, phase=name, detail=rest.strip()))


def _diagnosed(state: RunState, event: Event) -> RunState:
    found = _inner(event, "diagnostic")
    address = str(found.get("address") or "")
    diagnostic = DiagnosticState(
        severity="warning" if found.get("severity") == "warning" else "error",
        summary=str(found.get("summary") or event.message),
        detail=str(found.get("detail") or ""),
        address=address,
        module=module_of(address),
        variable=variable_of(found),
    )
    if diagnostic in state.diagnostics:
        return state
    return replace(state, diagnostics=(*state.diagnostics, diagnostic))


def _row(state: RunState, event: Event) -> ResourceState:
    known = state.resources.get(event.resource)
    return known or ResourceState(address=event.resource, module=event.module, action="")


def _with(state: RunState, row: ResourceState) -> RunState:
    rows = state.resources if isinstance(state.resources, OrderedRows) else OrderedRows(state.resources.items())
    return replace(state, resources=rows.with_row(row.address, row))


def _inner(event: Event, key: str) -> Mapping[str, Value]:
    value = event.data.get(key)
    return cast("Mapping[str, Value]", value) if isinstance(value, Mapping) else {}


_HANDLERS: Final[Mapping[str, Callable[[RunState, Event], RunState]]] = MappingProxyType(
    {
        "phase": _phase,
        "cancel": _cancel,
        "version": _version,
        "change_summary": _summary,
        "planned_change": _planned,
        "refresh_start": _refreshed,
        "apply_start": _started,
        "apply_complete": _completed,
        "apply_errored": _errored,
        "provision_progress": _provision_progress,
        "provision_errored": _errored,
        "diagnostic": _diagnosed,
    }
)
