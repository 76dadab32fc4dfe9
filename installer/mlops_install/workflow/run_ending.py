"""How a run ended, for whoever followed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.history import read_record
from mlops_install.deployment.runs.record import Kind, State
from mlops_install.targets.records import Diagnosis
from mlops_install.workflow.applying import is_stale
from mlops_install.workflow.failure import explain

ENDED_SHORT: Final = ("failed", "cancelled", "lost")
"""The states of a run that ended short of its end."""


@dataclass(frozen=True, slots=True)
class RunEnding:
    """The end of a run, or of the planning of one."""

    run: str
    kind: Kind
    state: State
    stale: bool
    """Whether it was refused because its plan no longer fits the state or the secrets."""
    diagnoses: tuple[Diagnosis, ...]
    """Why it failed; empty when it didn't."""

    @property
    def ended_short(self) -> bool:
        """Whether it ended short of its end."""
        return self.state in ENDED_SHORT


def ending_of(deployment: Deployment, run: RunFolder) -> RunEnding:
    """Return how the run ended; reads its record and, after a failure, its events."""
    record = read_record(run)
    failed = record.state in ENDED_SHORT
    stale = failed and is_stale(run)
    found = tuple(explain(deployment, run)) if failed and not stale else ()
    return RunEnding(run.id, record.kind, record.state, stale, found)


def report_of(deployment: Deployment, ending: RunEnding) -> str:
    """Return the failure as plain text, to be passed on; secrets are taken out already."""
    lines = [f"Run {ending.run} of {deployment.name}: {ending.state}"]
    for found in ending.diagnoses:
        lines += ["", *filter(None, (found.module, found.cause, found.action, found.detail))]
    return "\n".join(lines) + "\n"
