"""A digest for each tool over all that the package decides about it; Terraform re-creates a tool when it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from mlops_install.environment.lockfile import LOCKS
from mlops_install.environment.plugins import plugin_contents
from mlops_install.targets.local.registry import TOOLS, tool

RENDER_VERSION = "1"
"""Raised when the runtime itself (guard, supervision, environments) changes so that running tools must be made anew."""

_SOURCES = Path(__file__).resolve().parent / "tools"


def runtime_digests() -> dict[str, str]:
    """Return every tool's digest by its name."""
    return {name: runtime_digest(name) for name in TOOLS}


@cache
def runtime_digest(name: str) -> str:
    """Return the SHA-256 (hexadecimal) over a tool's source, the locks that source names, and `RENDER_VERSION`.

    The plugins in its environments belong to it too.
    """
    shared = b"".join(path.read_bytes() for path in sorted(_SOURCES.glob("_*.py")))
    source = (_SOURCES / f"{name}.py").read_bytes()
    result = hashlib.sha256(b"\0".join((RENDER_VERSION.encode(), source, shared)))
    for path in _quoted_files(source.decode()):
        result.update(path.name.encode() + b"\0" + path.read_bytes())
    result.update(plugin_contents(plugin for spec in tool(name).environments({}) for plugin in spec.plugins))
    return result.hexdigest()


def _quoted_files(source: str) -> list[Path]:
    """Return the lock files and programs that the tool's source names as a string, folders with what is in them."""
    folders = (folder for folder in (LOCKS, _SOURCES / "programs") if folder.is_dir())
    entries = (entry for folder in folders for entry in sorted(folder.iterdir()))
    named = [entry for entry in entries if f'"{entry.name}"' in source]
    inside = [path for entry in named if entry.is_dir() for path in sorted(entry.rglob("*"))]
    return [path for path in (*named, *inside) if path.is_file()]
