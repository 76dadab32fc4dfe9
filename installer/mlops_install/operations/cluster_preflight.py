"""What stands in the way of an installation on a cluster: all findings at once, each with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue, Module, Value
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import PreflightError, Problem
from mlops_install.live.errors import ClusterError
from mlops_install.operations.cluster import connect, refuse_other_cluster
from mlops_install.operations.context import Context
from mlops_install.operations.prepare import Prepared

if TYPE_CHECKING:
    from mlops_install.live.facts import Facts
    from mlops_install.live.releases import HelmRelease
    from mlops_install.live.rights import Action


@dataclass(frozen=True, slots=True)
class Installation:
    """What is to be on the cluster, and what this deployment has put there already."""

    catalogue: Catalogue
    answers: Answers
    approved: dict[str, Value]
    """The approved `terraform.tfvars.json`; empty before the first approval."""

    @classmethod
    def of(cls, deployment: Deployment, catalogue: Catalogue, answers: Answers) -> Installation:
        """Read what was approved for the deployment."""
        try:
            approved = json.loads(deployment.tfvars.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            approved = {}
        return cls(catalogue, answers, approved)

    @property
    def modules(self) -> list[Module]:
        """The chosen modules, in the catalogue's order."""
        return [module for module in self.catalogue.modules.values() if module.id in self.answers.modules]

    def value(self, name: str) -> Value:
        """Return a parameter's value."""
        return value_of(name, self.answers, self.catalogue)

    def text(self, name: str) -> str:
        """Return a parameter's value as a text, empty for none."""
        return str(self.value(name) or "")

    def places(self, module: Module) -> list[tuple[str, str, str]]:
        """Return (namespace, release, the parameter that names the namespace) of all that a module may install."""
        return [(self.text(release.namespace), release.name, release.namespace) for release in module.releases]

    def existing(self) -> set[str]:
        """Return the namespaces that are neither made nor removed."""
        names = self.value("existing_namespaces")
        return {str(name) for name in names} if isinstance(names, list | tuple) else set()

    def our_releases(self) -> set[tuple[str, str]]:
        """Return (namespace, name) of the releases of the approved installation."""
        return {
            (str(self.approved.get(release.namespace)), release.name)
            for module in self.catalogue.modules.values()
            if self.approved.get(f"install_{module.id}")
            for release in module.releases
        }

    def our_namespaces(self) -> set[str]:
        """Return the namespaces of the approved installation, those kept for their data included."""
        kept = self.approved.get("kept_namespaces")
        return {place for place, _ in self.our_releases()} | set(map(str, kept if isinstance(kept, list) else ()))


@dataclass(frozen=True, slots=True)
class Examined:
    """What one look at the cluster found."""

    problems: tuple[Problem, ...]
    """What is in the way, half-made releases apart."""
    interrupted: tuple[HelmRelease, ...]
    """This deployment's half-made releases, which block every later apply until they are repaired."""

    def all_problems(self) -> list[Problem]:
        """Return everything that is in the way."""
        return [*self.problems, *map(_interrupted_problem, self.interrupted)]


def refuse_unfit_cluster(
    context: Context, prepared: Prepared, may_repair: Callable[[Sequence[HelmRelease]], bool] | None = None
) -> None:
    """Raise PreflightError with everything that is in the way of installing `prepared` on its cluster.

    When nothing is but half-made releases, `may_repair` is asked whether to repair them.
    """
    try:
        examined = examine(context, prepared)
        if examined.interrupted and not examined.problems and may_repair and may_repair(examined.interrupted):
            repair(context, prepared, examined.interrupted)
            return
    except ClusterError as error:
        raise PreflightError(error.message, hint=error.hint) from error
    if found := examined.all_problems():
        raise PreflightError("the cluster is not ready, nothing was changed", problems=found)


def examine(context: Context, prepared: Prepared) -> Examined:
    """Return everything that is in the way of installing `prepared` on its cluster; nothing is changed.

    Raises PreflightError when there is nothing more to find out (no context, another cluster), and ClusterError.
    """
    from mlops_install.live.facts import gather

    installation = Installation.of(prepared.deployment, prepared.catalogue, prepared.answers)
    cluster = connect(context, prepared.answers)
    facts = gather(cluster)
    refuse_other_cluster(prepared.deployment, facts.uid, cluster.access.context)
    releases = _releases(context, installation)
    ours = installation.our_releases()
    problems = (
        *version_problems(installation, facts),
        *namespace_problems(installation, facts),
        *class_problems(installation, facts),
        *foreign_releases(installation, releases),
        *right_problems(_refused(context, installation, facts)),
        *chart_folder_problems(context, installation),
        *room_problems(installation, facts, releases),
    )
    return Examined(problems, tuple(it for it in releases if it.pending and (it.namespace, it.name) in ours))


