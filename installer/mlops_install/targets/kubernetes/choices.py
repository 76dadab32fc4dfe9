"""What can be chosen on a cluster, for parameters whose overlay says `choices_from`."""

from __future__ import annotations

from mlops_install.answers.model import Answers
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import contexts_there, look


def choices(context: Context, answers: Answers, kind: str) -> tuple[str, ...]:
    """Return what there is of `kube_contexts`, `storage_classes`, `ingress_classes` or `gateways`, sorted.

    Empty when the cluster can't be reached or isn't named yet, may not be asked, or has none; never raises.
    """
    if kind == "kube_contexts":
        return contexts_there(context, answers)
    facts = look(context, answers)
    if facts is None:
        return ()
    if kind == "gateways":
        return tuple(sorted({name for _, name in facts.gateways or ()}))
    found = {"storage_classes": facts.storage_classes, "ingress_classes": facts.ingress_classes}
    return found.get(kind) or ()
