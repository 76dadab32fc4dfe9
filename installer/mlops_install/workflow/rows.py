"""A run's state as the rows a person watches: one a module, whatever number of resources it has. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mlops_install.engine.progress import ResourceState, ResourceStatus, RunState
from mlops_install.words.terminal import plain
from mlops_install.words.wording import ENVIRONMENT, instant, title_of

ENDED = ("done", "failed", "cancelled")
"""The stages after which nothing of the run moves."""

_WORKING = {"create": "creating", "update": "updating", "replace": "replacing", "delete": "removing", "read": "reading"}
_PHASE_SHARE = {"installing": 0.3, "configuring": 0.6, "starting": 0.7, "waiting": 0.8, "healthy": 0.95}
_ALMOST = 0.95
_ADDRESS = re.compile(r"\b[a-z]+://[^\s,;]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One module of a run."""

    module: str
    title: str
    status: ResourceStatus
    word: str
    """The state in one or two words: the tool's own phase while it works."""
    detail: str
    phase: str
    started: datetime | None
    finished: datetime | None

    def elapsed(self, now: datetime) -> float | None:
        """Return the seconds it took, or has taken by `now`; None before it started."""
        return None if self.started is None else ((self.finished or now) - self.started).total_seconds()


def rows_of(state: RunState, titles: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the rows of everything that changes, in the titles' order, the team's environment first.

    Modules without a change have no row.
    """
    groups: dict[str, list[ResourceState]] = {}
    for resource in state.resources.values():
        if resource.status != "unchanged" and resource.action not in {"no-op", "read"}:
            groups.setdefault(resource.module, []).append(resource)
    known = [module for module in titles if module in groups and module != ENVIRONMENT]
    first = [ENVIRONMENT] if ENVIRONMENT in groups else []
    rest = [module for module in groups if module not in titles and module != ENVIRONMENT]
    return tuple(row_of(module, groups[module], state, titles) for module in [*first, *known, *rest])


def row_of(module: str, resources: list[ResourceState], state: RunState, titles: Mapping[str, str]) -> Row:
    """Return the row of a module from its resources, of which there is at least one."""
    status = _status(resources)
    shown = _most_telling(resources, status)
    starts = [time for time in map(instant, (r.started for r in resources)) if time]
    ends = [time for time in map(instant, (r.finished for r in resources)) if time]
    return Row(
        module=module,
        title=title_of(module, titles),
        status=status,
        word=word_of(shown, status, state),
        detail=_detail(shown, status, state),
        phase=shown.phase,
        started=min(starts, default=None),
        finished=max(ends, default=None) if status in {"done", "failed"} else None,
    )


def _status(resources: Iterable[ResourceState]) -> ResourceStatus:
    found = {resource.status for resource in resources}
    if "failed" in found:
        return "failed"
    if "working" in found or len(found) > 1:
        return "working"
    return found.pop()


def _most_telling(resources: list[ResourceState], status: ResourceStatus) -> ResourceState:
    same = [resource for resource in resources if resource.status == status] or resources
    return max(same, key=lambda resource: resource.started)


def word_of(resource: ResourceState, status: ResourceStatus, state: RunState) -> str:
    """Return a resource's state in one or two words, under the status of the row that shows it."""
    ended = state.stage in ENDED
    if status == "failed":
        return "failed"
    if status == "done":
        return "removed" if resource.action == "delete" else "ready"
    if status == "working":
        return "stopped" if ended else plain(resource.phase) or _WORKING.get(resource.action, "working")
    return "not started" if ended else "queued"


def _detail(resource: ResourceState, status: ResourceStatus, state: RunState) -> str:
    """Return what a row says beside its state: the evidence while it works, the address when it is ready."""
    if status == "failed":
        return _failure(resource, state)
    if status == "done":
        address = _ADDRESS.search(resource.detail)
        return plain(address.group()) if address and resource.action != "delete" else ""
    return detail_of(resource).removeprefix("for ")


def detail_of(resource: ResourceState) -> str:
    """Return what a resource says of itself, without repeating its phase."""
    detail = plain(resource.detail).removeprefix("phase:").strip()
    if resource.phase and detail.lower().startswith(resource.phase.lower()):
        detail = detail[len(resource.phase) :].lstrip(" :")
    return "" if detail in {"…", "..."} else detail


def _failure(resource: ResourceState, state: RunState) -> str:
    if resource.detail:
        return detail_of(resource)
    for diagnostic in state.diagnostics:
        if diagnostic.severity == "error" and resource.address == diagnostic.address:
            return plain(diagnostic.summary)
    for diagnostic in state.diagnostics:
        if diagnostic.severity == "error" and resource.module == diagnostic.module:
            return plain(diagnostic.summary)
    return ""


def share_done(rows: Iterable[Row], expected: Mapping[str, float], now: datetime) -> float:
    """Return how far the run is, 0 to 1: whole modules plus a guess for those under way.

    The guess is the time taken of the time expected, else the usual place of the phase; never a full module.
    """
    shares = [_share(row, expected, now) for row in rows]
    return sum(shares) / len(shares) if shares else 0.0


def _share(row: Row, expected: Mapping[str, float], now: datetime) -> float:
    if row.status in {"done", "failed"}:
        return 1.0
    if row.status == "waiting":
        return 0.0
    by_phase = _PHASE_SHARE.get(row.phase, 0.1)
    usual, elapsed = expected.get(row.module, 0.0), row.elapsed(now)
    return min(elapsed / usual, _ALMOST) if usual > 0 and elapsed is not None else by_phase


def verb_of(state: RunState) -> tuple[str, str]:
    """Return what the run does and what it did: `Installing`, `Installed`; `Removing`, `Removed`; …"""
    actions = {r.action for r in state.resources.values() if r.status != "unchanged"} - {"no-op", "read", ""}
    if actions == {"create"}:
        return "Installing", "Installed"
    return ("Removing", "Removed") if actions == {"delete"} else ("Applying", "Applied")


def count_word(state: RunState) -> str:
    """Return the word for finished rows: `ready`, or `removed` where everything goes."""
    return "removed" if verb_of(state)[0] == "Removing" else "ready"


STAGES = {
    "starting": "Starting Terraform",
    "init": "Preparing Terraform",
    "plan": "Working out what to change",
    "planned": "Planned",
}
"""What the run does before anything changes."""
