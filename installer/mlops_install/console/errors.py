"""Errors for people: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlops_install.errors import InstallerError, Problem
from mlops_install.targets.records import Diagnosis
from mlops_install.words.terminal import plain, plain_lines
from mlops_install.words.wording import title_of

_DETAIL_LINES = 12


def print_error(console: Console, error: InstallerError) -> None:
    """Print an error: its message, every problem, and the hint last, where the eye ends."""
    console.print(error_view(error))


def error_view(error: InstallerError) -> RenderableType:
    """Return an error as text that wraps at the console's width."""
    parts: list[RenderableType] = [Text.assemble(("! ", "bold red"), *_paragraph(error.message, "bold"))]
    if error.problems:
        parts += [Text(), problems_view(error.problems)]
    if error.hint:
        parts += [Text(), _indented(Text.assemble(("→ ", "cyan"), *_paragraph(error.hint)), 0)]
    return Group(*parts)


def problems_view(problems: Iterable[Problem]) -> RenderableType:
    """Return problems as a list: subject and message, the hint below, grouped under the file they were found in."""
    by_source: dict[str, list[Problem]] = {}
    for problem in problems:
        by_source.setdefault(problem.source, []).append(problem)
    parts: list[RenderableType] = []
    for source, found in by_source.items():
        if source:
            parts.append(Text(f"  {plain(source)}", "dim"))
        for problem in found:
            subject = [(f"{plain(problem.subject)}: ", "bold")] if problem.subject else []
            parts.append(_indented(Text.assemble(("- ", "red"), *subject, *_paragraph(problem.message)), 2))
            if problem.hint:
                parts.append(_indented(Text.assemble(("→ ", "cyan"), *_paragraph(problem.hint)), 4))
    return Group(*parts)


def diagnosis_view(found: Iterable[Diagnosis], titles: Mapping[str, str]) -> RenderableType:
    """Return why a run failed: a paragraph a cause, the last lines it rests on, and what to do."""
    parts: list[RenderableType] = []
    for diagnosis in found:
        if parts:
            parts.append(Text())
        who = [(f"{title_of(diagnosis.module, titles)}: ", "bold")] if diagnosis.module else []
        parts.append(_indented(Text.assemble(("! ", "bold red"), *who, *_paragraph(diagnosis.cause)), 0))
        for line in plain_lines(diagnosis.detail)[-_DETAIL_LINES:]:
            parts.append(_indented(Text.assemble(("│ ", "dim"), (line, "dim")), 2))
        if diagnosis.action:
            parts.append(_indented(Text.assemble(("→ ", "cyan"), *_paragraph(diagnosis.action)), 2))
        if diagnosis.parameter:
            parts.append(_indented(Text(f"setting: {diagnosis.parameter}", "dim"), 4))
    return Group(*parts)


def _paragraph(text: str, style: str = "") -> list[tuple[str, str]]:
    return [("\n".join(plain_lines(text)), style)]


def _indented(text: Text, left: int) -> RenderableType:
    """Return the text with its later lines under its first word."""
    first, rest = text.divide([2])
    grid = Table.grid()
    grid.add_column(width=2, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(first, rest)
    return Padding(grid, (0, 0, 0, left)) if left else grid
