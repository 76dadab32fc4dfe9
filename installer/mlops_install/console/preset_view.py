"""`preset save` and `preset diff` for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mlops_install.catalogue.model import Value
from mlops_install.setup.preset_edit import Difference, SavedPreset, Side
from mlops_install.words.commands import command
from mlops_install.words.terminal import plain
from mlops_install.words.wording import value_text


def saved_view(deployment: str, saved: SavedPreset) -> RenderableType:
    """Return `preset save`: where it is, what it leaves open, how to install it."""
    parts: list[RenderableType] = [Text(f"The answers of {deployment} are saved in {plain(saved.path)}.")]
    if saved.left_open:
        parts.append(Text(f"Left open, to be asked for: {', '.join(saved.left_open)} (typed secrets aren't saved)."))
    parts.append(Text(f"Install it: {command('quick', plain(saved.name), '--name', 'NAME')}", "cyan"))
    return Group(*parts)


def diff_view(first: Side, second: Side, differences: Sequence[Difference]) -> RenderableType:
    """Return `preset diff`: one line a difference, both values side by side."""
    if not differences:
        return Text(f"{plain(first.name)} and {plain(second.name)} say the same.")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    for side in (first, second):
        table.add_column(Text(f"{plain(side.name)} ({side.kind})"), overflow="fold")
    for found in differences:
        name = Text(found.name) if found.kind == found.name else Text.assemble(found.name, (f" {found.kind}", "dim"))
        table.add_row(name, Text(_value(found.first)), Text(_value(found.second)))
    return table


def _value(value: Value) -> str:
    return "-" if value is None else value_text(value)
