"""What is in the way of an installation on a cluster, all at once, and the repair of half-made releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.root.backend import noted_backend
from mlops_install.deployment.root.kept import kept_namespaces
from mlops_install.deployment.root.tfvars import render_tfvars
from mlops_install.errors import LockedError, PreflightError, Problem
from mlops_install.targets.base import MayRepair
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import connect, refuse_other_cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.preflight import findings, warnings
from mlops_install.targets.kubernetes.preflight.findings import Installation
from mlops_install.targets.kubernetes.releases.leftovers import find_leftovers

if TYPE_CHECKING:
    from mlops_install.engine.described import Needs
    from mlops_install.targets.kubernetes.preflight.facts import Facts
    from mlops_install.targets.kubernetes.preflight.rights import Action
    from mlops_install.targets.kubernetes.releases.helm import HelmRelease, MadeObject


@dataclass(frozen=True, slots=True)
class Examined:
    """What one look at the cluster found."""

    deployment: Deployment
    problems: tuple[Problem, ...]
    """What is in the way, what can be repaired apart."""
    interrupted: tuple[HelmRelease | MadeObject, ...]
    """What an apply that was cut off left, which blocks every later one until it is repaired."""
    dropped: frozenset[HelmRelease | MadeObject] = frozenset()
    """What of that isn't chosen any more."""
    warnings: tuple[Problem, ...] = ()
    """What could not be looked at and what won't work later; in the way of nothing."""

    def all_problems(self) -> list[Problem]:
        """Return everything that is in the way."""
        apply = self.deployment.command("apply", "--yes")
        left = [findings.interrupted_problem(it, apply=apply, dropped=it in self.dropped) for it in self.interrupted]
        return [*self.problems, *left]


def refuse_unfit_cluster(
    context: Context, prepared: Prepared, may_repair: MayRepair | None = None
) -> tuple[Problem, ...]:
    """Return what an operator should know of the cluster though it is in the way of nothing.

    Raises PreflightError with everything that is in the way of installing `prepared` there. When nothing is but
    what an interrupted apply left, `may_repair` is asked whether to repair that. Raises LockedError while a run goes
    on.
    """
    from mlops_install.deployment.runs.history import refuse_while_busy

    refuse_while_busy(prepared.deployment)
    try:
        examined = examine(context, prepared)
        if examined.interrupted and not examined.problems and may_repair and may_repair(examined.interrupted):
            repair(context, prepared, examined.interrupted)
            return examined.warnings
    except ClusterError as error:
        raise PreflightError(error.message, hint=error.hint) from error
    if found := examined.all_problems():
        raise PreflightError("the cluster is not ready, nothing was changed", problems=[*found, *examined.warnings])
    return examined.warnings


def examine(context: Context, prepared: Prepared) -> Examined:
    """Return everything that is in the way of installing `prepared` on its cluster; nothing is changed.

    Raises PreflightError when there is nothing more to find out (no context, another cluster), and ClusterError.
    """
    from mlops_install.targets.kubernetes.preflight.facts import gather

    installation = Installation.of(prepared.deployment, prepared.catalogue, prepared.answers)
    cluster = connect(context, prepared.answers)
    facts = gather(cluster)
    refuse_other_cluster(prepared.deployment, facts.uid, cluster.access.context)
    releases = _releases(context, installation)
    needs = module_needs(context, installation.answers)
    purposes = _purposes(installation)
    closed = _closed(installation)
    refused = _refused(context, installation, facts, [*purposes, *closed])
    needed = [action for action in refused if action not in purposes and action not in closed]
    problems = (
        *findings.version_problems(installation, facts),
        *findings.namespace_problems(installation, facts),
        *findings.class_problems(installation, facts),
        *findings.foreign_parts(installation, _parts(context, installation)),
        *(() if context.adopt else findings.foreign_releases(installation, releases)),
        *findings.right_problems(needed),
        *findings.chart_problems(_charts_folder(context, installation), needs),
        *findings.room_problems(facts, _to_come(installation, releases, needs)),
    )
    warned = (
        *warnings.unseen_warnings(installation, facts, [it.namespace for it in refused if it in closed]),
        *warnings.purpose_warnings([action for action in refused if action in purposes], purposes),
    )
    return Examined(prepared.deployment, problems, *_interrupted(context, prepared, installation, releases), warned)


def _interrupted(
    context: Context, prepared: Prepared, installation: Installation, releases: Sequence[HelmRelease]
) -> tuple[tuple[HelmRelease | MadeObject, ...], frozenset[HelmRelease | MadeObject]]:
    """Return what blocks an apply: half-made releases, and what the state doesn't know and a plan can't take over.

    And what of it isn't chosen any more: all that the state doesn't know. A half-made release that it knows, Terraform
    itself removes then.
    """
    left = find_leftovers(context, prepared.deployment, prepared.catalogue, installation.answers)
    wanted, ours = installation.wanted(), installation.our_releases()
    kept = kept_namespaces(prepared.deployment, prepared.catalogue, installation.answers)
    places = {place for place, _ in wanted} | set(kept)
    half_made = [
        it for it in releases if it.pending and (it.namespace, it.name) in ours and (it.namespace, it.name) in wanted
    ]
    dropped: list[HelmRelease | MadeObject] = [
        it for it in reversed(left.releases) if (it.namespace, it.name) not in wanted
    ]
    dropped += [it for it in left.parts if (it.namespace, it.release) not in wanted]
    dropped += [it for it in left.namespaces if it.name not in places]
    again = [it for it in left.parts if it not in dropped]
    return (*half_made, *again, *dropped), frozenset(dropped)


