"""MLServer's repository of models, a folder on this machine: what is deployed, and changes that are whole or none."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlflow_seldon import layout
from mlflow_seldon.words import refused


class Repository:
    """The folder that MLServer reads (`SELDON_MODELS_DIRECTORY`); names beginning with a dot are ours, not its."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        """Return where a model's files are, or would be."""
        return self.root / name

    def names(self) -> list[str]:
        """Return the names of all models, sorted."""
        return sorted(path.parent.name for path in self.root.glob(f"[!.]*/{layout.SETTINGS}"))

    def record(self, name: str) -> dict[str, Any] | None:
        """Return what is remembered about a model; None where it isn't deployed."""
        if not (self.folder(name) / layout.SETTINGS).is_file():
            return None
        found = layout.read(self.folder(name) / layout.RECORD) or {}
        return {
            "name": name,
            "model": "",
            "version": "",
            "uri": "",
            "flavor": "",
            "created": "",
            "alias": None,
            **found,
        }

    def revision(self, name: str) -> str | None:
        """Return the revision that the settings name."""
        found = layout.said(layout.read(self.folder(name) / layout.SETTINGS) or {})
        return str(found["revision"]) if "revision" in found else None

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a model's lock: a second deployer of the same name waits."""
        locks = self.root / ".locks"
        locks.mkdir(exist_ok=True)
        with (locks / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """Give a place for files being fetched, on the same disk, that MLServer doesn't see; taken away at the end."""
        place = self.root / ".staging" / f"{name}-{layout.new_revision()}"
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def add(self, name: str, files: Path, version: str) -> Path:
        """Move files beside those of the version that serves, which they don't touch; return their folder."""
        hidden = next(files.rglob(layout.SETTINGS), None)
        if hidden is not None:
            raise refused(
                f"The model holds a file {hidden.relative_to(files)}: MLServer would take it for a further model.",
                "Log the model without it.",
            )
        self.folder(name).mkdir(exist_ok=True)
        place = self.folder(name) / version
        count = 1
        while place.exists():
            count += 1
            place = self.folder(name) / f"{version}-{count}"
        files.rename(place)
        return place

    def switch(self, name: str, settings: dict[str, Any], record: dict[str, Any]) -> None:
        """Name the files that MLServer shall load."""
        layout.write(self.folder(name) / layout.RECORD, record)
        layout.write(self.folder(name) / layout.SETTINGS, settings)

    def clean(self, name: str) -> None:
        """Take away all files that the settings don't name."""
        settings = layout.read(self.folder(name) / layout.SETTINGS) or {}
        kept = Path(str((settings.get("parameters") or {}).get("uri", ""))).name
        for path in self.folder(name).iterdir():
            if path.is_dir() and path.name != kept:
                shutil.rmtree(path, ignore_errors=True)

    def hide(self, name: str) -> None:
        """Let MLServer not find a model any more, its files still in place for predictions under way."""
        (self.folder(name) / layout.SETTINGS).unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Take a model's files away; one that isn't there is no error."""
        shutil.rmtree(self.folder(name), ignore_errors=True)
