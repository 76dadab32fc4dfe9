"""Examples in a user's home: put there, kept up to date, never written over once changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent / "examples"
"""What comes with this package."""
_NOT = ("__pycache__", ".ipynb_checkpoints")


def copy(shipped: Path, home: Path) -> list[Path]:
    """Copy what is new or changed into `home/examples`; return the files left alone because the user changed them.

    A file that was removed comes back. What was copied is remembered by its digest, so that a file of the user's is
    told from an older one of ours. Raises OSError where the home can't be written.
    """
    target, memory = home / "examples", home / ".local" / "share" / "mlops-environment" / "examples.json"
    copied = _remembered(memory)
    kept = []
    for source in _files(shipped):
        name = source.relative_to(shipped).as_posix()
        content = source.read_bytes()
        path, digest = target / name, _digest(content)
        found = _digest(path.read_bytes()) if path.is_file() else None
        is_other = found is None and (path.is_symlink() or path.exists())
        if is_other or (found is not None and found not in (copied.get(name), digest)):
            kept.append(path)
            continue
        if found != digest:
            _write(path, content)
        copied[name] = digest
    memory.parent.mkdir(parents=True, exist_ok=True)
    _write(memory, json.dumps({"format": 1, "copied": copied}, indent=1).encode())
    return kept


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part in _NOT for part in path.relative_to(folder).parts):
            yield path


def _remembered(memory: Path) -> dict[str, str]:
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))["copied"]
        return {str(name): str(digest) for name, digest in found.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(path)
