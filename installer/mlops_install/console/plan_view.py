"""A plan in the operator's words: by module, with what each change means for what runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlops_install.deployment.runs.record import Change
from mlops_install.targets.records import PlanSummary
from mlops_install.words.wording import title_of, value_text
from mlops_install.workflow.changes import SILENT_ACTIONS, change_meaning, change_word, short_address

_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "replace": ("~", "yellow"), "delete": ("-", "red")}


def plan_view(plan: PlanSummary, titles: Mapping[str, str], *, purge_data: bool = False) -> RenderableType:
    """Return a plan: which answers differ, a line a change grouped by module, and the sum.

    `purge_data`: what is deleted loses its data too.
    """
    changes = [change for change in plan.changes if change.action not in SILENT_ACTIONS]
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
        grid.add_row(_action(changes[0]), title, Text(change_meaning(changes[0], purge_data=purge_data), "dim"))
        return grid
    names = [short_address(change.address) for change in changes]
    grid = _grid(max(map(len, names)))
    for change, name in zip(changes, names, strict=True):
        grid.add_row(_action(change), Text(name), Text(change_meaning(change, purge_data=purge_data), "dim"))
    return Group(title, Padding(grid, (0, 0, 0, 2)))


def _grid(width: int) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=len("~ replace"))
    grid.add_column(width=width, overflow="fold")
    grid.add_column(overflow="fold", ratio=1)
    return grid


def _action(change: Change) -> Text:
    sign, style = _SIGNS.get(change.action, ("·", "dim"))
    return Text(f"{sign} {change_word(change)}", style)


def _sum(changes: list[Change]) -> Text:
    counts = Counter(change_word(change) for change in changes)
    return Text(", ".join(f"{count} to {word}" for word, count in counts.items()))
