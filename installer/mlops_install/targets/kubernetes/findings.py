"""What of a cluster's facts is in the way of an installation, each with what to do; nothing is asked here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue, Module, Value
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import Problem

if TYPE_CHECKING:
    from mlops_install.engine.described import Needs
    from mlops_install.targets.kubernetes.facts import Facts
    from mlops_install.targets.kubernetes.releases import HelmRelease, MadeObject
    from mlops_install.targets.kubernetes.rights import Action


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

    def wanted(self) -> set[tuple[str, str]]:
        """Return (namespace, release) of all that is to be there."""
        return {(place, name) for module in self.modules for place, name, _ in self.places(module)}

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
    wanted: dict[str, list[str]] = {}
    for module in installation.modules:
        for place, _, parameter in installation.places(module):
            if parameter not in wanted.setdefault(place, []):
                wanted[place].append(parameter)
    for name, parameters in wanted.items():
        if facts.namespaces.get(name) == "Terminating":
            yield Problem(
                parameters[0], f"the namespace {name} is still being removed", "Wait until it is gone, or name another."
            )
    there = {name for name, phase in facts.namespaces.items() if phase != "Terminating"}
    foreign = {name: parameters for name, parameters in wanted.items() if name in there - existing - ours}
    if foreign:
        together = json.dumps(sorted({*existing, *foreign}), separators=(",", ":"))
        others = " ".join(f"--set {parameter}=NAME" for parameters in foreign.values() for parameter in parameters)
        yield Problem(
            "namespaces",
            f"there already, and not made by this deployment: {', '.join(foreign)}",
            f"Use them as they are with `--set 'existing_namespaces={together}'`, or name others: {others}.",
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
                f"Name another namespace with `--set {wanted[key]}=NAME`, or remove it with `helm uninstall "
                f"{release.name} -n {release.namespace}`; with --adopt it is taken over, its values and passwords "
                "becoming this deployment's.",
            )


def foreign_parts(installation: Installation, found: Sequence[MadeObject]) -> Iterator[Problem]:
    """Yield what another deployment made beside releases that are chosen here: Secrets and the like."""
    ours, usable = installation.our_releases(), installation.existing() | installation.our_namespaces()
    wanted = installation.wanted()
    by_place: dict[str, list[MadeObject]] = {}
    for it in found:
        if (it.namespace, it.release) in wanted - ours and it.namespace in usable:
            by_place.setdefault(it.namespace, []).append(it)
    for place, parts in by_place.items():
        yield Problem(
            "secrets",
            f"another deployment of mlops-install made, in the namespace {place}: {', '.join(it.name for it in parts)}",
            "Work with that deployment, whose folder has the passwords; if it is lost, "
            f"`kubectl -n {place} delete {' '.join(f'{it.kind.lower()}/{it.name}' for it in parts)}` and go on with "
            "--adopt.",
        )


def interrupted_problem(found: HelmRelease | MadeObject, *, apply: str, dropped: bool = False) -> Problem:
    """Return the finding of what an interrupted run left; `dropped` of what isn't chosen any more.

    `apply` is the command that applies the deployment unasked.
    """
    from mlops_install.targets.kubernetes.releases import HelmRelease

    unknown = f"{found.told} was made by an apply that was cut off before Terraform's state knew of it"
    if dropped:
        return Problem(found.name, unknown, f"It isn't chosen any more: `{apply}` removes it.")
    if not isinstance(found, HelmRelease):
        return Problem(found.name, unknown, f"`{apply}` removes it and makes it again with the same content.")
    return Problem(
        found.name,
        f"the release {found.name} in the namespace {found.namespace} is {found.status}: a run was "
        "interrupted, and Helm refuses every later one",
        f"Where nobody else is installing, `{apply}` repairs it: the half-made revision is removed, what it made stays "
        "and is taken over.",
    )


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


def chart_problems(folder: Path | None, needs: Mapping[str, Needs]) -> Iterator[Problem]:
    """Yield what the folder of charts lacks; None stands for the charts' own repositories."""
    if folder is None:
        return
    if not folder.is_dir():
        yield Problem(
            "charts_directory", f"there is no folder {folder}", "It holds each chart as <chart>-<version>.tgz."
        )
        return
    files = {f"{chart.name}-{chart.version}.tgz" for it in needs.values() for chart in it.charts}
    lacking = sorted(name for name in files if not (folder / name).is_file())
    if lacking:
        yield Problem(
            "charts_directory",
            f"{folder} lacks {', '.join(lacking)}",
            "Fetch each from its repository: `helm pull CHART --repo URL --version VERSION`.",
        )


def room_problems(facts: Facts, to_come: Mapping[str, Needs]) -> Iterator[Problem]:
    """Yield what the nodes lack for the modules that aren't there yet: in sum, and for the largest pod."""
    if facts.nodes is None or not to_come:
        return
    if not facts.nodes:
        yield Problem("nodes", "no node of the cluster takes pods", "`kubectl get nodes` shows why.")
        return
    hint = "Leave modules out with --without, lower their requests, or add a node."
    cpu, memory = sum(it.cpu for it in to_come.values()), sum(it.memory for it in to_come.values())
    free_cpu = sum(max(node.cpu, 0) for node in facts.nodes)
    free_memory = sum(max(node.memory, 0) for node in facts.nodes)
    if cpu > free_cpu:
        yield Problem("cpu", f"the modules request {cpu:.1f} cores, the nodes have {free_cpu:.1f} left", hint)
    if memory > free_memory:
        yield Problem(
            "memory", f"the modules request {memory:.0f} MiB of memory, the nodes have {free_memory:.0f} left", hint
        )
    for module, it in to_come.items():
        fits = any(it.largest_cpu <= node.cpu and it.largest_memory <= node.memory for node in facts.nodes)
        if not fits:
            yield Problem(
                module,
                f"its largest pod requests {it.largest_cpu:.2g} cores and {it.largest_memory:.0f} MiB of memory, which "
                "no node has left",
                f"Lower its requests, leave it out with `--without {module}`, or add a larger node.",
            )


def _there(names: Sequence[str]) -> str:
    return f"there are: {', '.join(names)}" if names else "there is none"
