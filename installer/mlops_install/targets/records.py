"""What the use cases return: plain records that every front end shows in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mlops_install.catalogue.model import Footprint, Value
from mlops_install.deployment.runs.record import Change
from mlops_install.diagnosis.records import Diagnosis

__all__ = [
    "Capacity",
    "CheckReport",
    "Diagnosis",
    "Finding",
    "PlanSummary",
    "PresetSummary",
    "RunSummary",
    "ServiceState",
    "StepReport",
]

StateWord = Literal["healthy", "starting", "down", "stranger"]


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One chosen module's state on its target."""

    module: str
    tool: str
    """The runtime's own name; equals the module's id on the local target."""
    state: StateWord
    address: str
    detail: str
    """One line of evidence: the reply, or what is missing."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the chosen modules take, against what the target has."""

    needed: Footprint
    """The sum of the chosen modules' footprints: cores, MiB of memory, MiB of disk."""
    disk_to_add: float
    """MiB that are still to be installed; the rest of `needed.disk` is there already."""
    available: Footprint | None
    """Cores, MiB of memory, MiB of free disk (0 on a cluster, which doesn't tell); None where it can't be asked."""
    memory_free: float | None
    """MiB of memory that nobody uses now; None where the target can't be asked."""
    short: tuple[Literal["cpu", "memory", "disk"], ...]
    """What doesn't suffice."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step of a verification."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a real client met at one module."""

    module: str
    status: Literal["passed", "failed", "not installed"]
    seconds: float
    steps: tuple[StepReport, ...]
    message: str
    """Why it failed; empty when it passed."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of the history."""

    id: str
    kind: str
    state: str
    created: str
    seconds: float | None
    """Of the apply, or of the plan when nothing was applied; None while it goes on."""
    changes: int
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class PresetSummary:
    """A preset as `presets` lists it."""

    id: str
    title: str
    description: str
    target: str
    modules: tuple[str, ...]
    needs: tuple[str, ...]
    """Names of the required values it leaves open."""
    path: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`."""

    check: str
    level: Literal["ok", "warning", "problem"]
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan as it is shown before it is approved."""

    run: str
    kind: str
    changes: tuple[Change, ...]
    answers_diff: tuple[tuple[str, Value, Value], ...]
    """Parameter or `modules`, approved value (the default before the first approval), planned value."""
    outputs_changed: bool = False
    """Whether addresses change though no resource does."""

    @property
    def empty(self) -> bool:
        """Whether applying it would change nothing at all."""
        return not self.changes and not self.outputs_changed
