"""The Terraform files that a target's deployment is made of, as this version ships them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlops_install.errors import InstallerError

_MODULE = re.compile(rb'"(?:\./modules|\.\.)/([A-Za-z0-9_-]+)"')
"""A module's source as the stacks write it, and as one module would name another one beside it."""
_LEFT_OUT = frozenset({"tests", "examples", "README.md"})
"""What a module has for its developers, at its top level."""


def read_sources(terraform_root: Path, target: str) -> dict[str, bytes]:
    """Return the content of every file of the target by its path in a deployment folder, links followed.

    They are `stacks/<target>/*.tf` and the modules named there or in such a module, whole but for tests, examples and
    README. Raises InstallerError when a stack names a module that isn't shipped.
    """
    files = {path.name: path.read_bytes() for path in sorted((terraform_root / "stacks" / target).glob("*.tf"))}
    waiting = _named(files.values())
    copied: set[str] = set()
    while waiting:
        module = waiting.pop()
        copied.add(module)
        found = dict(_module_files(terraform_root / "modules", module))
        files.update(found)
        waiting |= _named(content for name, content in found.items() if name.endswith(".tf")) - copied
    if not files:
        raise InstallerError(f"The installation ships no stack {target}.", hint="Install mlops-install again.")
    return files


def _named(contents: Iterable[bytes]) -> set[str]:
    return {name.decode() for content in contents for name in _MODULE.findall(content)}


def _module_files(modules: Path, module: str) -> Iterator[tuple[str, bytes]]:
    folder = modules / module
    if not folder.is_dir():
        raise InstallerError(
            f"The installation lacks its Terraform module {module}.", hint="Install mlops-install again."
        )
    for entry in sorted(folder.iterdir()):
        if entry.name not in _LEFT_OUT and not entry.name.startswith("."):
            yield from _files(entry, f"modules/{module}/{entry.name}")


def _files(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the file, or everything in the folder; a link is what it points at."""
    if not path.is_dir():
        yield name, path.read_bytes()
        return
    for entry in sorted(path.iterdir()):
        yield from _files(entry, f"{name}/{entry.name}")
