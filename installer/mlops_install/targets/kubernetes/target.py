"""The target `kubernetes` as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlops_install.targets.base import Leftovers, MayRepair, Operation, Planning, Questions, Removal, Target, Watcher

if TYPE_CHECKING:
    from mlops_install.answers.model import Answers
    from mlops_install.catalogue.model import Catalogue, Value
    from mlops_install.deployment.layout import Deployment, RunFolder
    from mlops_install.deployment.marker import Marker
    from mlops_install.deployment.prepared import Prepared
    from mlops_install.deployment.runs.record import Kind
    from mlops_install.environment.served import ServedModel
    from mlops_install.errors import Problem
    from mlops_install.targets.context import Context
    from mlops_install.targets.records import Capacity, CheckReport, Finding, ServiceState


class _Questions(Questions):
    def settle(self, context: Context, answers: Answers) -> Answers:
        from mlops_install.targets.kubernetes.cluster import name_cluster

        return name_cluster(context, answers)

    def announcement(self, context: Context, prepared: Prepared, *, may_ask: bool) -> str:
        from mlops_install.targets.kubernetes.cluster import connect

        if may_ask and any(parameter.name == "kube_context" for parameter in prepared.missing):
            return ""
        access = connect(context, prepared.answers).access
        if prepared.approved is not None:
            return ""
        return f"Cluster: the context {access.context} of {access.kubeconfig} at {access.server}."

    def choices(self, context: Context, answers: Answers, kind: str) -> tuple[str, ...]:
        from mlops_install.targets.kubernetes.choices import choices

        return choices(context, answers, kind)

    def capacity(self, context: Context, answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Capacity:
        from mlops_install.targets.kubernetes.capacity import capacity

        return capacity(context, answers, catalogue, deployment)

    def locating_parameter(self, context: Context, answers: Answers) -> str:
        from mlops_install.targets.kubernetes.cluster import way_there

        return way_there(context, answers)


class _Planning(Planning):
    destroys_everything = False
    service_program = ""

    def refuse_unfit(
        self, context: Context, prepared: Prepared, may_repair: MayRepair | None = None
    ) -> tuple[Problem, ...]:
        from mlops_install.targets.kubernetes.preflight.examination import refuse_unfit_cluster

        return refuse_unfit_cluster(context, prepared, may_repair)

    def pin(self, context: Context, deployment: Deployment, answers: Answers, kind: Kind) -> Marker:
        from mlops_install.targets.kubernetes.cluster import pin_cluster

        return pin_cluster(context, deployment, answers, kind)

    def internal_values(self, deployment: Deployment, catalogue: Catalogue, answers: Answers) -> dict[str, Value]:
        from mlops_install.deployment.root.kept import kept_namespaces, release_failures

        return {
            "kept_namespaces": kept_namespaces(deployment, catalogue, answers),
            "release_failures": release_failures(deployment),
        }

    def observed_values(
        self, context: Context, prepared: Prepared, internal: dict[str, Value], kind: Kind
    ) -> dict[str, Value]:
        from mlops_install.targets.kubernetes.releases.observed import observed_values

        return observed_values(context, prepared, internal, kind)


class _Operation(Operation):
    def watcher(self, context: Context, deployment: Deployment, run: RunFolder) -> Watcher:
        import json

        from mlops_install.targets.kubernetes.pods.watch_scope import watched

        what = json.dumps(watched(context, deployment, run))
        return Watcher("mlops_install.targets.kubernetes.pods.watch", (str(run.path), what))

    def status(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers
    ) -> list[ServiceState]:
        from mlops_install.targets.installed import outputs
        from mlops_install.targets.kubernetes.status import cluster_states

        return cluster_states(context, deployment, catalogue, answers, outputs(context, deployment))

    def verify(
        self, context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, *, loop: bool
    ) -> Iterator[CheckReport]:
        from mlops_install.targets.installed import outputs
        from mlops_install.targets.kubernetes.verify import cluster_checks

        return cluster_checks(context, deployment, catalogue, answers, outputs(context, deployment), loop=loop)

    def models(self, context: Context, deployment: Deployment, answers: Answers) -> list[ServedModel]:
        from mlops_install.targets.kubernetes.models import models_of

        return models_of(context, deployment, answers)


class _Removal(Removal):
    def left_behind(
        self, context: Context, deployment: Deployment, run: RunFolder, *, purge_data: bool
    ) -> Sequence[str]:
        from mlops_install.targets.kubernetes.releases.removal import left_behind

        return left_behind(context, deployment, run, purge_data=purge_data)

    def leftovers(self, context: Context, prepared: Prepared, run: RunFolder) -> Leftovers:
        from mlops_install.targets.kubernetes.releases.removal import left_over

        return left_over(context, prepared, run)

    def purge(self, context: Context, prepared: Prepared, behind: Sequence[str]) -> list[str]:
        from mlops_install.targets.kubernetes.releases.removal import purge

        return purge(context, prepared.answers, behind)


class Kubernetes(Target):
    """A cluster: the tools by their own charts."""

    name = "kubernetes"
    summary = "a cluster, by the tools' own charts"
    takes_kubeconfig = True
    done_note = ""
    questions = _Questions()
    planning = _Planning()
    operation = _Operation()
    services = None
    removal = _Removal()

    def doctor(self, context: Context) -> Iterator[Finding]:
        """Check the clusters that deployments are on, and one that is named."""
        from mlops_install.targets.kubernetes.doctor import clusters

        return clusters(context)


TARGET: Target = Kubernetes()