def version_problems(installation: Installation, facts: Facts) -> Iterator[Problem]:
    """Yield each module whose chart wants a newer Kubernetes."""
    for module in installation.modules:
        least = tuple(int(part) for part in module.kubernetes.split(".") if part)
        if least and facts.version < least:
            yield Problem(
                module.id,
                f"needs Kubernetes {module.kubernetes} or later, the cluster has {facts.version_text}",
                f"Upgrade the cluster, or leave it out with `--without {module.id}`.",
            )


def namespace_problems(installation: Installation, facts: Facts) -> Iterator[Problem]:
    """Yield namespaces that another hand made, that are going away, or that are said to be there and aren't."""
    if facts.namespaces is None:
        return
    existing, ours = installation.existing(), installation.our_namespaces()
    for name in sorted(existing - set(facts.namespaces)):
        yield Problem(
            "existing_namespaces",
            f"the cluster has no namespace {name}",
            f"Make it: `kubectl create namespace {name}`.",
        )
    wanted = {
        place: parameter for module in installation.modules for place, _, parameter in installation.places(module)
    }
    foreign: dict[str, str] = {}
    for name, parameter in wanted.items():
        phase = facts.namespaces.get(name)
        if phase == "Terminating":
            yield Problem(
                parameter, f"the namespace {name} is still being removed", "Wait until it is gone, or name another one."
            )
        elif phase and name not in existing and name not in ours:
            foreign[name] = parameter
    if foreign:
        together = json.dumps(sorted({*existing, *foreign}), separators=(",", ":"))
        yield Problem(
            "namespaces",
            f"there already, and not made by this deployment: {', '.join(foreign)}",
            f"Use them as they are with `--set 'existing_namespaces={together}'`, or name others "
            f"({', '.join(f'--set {parameter}=NAME' for parameter in foreign.values())}).",
        )


def class_problems(installation: Installation, facts: Facts) -> Iterator[Problem]:
    """Yield a storage class, ingress class or gateway that is needed and isn't there."""
    yield from _storage_problems(installation, facts)
    ingress = installation.text("ingress_class")
    if ingress and facts.ingress_classes is not None and ingress not in facts.ingress_classes:
        yield Problem(
            "ingress_class",
            f"the cluster has no ingress class {ingress!r} ({_there(facts.ingress_classes)})",
            "Install an ingress controller, or name a class that is there.",
        )
    gateway, place = installation.text("gateway_name"), installation.text("gateway_namespace")
    if gateway and facts.gateways is not None:
        found = [name for where, name in facts.gateways if name == gateway and place in ("", where)]
        if not found:
            where = f" in the namespace {place}" if place else ""
            known = _there([f"{where}/{name}" for where, name in facts.gateways])
            yield Problem(
                "gateway_name",
                f"the cluster has no gateway {gateway!r}{where} ({known})",
                "Make it, or name another one.",
            )


def _storage_problems(installation: Installation, facts: Facts) -> Iterator[Problem]:
    chosen = installation.text("storage_class")
    keeping = [
        module.title
        for module in installation.modules
        if module.footprint.disk and not installation.value(f"{module.id}_external")
    ]
    if facts.storage_classes is None or not keeping:
        return
    if chosen and chosen not in facts.storage_classes:
        yield Problem(
            "storage_class",
            f"the cluster has no storage class {chosen!r} ({_there(facts.storage_classes)})",
            "Name one that is there with `--set storage_class=NAME`.",
        )
    if not chosen and facts.default_storage_class is None:
        yield Problem(
            "storage_class",
            f"no storage class is the cluster's default, and {', '.join(keeping)} need volumes",
            f"Name one with `--set storage_class=NAME` ({_there(facts.storage_classes)}), or make one the default.",
        )


def foreign_releases(installation: Installation, releases: Sequence[HelmRelease]) -> Iterator[Problem]:
    """Yield releases that this deployment would take from another hand."""
    ours, usable = installation.our_releases(), installation.existing() | installation.our_namespaces()
    wanted = {
        (place, name): parameter
        for module in installation.modules
        for place, name, parameter in installation.places(module)
    }
    for release in releases:
        key = (release.namespace, release.name)
        # In a namespace that may not be used anyway there is no more to say.
        if key in wanted and key not in ours and release.namespace in usable:
            yield Problem(
                release.name,
                f"the release {release.name} in the namespace {release.namespace} is there already ({release.status}), "
                "and this deployment didn't make it",
                f"Name another namespace with `--set {wanted[key]}=NAME`, or remove it: "
                f"`helm uninstall {release.name} -n {release.namespace}`.",
            )


