"""The target `local` as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlops_install.errors import PreflightError
from mlops_install.targets.base import MayRepair, Operation, Planning, PortConflict, Questions, Removal, Target, Watcher

if TYPE_CHECKING:
    from mlops_install.answers.model import Answers
    from mlops_install.catalogue.model import Catalogue, Value
    from mlops_install.deployment.layout import Deployment, RunFolder
    from mlops_install.deployment.prepared import Prepared
    from mlops_install.environment.served import ServedModel
    from mlops_install.errors import Problem
    from mlops_install.targets.context import Context
    from mlops_install.targets.records import Capacity, CheckReport, Finding, ServiceState

SHARED_MACHINE = (
    "every user of this machine can reach the tools on loopback, and some of them (Dask, Prefect, MLServer) run code "
    "as the user who installed them"
)
_DIGESTS = "service_digests"
"""The stack's variable for what the package decides about each tool."""


class _Questions(Questions):
    def capacity(self, context: Context, answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Capacity:
        from mlops_install.targets.local.machine.capacity import capacity

        return capacity(answers, catalogue, deployment)

    def port_conflicts(self, prepared: Prepared) -> Sequence[PortConflict]:
        from mlops_install.targets.local.machine.preflight import port_conflicts

        return port_conflicts(catalogue=prepared.catalogue, answers=prepared.answers, deployment=prepared.deployment)


class _Planning(Planning):
    destroys_everything = True
    service_program = "mlops_install.targets.local.service"

    def refuse_unfit(
        self, context: Context, prepared: Prepared, may_repair: MayRepair | None = None
    ) -> tuple[Problem, ...]:
        from mlops_install.targets.local.machine import preflight

        found = preflight.find_problems(
            catalogue=prepared.catalogue,
            answers=prepared.answers,
            deployment=prepared.deployment,
            environment=context.environment,
        )
        if found:
            raise PreflightError("this machine is not ready, nothing was changed", problems=found)
        return ()

    def warnings(self, context: Context) -> list[Problem]:
        from mlops_install.targets.local.machine.doctor import warnings

        return warnings(context)

    def internal_values(self, deployment: Deployment, catalogue: Catalogue, answers: Answers) -> dict[str, Value]:
        from mlops_install.targets.local.digests import runtime_digests

        return {_DIGESTS: runtime_digests()} if _DIGESTS in catalogue.parameters else {}


class _Operation(Operation):
    def watcher(self, context: Context, deployment: Deployment, run: RunFolder) -> Watcher:
        return Watcher("mlops_install.targets.local.watch", (str(run.path),))

    def status(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers
    ) -> list[ServiceState]:
        from mlops_install.targets.local.verify import module_states

        return module_states(deployment, catalogue, answers)

    def verify(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, loop: bool
    ) -> Iterator[CheckReport]:
        from mlops_install.targets.local.verify import checks

        return checks(context, deployment, catalogue, answers, loop=loop)

    def models(self, context: Context, deployment: Deployment, answers: Answers) -> list[ServedModel]:
        from mlops_install.targets.local.verify import models

        return models(deployment, answers)


class _Services:
    def start(self, deployment: Deployment) -> None:
        from mlops_install.targets.local.supervision import control

        control.start(deployment)

    def stop(self, deployment: Deployment) -> None:
        from mlops_install.targets.local.supervision import control

        control.stop(deployment)


class _Removal(Removal):
    def clean_up(self, deployment: Deployment, *, purge_data: bool) -> None:
        from mlops_install.targets.local.supervision import control

        control.end_all(deployment)
        if purge_data:
            control.purge(deployment)
        else:
            control.remove_environments(deployment)


class Local(Target):
    """This machine: real tools as supervised processes."""

    name = "local"
    summary = "processes on this machine, reachable on loopback only"
    takes_kubeconfig = False
    done_note = f"Note: {SHARED_MACHINE}."
    questions = _Questions()
    planning = _Planning()
    operation = _Operation()
    services = _Services()
    removal = _Removal()

    def doctor(self, context: Context) -> Iterator[Finding]:
        """Check this machine with all modules at their defaults."""
        from mlops_install.targets.local.machine.doctor import findings

        return findings(context)


TARGET: Target = Local()
