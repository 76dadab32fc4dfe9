"""A pure reducer: events of a run folded into what a front end shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ResourceStatus = Literal["waiting", "working", "done", "failed", "unchanged"]
Stage = Literal["starting", "init", "plan", "planned", "apply", "done", "failed", "cancelled"]


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
    resources: Mapping[str, ResourceState] = field(default_factory=dict)
    """By address, in the order they were first heard of."""
    diagnostics: tuple[DiagnosticState, ...] = ()
    log: tuple[str, ...] = ()
    """The last 500 lines, one message each."""
    cancel_requested: bool = False
    message: str = ""
    """The last thing worth saying about the run as a whole."""
