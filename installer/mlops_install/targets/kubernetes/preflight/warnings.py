"""What an operator should know of a cluster though it is in no installation's way: what could not be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mlops_install.errors import Problem
from mlops_install.targets.kubernetes.preflight.findings import Installation

if TYPE_CHECKING:
    from mlops_install.targets.kubernetes.preflight.facts import Facts
    from mlops_install.targets.kubernetes.preflight.rights import Action

_PURPOSES = {
    "status": "`status` can't ask the tools there whether they work, nor can `verify` where there is no client",
    "verify": "`verify` can't run its clients there",
    "live": "when a pod doesn't come up, what it said last isn't shown",
}
_UNSEEN = {
    "namespaces": "whether the namespaces are there already, and whose they are",
    "nodes": "whether the modules fit on the nodes",
    "pods": "how much room is left on the nodes",
    "storageclasses.storage.k8s.io": "whether there is a storage class for the volumes",
    "ingressclasses.networking.k8s.io": "whether the ingress class is there",
    "gateways.gateway.networking.k8s.io": "whether the gateway is there",
}
"""By what may not be listed in the whole cluster, what isn't known then."""


def unseen_warnings(installation: Installation, facts: Facts, closed: Iterable[str]) -> Iterator[Problem]:
    """Yield what could not be looked at, with the right that is missing.

    `closed` are namespaces whose Secrets, Helm's releases among them, may not be listed.
    """
    hint = "Ask whoever runs the cluster for this right, or look yourself."
    for resource in facts.refused:
        if _matters(installation, resource):
            yield Problem(
                "rights", f"it isn't known {_UNSEEN[resource]}: your credentials may not list {resource}", hint
            )
    if not facts.uid:
        yield Problem(
            "rights",
            "a later run can't tell whether its context still leads to this cluster: your credentials may not get the "
            "namespace kube-system",
            hint,
        )
    if places := sorted(closed):
        yield Problem(
            "rights",
            f"it isn't known whether releases were left half-made in {', '.join(places)}: your credentials may not "
            "list secrets there",
            hint,
        )


def _matters(installation: Installation, resource: str) -> bool:
    """Return whether the answers make something depend on what may not be listed."""
    if resource == "ingressclasses.networking.k8s.io":
        return bool(installation.text("ingress_class"))
    if resource == "gateways.gateway.networking.k8s.io":
        return bool(installation.text("gateway_name"))
    if resource == "storageclasses.storage.k8s.io":
        return any(module.footprint.disk for module in installation.modules)
    return True


def purpose_warnings(refused: Sequence[Action], purposes: Mapping[Action, str]) -> Iterator[Problem]:
    """Yield what won't work after the installation, one finding for each purpose and set of missing rights."""
    lacking: dict[tuple[str, str], dict[str, list[str]]] = {}
    for action in refused:
        verbs = lacking.setdefault((purposes[action], action.namespace), {})
        verbs.setdefault(f"{action.resource}.{action.group}".rstrip("."), []).append(action.verb)
    places: dict[tuple[str, str], list[str]] = {}
    for (purpose, place), verbs in lacking.items():
        told = "; ".join(f"{', '.join(words)} {resource}" for resource, words in sorted(verbs.items()))
        places.setdefault((purpose, told), []).append(place)
    for (purpose, told), where in sorted(places.items()):
        noun = "namespace" if len(where) == 1 else "namespaces"
        yield Problem(
            "rights",
            f"{_PURPOSES[purpose]}: your credentials may not, in the {noun} {', '.join(sorted(where))}: {told}",
            "The installation itself doesn't need it; ask whoever runs the cluster for it.",
        )
