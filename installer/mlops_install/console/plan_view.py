"""A plan in the operator's words: by module, with what each change means for what runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlops_install.console.words import is_service, plain, title_of, value_text
from mlops_install.deployment.record import Change
from mlops_install.operations.records import PlanSummary

_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "replace": ("~", "yellow"), "delete": ("-", "red")}
_SILENT = ("read", "no-op")
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


def plan_view(plan: PlanSummary, titles: Mapping[str, str], *, purge_data: bool = False) -> RenderableType:
    """Return a plan: which answers differ, a line a change grouped by module, and the sum.

    `purge_data`: what is deleted loses its data too.
    """
    changes = [change for change in plan.changes if change.action not in _SILENT]
    parts: list[RenderableType] = []
    if plan.answers_diff:
        parts += [Text("Answers", "bold"), _answers(plan), Text()]
    if not changes:
        return Group(*parts, Text("Nothing to change: everything is as the answers say.", "green"))
    parts += [Text("Plan", "bold"), _changes(changes, titles, purge_data), Text(), _sum(changes)]
    return Group(*parts)


def _answers(plan: PlanSummary) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, before, after in plan.answers_diff:
        change = Text.assemble((value_text(before), "dim"), " → ", (value_text(after), "bold"))
        grid.add_row(Text(name), change)
    return Padding(grid, (0, 0, 0, 2))


def _changes(changes: list[Change], titles: Mapping[str, str], purge_data: bool) -> RenderableType:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.module, []).append(change)
    order = [*(module for module in titles if module in groups), *(m for m in groups if m not in titles)]
    single = [title_of(module, titles) for module in order if len(groups[module]) == 1]
    width = max(map(len, single), default=0)
    return Padding(
        Group(*(_module(module, groups[module], titles, width, purge_data) for module in order)), (0, 0, 0, 2)
    )


def _module(
    module: str, changes: list[Change], titles: Mapping[str, str], width: int, purge_data: bool
) -> RenderableType:
    """Return a module with one change as one line, with several as a heading with a line each."""
    title = Text(title_of(module, titles), "bold")
    if len(changes) == 1:
        grid = _grid(width)
        grid.add_row(_action(changes[0]), title, Text(_meaning(changes[0], purge_data), "dim"))
        return grid
    names = [_short(change.address) for change in changes]
    grid = _grid(max(map(len, names)))
    for change, name in zip(changes, names, strict=True):
        grid.add_row(_action(change), Text(name), Text(_meaning(change, purge_data), "dim"))
    return Group(title, Padding(grid, (0, 0, 0, 2)))


def _grid(width: int) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=len("~ replace"))
    grid.add_column(width=width, overflow="fold")
    grid.add_column(overflow="fold", ratio=1)
    return grid


def _action(change: Change) -> Text:
    sign, style = _SIGNS.get(change.action, ("·", "dim"))
    return Text(f"{sign} {_word(change)}", style)


def _word(change: Change) -> str:
    words = {"replace": "restart" if is_service(change.address) else "replace", "delete": "remove", "update": "change"}
    return words.get(change.action, change.action)


def _meaning(change: Change, purge_data: bool) -> str:
    meaning = ""
    if change.action == "replace":
        meaning = "will be restarted, data kept" if is_service(change.address) else "will be made anew"
    elif change.action == "delete" and is_service(change.address):
        meaning = "will be stopped, " + ("data deleted" if purge_data else "data kept")
    return ": ".join(filter(None, (meaning, _reason(change.reason))))


def _reason(reason: str) -> str:
    for end, words in _REASONS.items():
        if reason.endswith(end):
            return words
    return plain(reason).replace("_", " ")


def _short(address: str) -> str:
    """Return an address without the module it is listed under."""
    parts = plain(address).split(".")
    return ".".join(parts[2:]) if parts[0] == "module" and len(parts) > 2 else plain(address)


def _sum(changes: list[Change]) -> Text:
    counts = Counter(_word(change) for change in changes)
    return Text(", ".join(f"{count} to {word}" for word, count in counts.items()))
