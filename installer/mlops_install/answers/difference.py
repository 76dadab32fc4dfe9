"""What differs between two sets of answers."""

from __future__ import annotations

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Value


def answers_diff(
    planned: Answers, approved: Answers | None, catalogue: Catalogue
) -> tuple[tuple[str, Value, Value], ...]:
    """Return what differs: parameter or `modules`, the earlier value, the new one; defaults stand for a new one."""
    before: dict[str, Value] = {p.name: p.default for p in catalogue.settings()}
    if approved:
        before |= approved.parameters
    found: list[tuple[str, Value, Value]] = []
    old_modules = list(approved.modules) if approved else []
    if old_modules != list(planned.modules):
        found.append(("modules", old_modules, list(planned.modules)))
    found += [
        (name, before.get(name), value) for name, value in planned.parameters.items() if before.get(name) != value
    ]
    return tuple(found)
