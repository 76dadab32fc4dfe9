"""A file or folder, completed while it is typed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester

from mlops_install.catalogue.model import Value
from mlops_install.tui.widgets.fields.field import Facts
from mlops_install.tui.widgets.fields.text import TextField

_MOST = 5000
"""Entries of a folder that are looked at; a larger one isn't completed to the end."""


class PathSuggester(Suggester):
    """Completes the last part of a path from what is in the folder."""

    def __init__(self, base: Path, home: Path, *, folders_only: bool = False) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.base, self.home, self.folders_only = base, home, folders_only

    async def get_suggestion(self, value: str) -> str | None:
        """Return the path with its last part completed; the folder is read in a thread."""
        if not value or "://" in value:
            return None
        return await asyncio.to_thread(complete, value, self.base, self.home, self.folders_only)


def complete(text: str, base: Path, home: Path, folders_only: bool = False) -> str | None:
    """Return the first entry that begins like the typed path, a folder with a slash behind it; None for none."""
    head, _, start = text.rpartition("/")
    head = f"{head}/" if "/" in text else ""
    folder = home / head[2:] if head.startswith("~/") else base / head
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries):
                if count >= _MOST:
                    break
                hidden = entry.name.startswith(".") and not start.startswith(".")
                if entry.name.startswith(start) and not hidden:
                    is_folder = entry.is_dir()
                    if is_folder or not folders_only:
                        found.append(f"{entry.name}/" if is_folder else entry.name)
    except OSError:
        return None
    return f"{head}{min(found)}" if found else None


class PathField(TextField):
    """A line for a path; the right arrow takes the completion."""

    def __init__(self, facts: Facts, value: Value, *, base: Path, home: Path) -> None:
        super().__init__(facts, value, placeholder="a path; → completes it")
        folders_only = facts.widget.get("kind") in ("folder", "directory")
        self.suggester = PathSuggester(base, home, folders_only=folders_only)