def repair(context: Context, prepared: Prepared, found: Sequence[HelmRelease | MadeObject]) -> None:
    """Remove half-made revisions, so that the next apply goes on from what is there, and what isn't chosen any more.

    A Secret or another part of a release is made again by that apply, with the same content. Raises LockedError while
    a run of this deployment goes on, here or (by its lock on the state) elsewhere, which they may belong to,
    InstallerError when that can't be found out, and ClusterError.
    """
    from mlops_install.deployment.runs.history import refuse_while_busy
    from mlops_install.targets.kubernetes.releases.helm import HelmRelease
    from mlops_install.targets.kubernetes.releases.helm import repair as remove
    from mlops_install.targets.kubernetes.releases.uninstall import uninstall

    refuse_while_busy(prepared.deployment)
    _refuse_while_locked(context, prepared.deployment)
    wanted = Installation.of(prepared.deployment, prepared.catalogue, prepared.answers).wanted()
    cluster = connect(context, prepared.answers)
    for it in found:
        if not isinstance(it, HelmRelease):
            cluster.discard(it.path)
        elif (it.namespace, it.name) in wanted:
            remove(cluster, it)
        else:
            uninstall(cluster, it)


def _refuse_while_locked(context: Context, deployment: Deployment) -> None:
    """Raise LockedError when a Terraform anywhere holds the deployment's state, InstallerError when nobody can tell."""
    from mlops_install.engine.state_lock import held_lock

    # Before the first approval there is no state to hold.
    lock = held_lock(context.binary(), deployment, context.environment.variables) if noted_backend(deployment) else None
    if lock:
        raise LockedError(
            f"Terraform's state is locked ({lock.told or lock.id}): what is half-made may be another run's, so nothing "
            "was repaired.",
            hint="Wait for that run to end. If it is gone for certain, "
            f"`{deployment.command('unlock', '--id', lock.id)}` takes its lock away.",
        )


def module_needs(context: Context, answers: Answers) -> dict[str, Needs]:
    """Return what each chosen module takes with these values; nothing when the stack refuses them, as planning says."""
    from mlops_install.engine.described import describe_modules

    catalogue = context.catalogue(answers.target)
    found = describe_modules(
        context.binary(),
        context.terraform_root,
        answers.target,
        [module for module in catalogue.modules if module in answers.modules],
        render_tfvars(answers, catalogue, revisions={}, internal={}),
        variables=context.environment.variables,
        cache=context.environment.cache_home / "described",
    )
    return found or {}


def _charts_folder(context: Context, installation: Installation) -> Path | None:
    name = installation.text("charts_directory")
    if name.startswith("~/"):
        return context.environment.home / name[2:]
    return Path(name) if name else None


def _to_come(
    installation: Installation, releases: Sequence[HelmRelease], needs: Mapping[str, Needs]
) -> dict[str, Needs]:
    """Return the needs of the modules of which nothing is there yet."""
    there = {(release.namespace, release.name) for release in releases}
    return {
        module.id: needs[module.id]
        for module in installation.modules
        if module.id in needs and not any((place, name) in there for place, name, _ in installation.places(module))
    }


def _releases(context: Context, installation: Installation) -> list[HelmRelease]:
    from mlops_install.targets.kubernetes.releases.helm import list_releases

    wanted = {place for module in installation.modules for place, _, _ in installation.places(module)}
    return list_releases(connect(context, installation.answers), wanted | installation.our_namespaces())


def _parts(context: Context, installation: Installation) -> list[MadeObject]:
    """Return the parts of releases in namespaces that are there without being this deployment's alone."""
    from mlops_install.targets.kubernetes.releases.helm import list_parts

    return list_parts(connect(context, installation.answers), installation.existing())


def _rights(installation: Installation) -> Iterator[tuple[str, Action]]:
    """Yield what the chosen modules list, each action with its purpose."""
    from mlops_install.targets.kubernetes.preflight.rights import Action

    for module in installation.modules:
        for place in {place for place, _, _ in installation.places(module)}:
            for right in module.rights:
                for verb in right.verbs:
                    yield right.purpose, Action(right.group, right.resource, verb, place if right.namespaced else "")


def _purposes(installation: Installation) -> dict[Action, str]:
    """Return what an installation itself doesn't need, with what needs it."""
    return {action: purpose for purpose, action in _rights(installation) if purpose}


def _closed(installation: Installation) -> set[Action]:
    """Return what a look for half-made releases takes where nothing is to be installed any more."""
    from mlops_install.targets.kubernetes.preflight.rights import Action

    places = {place for module in installation.modules for place, _, _ in installation.places(module)}
    return {Action("", "secrets", "list", place) for place in installation.our_namespaces() - places}


def _refused(context: Context, installation: Installation, facts: Facts, more: Iterable[Action]) -> list[Action]:
    """Return what may not be done of all that an installation needs, and of `more`."""
    from mlops_install.targets.kubernetes.preflight.rights import Action, refused

    wanted = {*more, *(action for purpose, action in _rights(installation) if not purpose)}
    places = {place for module in installation.modules for place, _, _ in installation.places(module)}
    if places - installation.existing() - set(facts.namespaces or ()):
        wanted |= {Action("", "namespaces", verb) for verb in ("get", "create", "delete")}
    return refused(connect(context, installation.answers), wanted)
