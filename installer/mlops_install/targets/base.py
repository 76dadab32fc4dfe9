"""What a target is: everything that differs between the places where the stack is installed.

Each part has a default for every method, so a target says only what differs from "nothing to do".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mlops_install.catalogue.model import Footprint
from mlops_install.deployment.marker import Marker, read_marker
from mlops_install.targets.records import Capacity, CheckReport, Finding, ServiceState

if TYPE_CHECKING:
    from mlops_install.answers.model import Answers
    from mlops_install.catalogue.model import Catalogue, Value
    from mlops_install.deployment.layout import Deployment, RunFolder
    from mlops_install.deployment.prepared import Prepared
    from mlops_install.deployment.runs.record import Kind
    from mlops_install.environment.served import ServedModel
    from mlops_install.errors import Problem
    from mlops_install.targets.context import Context


class Repairable(Protocol):
    """Something that an interrupted apply left half-made, which blocks every later one."""

    @property
    def told(self) -> str:
        """What it is, for people."""
        ...


MayRepair = Callable[[Sequence[Repairable]], bool]
"""Asked whether half-made things may be removed; it may wait for a person."""


class PortConflict(Protocol):
    """A chosen port that is taken."""

    @property
    def parameter(self) -> str:
        """The parameter that chose it."""
        ...

    @property
    def next_free(self) -> int:
        """The next port that is free."""
        ...

    def problem(self) -> Problem:
        """Return it as a problem of the parameter."""
        ...


class Leftovers(Protocol):
    """What an interrupted apply left on the target without Terraform's state knowing of it."""

    def told(self) -> list[str]:
        """Return what it is, a line each; empty when there is nothing."""
        ...

    def removing(self) -> AbstractContextManager[None]:
        """Return what takes it away around Terraform's destroy; raises InstallerError when that fails."""
        ...


@dataclass(frozen=True, slots=True)
class NoLeftovers:
    """Nothing was left."""

    def told(self) -> list[str]:
        """Return no line."""
        return []

    def removing(self) -> AbstractContextManager[None]:
        """Return what does nothing."""
        return nullcontext()


@dataclass(frozen=True, slots=True)
class Watcher:
    """The process that writes a run's live evidence."""

    module: str
    """The Python module that is run with `-m`."""
    arguments: tuple[str, ...]


