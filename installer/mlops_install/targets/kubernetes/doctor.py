"""What `doctor` says of clusters: those that deployments are on, and one that is named or the only one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.answers.secrets import Resolved
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.store import all_deployments
from mlops_install.errors import InstallerError
from mlops_install.targets.context import Context
from mlops_install.targets.installed import approved_answers
from mlops_install.targets.kubernetes.cluster import connect, contexts_there, name_cluster
from mlops_install.targets.kubernetes.preflight import examine
from mlops_install.targets.records import Finding
from mlops_install.words.commands import command


def clusters(context: Context) -> Iterator[Finding]:
    """Check the cluster of each deployment that is on one, and the one that the flags name."""
    plain = replace(context, kubeconfig=None, kube_context=None)
    for deployment in all_deployments(context.environment):
        if deployment.answers.is_file() and read_marker(deployment).target == "kubernetes":
            yield from _deployment(plain, deployment)
    if context.kubeconfig or context.kube_context:
        yield from _named(context)
        return
    there = contexts_there(context, Answers(name="doctor", target="kubernetes"))
    if there:
        hint = f"`{command('doctor', '--context', 'NAME')}` checks whether one takes all six tools at their defaults."
        yield Finding("clusters", "ok", f"contexts: {', '.join(there)}", hint)


def _deployment(context: Context, deployment: Deployment) -> Iterator[Finding]:
    subject = f"cluster of {deployment.name}"
    try:
        answers = approved_answers(context, deployment)
        if answers is not None:
            yield from _examined(context, deployment, answers, subject)
    except InstallerError as error:
        yield Finding(subject, "problem", error.message, error.hint)


def _named(context: Context) -> Iterator[Finding]:
    catalogue = context.catalogue("kubernetes")
    everything = Answers(name="doctor", target="kubernetes", modules=tuple(catalogue.modules))
    nowhere = Deployment(context.environment.data_home / "doctor")
    try:
        answers = name_cluster(context, complete(everything, catalogue))
        yield from _examined(context, nowhere, answers, "cluster")
    except InstallerError as error:
        told = [error.message, *(str(problem) for problem in error.problems)]
        yield Finding("cluster", "problem", " ".join(told), error.hint)


def _examined(context: Context, deployment: Deployment, answers: Answers, subject: str) -> Iterator[Finding]:
    prepared = Prepared(
        deployment=deployment,
        catalogue=context.catalogue("kubernetes"),
        answers=answers,
        approved=None,
        secrets=Resolved(values={}, references={}, problems=[]),
        missing=(),
        overridden=(),
    )
    examined = examine(context, prepared)
    found = examined.all_problems()
    yield from (Finding(f"{subject}: {it.subject}", "problem", it.message, it.hint) for it in found)
    yield from (Finding(f"{subject}: {it.subject}", "warning", it.message, it.hint) for it in examined.warnings)
    if not found:
        access = connect(context, answers).access
        yield Finding(subject, "ok", f"the context {access.context} at {access.server} takes what is chosen")
