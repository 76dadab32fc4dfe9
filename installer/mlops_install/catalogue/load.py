"""Catalogues by target: from the cache where the content is known, else built and kept."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path

from mlops_install.catalogue.cache import read_cache, write_cache
from mlops_install.catalogue.model import Catalogue
from mlops_install.errors import UsageError
from mlops_install.paths import shipped_data

OVERLAY = "wizard.yaml"


def targets(terraform_root: Path | None = None) -> tuple[str, ...]:
    """Return the names of the targets that are shipped: the stacks with an overlay."""
    root = terraform_root or shipped_data("terraform")
    return tuple(sorted(file.parent.name for file in root.glob(f"stacks/*/{OVERLAY}")))


def load_catalogue(target: str, *, cache_home: Path, terraform_root: Path | None = None) -> Catalogue:
    """Return a target's catalogue.

    Looks beside the Terraform files (a wheel carries it), then under `cache_home`, where a new one is kept.
    Raises UsageError for an unknown target, InstallerError for a stack that can't be read.
    """
    root = terraform_root or shipped_data("terraform")
    stack = _stack(root, target)
    files = _variable_files(stack)
    digest = _digest(stack, files)
    kept = cache_home / "catalogue" / f"{digest}.json"
    for path in (root.parent / "catalogue" / f"{digest}.json", kept):
        catalogue = read_cache(path, target=target, digest=digest)
        if catalogue is not None:
            return catalogue
    catalogue = _build(target, digest, files, stack)
    with contextlib.suppress(OSError):
        # Without a cache everything still works, only slower.
        write_cache(kept, catalogue)
    return catalogue


def warm(target: str, folder: Path, *, terraform_root: Path | None = None) -> Path:
    """Write a target's catalogue into a folder (the wheel's `catalogue` beside `terraform`) and return its file."""
    stack = _stack(terraform_root or shipped_data("terraform"), target)
    files = _variable_files(stack)
    digest = _digest(stack, files)
    path = folder / f"{digest}.json"
    write_cache(path, _build(target, digest, files, stack))
    return path


def _stack(root: Path, target: str) -> Path:
    known = targets(root)
    if target not in known:
        raise UsageError(f"There is no target {target!r}.", hint=f"Targets: {', '.join(known) or 'none is shipped'}.")
    return root / "stacks" / target


def _variable_files(stack: Path) -> dict[str, bytes]:
    """Return the content of the Terraform files that declare variables, by name."""
    contents = {path.name: path.read_bytes() for path in sorted(stack.glob("*.tf"))}
    return {name: content for name, content in contents.items() if b'variable "' in content}


def _digest(stack: Path, files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of the variables, the overlay and the code that turns them into a catalogue."""
    digest = hashlib.sha256()
    sources = {path.name: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))}
    for name, content in (*files.items(), (OVERLAY, (stack / OVERLAY).read_bytes()), *sources.items()):
        digest.update(f"{len(name)} {name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _build(target: str, digest: str, files: Mapping[str, bytes], stack: Path) -> Catalogue:
    from mlops_install.catalogue.build import build_catalogue

    return build_catalogue(target, digest, files, stack / OVERLAY)