def _interrupted_problem(release: HelmRelease) -> Problem:
    return Problem(
        release.name,
        f"the release {release.name} in the namespace {release.namespace} is {release.status}: an apply was "
        "interrupted, and Helm refuses every later one",
        "Where nobody else is at it, `apply --yes` repairs it: the half-made revision is removed, what it made stays "
        "and is taken over.",
    )


def repair(context: Context, prepared: Prepared, releases: Sequence[HelmRelease]) -> None:
    """Remove the half-made revisions, so that the next apply goes on from what is there.

    Raises LockedError while a run of this deployment goes on, which they may belong to, and ClusterError.
    """
    from mlops_install.live.releases import repair as remove
    from mlops_install.operations.planning import refuse_while_busy

    refuse_while_busy(prepared.deployment)
    cluster = connect(context, prepared.answers)
    for release in releases:
        remove(cluster, release)


def right_problems(refused: Sequence[Action]) -> Iterator[Problem]:
    """Yield what the credentials may not do, one finding for each namespace and one for the cluster."""
    by_place: dict[str, list[Action]] = {}
    for action in refused:
        by_place.setdefault(action.namespace, []).append(action)
    for place, actions in by_place.items():
        verbs: dict[str, list[str]] = {}
        for action in actions:
            resource = f"{action.resource}.{action.group}" if action.group else action.resource
            verbs.setdefault(resource, []).append(action.verb)
        told = "; ".join(f"{', '.join(words)} {resource}" for resource, words in sorted(verbs.items()))
        where = f"in the namespace {place}" if place else "in the whole cluster"
        yield Problem("rights", f"your credentials may not, {where}: {told}", "Ask whoever runs the cluster for them.")


def chart_folder_problems(context: Context, installation: Installation) -> Iterator[Problem]:
    """Yield a folder of charts that isn't there."""
    name = installation.text("charts_directory")
    if not name:
        return
    folder = (
        context.environment.home / name[2:] if name.startswith("~/") else context.environment.working_directory / name
    )
    if not folder.is_dir():
        yield Problem(
            "charts_directory", f"there is no folder {folder}", "It holds each chart as <chart>-<version>.tgz."
        )


def room_problems(installation: Installation, facts: Facts, releases: Sequence[HelmRelease]) -> Iterator[Problem]:
    """Yield what the nodes lack for the modules that aren't there yet."""
    if facts.nodes is None:
        return
    if not facts.nodes:
        yield Problem("nodes", "no node of the cluster takes pods", "`kubectl get nodes` shows why.")
        return
    there = {(release.namespace, release.name) for release in releases}
    to_come = [
        module.footprint
        for module in installation.modules
        if not any((place, name) in there for place, name, _ in installation.places(module))
    ]
    cpu, memory = sum(it.cpu for it in to_come), sum(it.memory for it in to_come)
    free_cpu = sum(max(node.cpu, 0) for node in facts.nodes)
    free_memory = sum(max(node.memory, 0) for node in facts.nodes)
    hint = "Leave modules out with --without, lower their requests, or add a node."
    if cpu > free_cpu:
        yield Problem("cpu", f"the modules request {cpu:.1f} cores, the nodes have {free_cpu:.1f} left", hint)
    if memory > free_memory:
        yield Problem(
            "memory", f"the modules request {memory:.0f} MiB of memory, the nodes have {free_memory:.0f} left", hint
        )


def _releases(context: Context, installation: Installation) -> list[HelmRelease]:
    from mlops_install.live.releases import list_releases

    wanted = {place for module in installation.modules for place, _, _ in installation.places(module)}
    return list_releases(connect(context, installation.answers), wanted | installation.our_namespaces())


def _refused(context: Context, installation: Installation, facts: Facts) -> list[Action]:
    from mlops_install.live.rights import Action, refused

    wanted = {
        Action(right.group, right.resource, verb, place if right.namespaced else "")
        for module in installation.modules
        for place in {place for place, _, _ in installation.places(module)}
        for right in module.rights
        for verb in right.verbs
    }
    places = {place for module in installation.modules for place, _, _ in installation.places(module)}
    if places - installation.existing() - set(facts.namespaces or ()):
        wanted |= {Action("", "namespaces", verb) for verb in ("get", "create", "delete")}
    return refused(connect(context, installation.answers), wanted)


def _there(names: Sequence[str]) -> str:
    return f"there are: {', '.join(names)}" if names else "there is none"
