"""What a saved plan would do, from `terraform show -json` (Terraform 1.11 docs, internals/json-format)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from mlops_install.catalogue.model import Value
from mlops_install.deployment.runs.record import Action, Change
from mlops_install.engine.events import module_of

_NOTHING: Final = frozenset({"no-op", "read"})


def changes_from_show(document: Mapping[str, Value]) -> tuple[Change, ...]:
    """Return the resources that the plan would change, in its order.

    Data reads and no-ops are left out; a replacement is one change whatever the order of its two halves.
    """
    changes = []
    for entry in document.get("resource_changes") or ():
        change = entry.get("change", {})
        action = _action(change.get("actions") or ())
        if action == "no-op" and change.get("importing"):
            action = "import"
        if entry.get("mode") == "data" or action in _NOTHING:
            continue
        address = str(entry["address"])
        reason = str(entry.get("action_reason") or "")
        changes.append(Change(address=address, module=module_of(address), action=action, reason=reason))
    return tuple(changes)


def outputs_change(document: Mapping[str, Value]) -> bool:
    """Return whether the plan changes an output; such a plan must be applied though no resource changes."""
    changes = document.get("output_changes") or {}
    return any(list(change.get("actions") or ()) != ["no-op"] for change in changes.values())


def _action(actions: Sequence[str]) -> Action:
    names = set(actions)
    if {"create", "delete"} <= names:
        return "replace"
    # `create` with `forget` replaces what Terraform then no longer knows.
    for name in ("create", "update", "delete", "forget", "read"):
        if name in names:
            return cast("Action", name)
    return "no-op"
