"""A plan and the differences behind it, as text: by module, with what each change means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from mlops_install.words.terminal import plain
from mlops_install.words.wording import title_of, value_text
from mlops_install.workflow.changes import SILENT_ACTIONS, change_meaning, change_word, loses_data, short_address

if TYPE_CHECKING:
    from mlops_install.catalogue.model import Value
    from mlops_install.deployment.runs.record import Change
    from mlops_install.setup.questions import SecretChange
    from mlops_install.targets.records import PlanSummary

_SIGNS: Final = {"create": "+", "delete": "-", "update": "~", "replace": "~"}


def plan_text(plan: PlanSummary, titles: Mapping[str, str]) -> Text:
    """Return the plan's changes, grouped by module in the titles' order."""
    text = Text()
    for title, changes in _grouped(plan, titles):
        if len(changes) == 1:
            text.append_text(_change(changes[0], Text(title, "bold")))
            continue
        text.append(f"{title}\n", "bold")
        for change in changes:
            text.append_text(Text("  ") + _change(change, Text(short_address(change.address), "dim")))
    text.rstrip()
    return text


def _change(change: Change, name: Text) -> Text:
    meaning = change_meaning(change)
    line = Text.assemble(f"{_SIGNS.get(change.action, '·')} {change_word(change):<8} ", name)
    if meaning:
        line.append(f"  {meaning}", "bold" if loses_data(change) else "")
    return line.append("\n")


def plan_sum(plan: PlanSummary) -> str:
    """Return the number of changes of each kind in words."""
    counts = Counter(change_word(change) for change in plan.changes if change.action not in SILENT_ACTIONS)
    if not counts:
        return "Nothing to change: everything is as the answers say." if plan.empty else "Only addresses change."
    return ", ".join(f"{count} to {word}" for word, count in counts.items())


def dangers(plan: PlanSummary, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each change that takes data along; empty for a harmless plan."""
    return tuple(
        f"{title_of(change.module, titles)}: {short_address(change.address)} goes, and its data with it"
        for change in plan.changes
        if loses_data(change)
    )


def _grouped(plan: PlanSummary, titles: Mapping[str, str]) -> list[tuple[str, list[Change]]]:
    groups: dict[str, list[Change]] = {}
    for change in plan.changes:
        if change.action not in SILENT_ACTIONS:
            groups.setdefault(change.module, []).append(change)
    order = [*(module for module in titles if module in groups), *(m for m in groups if m not in titles)]
    return [(title_of(module, titles), groups[module]) for module in order]


def diff_text(diff: Sequence[tuple[str, Value, Value]], labels: Mapping[str, str], *, raw: bool = False) -> Text:
    """Return a difference, three lines an entry where it is long: name, before, after; `raw` shows no labels."""
    text = Text()
    for name, before, after in diff:
        label = "" if raw else labels.get(name, "")
        text.append(name, "bold")
        text.append(f"  {label}\n" if label else "\n", "dim")
        was, now = ("(absent)" if raw and value is None else plain(value_text(value)) for value in (before, after))
        if len(was) + len(now) < 60:
            text.append(f"  {was} → ", "dim")
            text.append(f"{now}\n")
        else:
            text.append(f"  - {was}\n", "dim")
            text.append(f"  + {now}\n")
    text.rstrip()
    return text


def secrets_text(changes: Sequence[SecretChange], labels: Mapping[str, str]) -> Text:
    """Return which secrets come, go or change, by their references; never a value."""
    text = Text()
    for change in changes:
        text.append(change.name, "bold")
        text.append(f"  {labels.get(change.name, '')}\n", "dim")
        text.append(f"  {_secret_words(change)}\n")
    text.rstrip()
    return text


def _secret_words(change: SecretChange) -> str:
    if not change.before:
        return f"new: {change.after}"
    if not change.after:
        return "not needed any more"
    if change.before == change.after:
        return f"{change.after}: a new value"
    return f"{change.before} → {change.after}" + (", a new value" if change.fresh else "")