class Questions(Protocol):
    """What the target knows while answers are made."""

    def settle(self, context: Context, answers: Answers) -> Answers:
        """Return the answers with what the surroundings say filled in; never raises."""
        return answers

    def announcement(self, context: Context, prepared: Prepared, *, may_ask: bool) -> str:
        """Return a sentence about where it will be installed; empty where that goes without saying.

        Raises PreflightError when that can't be determined and, `may_ask` being false, nobody can be asked.
        """
        return ""

    def choices(self, context: Context, answers: Answers, kind: str) -> tuple[str, ...]:
        """Return what there is of a kind (an overlay's `choices_from`), sorted; empty when unknown. Never raises."""
        return ()

    def capacity(self, context: Context, answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Capacity:
        """Return what complete answers take, at the modules' defaults, against what the target has."""
        needed = total(catalogue, answers.modules)
        return Capacity(needed, needed.disk, None, None, ())

    def port_conflicts(self, prepared: Prepared) -> Sequence[PortConflict]:
        """Return the chosen ports that are taken."""
        return ()

    def locating_parameter(self, context: Context, answers: Answers) -> str:
        """Return the parameter that leads to the target; empty where none does."""
        return ""


class Planning(Protocol):
    """What a plan takes beyond the answers, and what must hold before one is made."""

    destroys_everything: bool
    """Whether every destroy is one of all that Terraform knows, because the data aren't among it."""
    service_program: str
    """The Python module behind `bin/service`, which the stack's local-exec calls; empty for a stack without it."""

    def refuse_unfit(
        self, context: Context, prepared: Prepared, may_repair: MayRepair | None = None
    ) -> tuple[Problem, ...]:
        """Return what an operator should know though it is in the way of nothing.

        Raises PreflightError with everything that is in the way. `may_repair` is asked about what an interrupted apply
        left half-made; None leaves it alone.
        """
        return ()

    def warnings(self, context: Context) -> list[Problem]:
        """Return what a first installation means for others."""
        return []

    def pin(self, context: Context, deployment: Deployment, answers: Answers, kind: Kind) -> Marker:
        """Return the deployment's marker, with the place noted that the plan is for where places can be mixed up.

        Raises PreflightError when something is installed in another place, or it can't be reached.
        """
        return read_marker(deployment)

    def internal_values(self, deployment: Deployment, catalogue: Catalogue, answers: Answers) -> dict[str, Value]:
        """Return the installer's own values for the stack, found without asking anybody."""
        return {}

    def observed_values(
        self, context: Context, prepared: Prepared, internal: dict[str, Value], kind: Kind
    ) -> dict[str, Value]:
        """Return the installer's own values as the target is now; raises PreflightError when it can't be asked."""
        return internal


class Operation(Protocol):
    """What is looked at once something is installed."""

    def watcher(self, context: Context, deployment: Deployment, run: RunFolder) -> Watcher | None:
        """Return the process that keeps live evidence while the run is applied; None where there is none to keep."""
        return None

    def status(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers
    ) -> list[ServiceState]:
        """Return the state of every chosen module, in the catalogue's order; raises when the target can't be asked."""
        ...

    def verify(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, loop: bool
    ) -> Iterator[CheckReport]:
        """Check every module with a client, as each comes to its end; with `loop` the whole way at last."""
        ...

    def models(self, context: Context, deployment: Deployment, answers: Answers) -> list[ServedModel]:
        """Return the served models by name; raises PreflightError and InstallerError as `status` does."""
        return []


class Services(Protocol):
    """Services that don't start by themselves: after a reboot, before one."""

    def start(self, deployment: Deployment) -> None:
        """Start every installed service and wait until it is healthy; raises InstallerError naming what isn't."""
        ...

    def stop(self, deployment: Deployment) -> None:
        """Stop every service; data and configuration stay. Idempotent."""
        ...


class Removal(Protocol):
    """What a destroy takes beyond Terraform's own."""

    def left_behind(
        self, context: Context, deployment: Deployment, run: RunFolder, *, purge_data: bool
    ) -> Sequence[str]:
        """Return what a planned destroy leaves on the target, a line each; asked before it is carried out."""
        return ()

    def leftovers(self, context: Context, prepared: Prepared, run: RunFolder) -> Leftovers:
        """Return what the planned destroy doesn't know of and is to go; raises PreflightError."""
        return NoLeftovers()

    def purge(self, context: Context, prepared: Prepared, behind: Sequence[str]) -> list[str]:
        """Remove the data among what a purging destroy left; returns what still stays."""
        return list(behind)

    def clean_up(self, deployment: Deployment, *, purge_data: bool) -> None:
        """End what still lives and remove what can be made again; with `purge_data` the data too."""
        return None


class Target(Protocol):
    """One target; `targets/<name>/target.py` has it as `TARGET`."""

    name: str
    summary: str
    """What it is, in half a line."""
    takes_kubeconfig: bool
    """Whether `--kubeconfig` and `--context` are for it."""
    done_note: str
    """What a person should know at the end of an installation; empty where there is nothing."""
    questions: Questions
    planning: Planning
    operation: Operation
    services: Services | None
    """None where services start and stop by themselves."""
    removal: Removal

    def doctor(self, context: Context) -> Iterator[Finding]:
        """Check whether an installation would find what it needs here."""
        ...


def total(catalogue: Catalogue, modules: Sequence[str]) -> Footprint:
    """Return the sum of the modules' footprints."""
    taken = [catalogue.modules[module].footprint for module in modules if module in catalogue.modules]
    return Footprint(
        cpu=sum(footprint.cpu for footprint in taken),
        memory=sum(footprint.memory for footprint in taken),
        disk=sum(footprint.disk for footprint in taken),
    )
