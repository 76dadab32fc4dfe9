"""A plan's changes in the operator's words."""

from __future__ import annotations

import re

from mlops_install.deployment.runs.record import Change
from mlops_install.words.terminal import plain

_REASONS = {
    "tainted": "its last installation failed",
    "requested": "asked for",
    "cannot_update": "settings changed",
    "by_triggers": "settings changed",
    "by_request": "asked for",
    "because_no_resource_config": "the stack has it no longer",
    "because_no_module": "no longer chosen",
    "because_wrong_repetition": "no longer chosen",
    "because_count_index": "no longer chosen",
    "because_each_key": "no longer chosen",
}
"""By the end of Terraform's reason: `tainted` in the event stream, `replace_because_tainted` in a saved plan
(Terraform 1.11 docs, internals/machine-readable-ui and internals/json-format)."""
SILENT_ACTIONS = ("read", "no-op")
"""What a plan lists though nothing changes."""
_HOLDS_DATA = ("kubernetes_namespace", "kubernetes_persistent_volume_claim", "custom_resource_definition")
"""Beginnings and ends of resource types whose deletion takes data along."""
_KEYED = re.compile(r'^module\.[\w-]+\["([^"]+)"\]\.(.+)$')


def is_service(address: str) -> bool:
    """Tell whether a resource stands for a program on this machine (modules/service), whose data lie apart from it."""
    return ".terraform_data." in f".{address}"


def change_word(change: Change) -> str:
    """Return what happens to a resource in one word: `create`, `change`, `restart`, `replace`, `remove`."""
    words = {"replace": "restart" if is_service(change.address) else "replace", "delete": "remove", "update": "change"}
    words["import"] = "adopt"
    return words.get(change.action, change.action)


def change_meaning(change: Change, *, purge_data: bool = False) -> str:
    """Return what a change means for what runs and for its data, and Terraform's reason; empty when it says nothing.

    `purge_data`: what is deleted loses its data too.
    """
    meaning = ""
    if change.action == "replace":
        meaning = "will be restarted, data kept" if is_service(change.address) else "will be made anew"
        if loses_data(change):
            meaning += ", data lost"
    elif change.action == "delete" and is_service(change.address):
        meaning = "will be stopped, " + ("data deleted" if purge_data else "data kept")
    elif change.action == "import":
        meaning = "there already, from an apply that was cut off"
    elif loses_data(change):
        meaning = "data lost"
    return ": ".join(filter(None, (meaning, _reason(change.reason))))


def loses_data(change: Change, *, purge_data: bool = False) -> bool:
    """Tell whether a change takes data along that nothing brings back."""
    if change.action not in ("delete", "replace"):
        return False
    if is_service(change.address):
        return purge_data and change.action == "delete"
    kind = change.address.rpartition(".")[0].rpartition(".")[2]
    return kind.startswith(_HOLDS_DATA) or kind.endswith(_HOLDS_DATA)


def short_address(address: str) -> str:
    """Return an address without the module it is listed under; of a module with several parts, the part's name stays.

    `module.prefect_release["prefect-worker"].helm_release.this` is `helm_release prefect-worker`.
    """
    keyed = _KEYED.match(plain(address))
    if keyed:
        rest = keyed[2].replace(".this[", "[").removesuffix(".this")
        return rest if rest.endswith("]") else f"{rest} {keyed[1]}"
    parts = plain(address).split(".")
    return ".".join(parts[2:]) if parts[0] == "module" and len(parts) > 2 else plain(address)


def _reason(reason: str) -> str:
    for end, words in _REASONS.items():
        if reason.endswith(end):
            return words
    return plain(reason).replace("_", " ")
