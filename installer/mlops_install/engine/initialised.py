"""Whether `terraform init` would find anything to do (it costs about a tenth of a second on each plan)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from mlops_install.deployment.files import make_private, read_json, write_json
from mlops_install.errors import InstallerError

_NOTE = Path(".terraform") / "mlops-install-init.json"
_MODULES = Path(".terraform") / "modules" / "modules.json"
_BACKEND = Path(".terraform") / "terraform.tfstate"
_LOCK = Path(".terraform.lock.hcl")
_PROVIDERS = Path(".terraform") / "providers"
_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")


def needs_init(folder: Path, *, version: str) -> bool:
    """Return whether the root must be initialised before `version` of Terraform can plan.

    False only for a stack without downloaded providers whose configuration, modules and backend are to the byte
    those of the last successful init.
    """
    try:
        noted = read_json(folder / _NOTE)
        return not (isinstance(noted, dict) and noted.get("digest") == _digest(folder, version))
    except (OSError, InstallerError, ValueError, KeyError, TypeError):
        # Whatever is unreadable there, init puts right or explains.
        return True


def note_init(folder: Path, *, version: str) -> None:
    """Remember a successful init; does nothing for a stack with providers."""
    try:
        digest = _digest(folder, version)
    except (OSError, ValueError, KeyError, TypeError):
        return
    if digest is not None:
        make_private(folder / _NOTE.parent)
        write_json(folder / _NOTE, {"digest": digest})


def _digest(folder: Path, version: str) -> str | None:
    """Return the digest of all that init reads and makes; None when providers are part of it."""
    lock = folder / _LOCK
    if (folder / _PROVIDERS).exists() or (lock.exists() and 'provider "' in lock.read_text(encoding="utf-8")):
        return None
    digest = hashlib.sha256(version.encode())
    for path in (*_configuration(folder), folder / _MODULES, folder / _BACKEND):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"\0{path.relative_to(folder)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _configuration(folder: Path) -> Iterator[Path]:
    folders = {folder}
    listed = folder / _MODULES
    if listed.is_file():
        # modules.json (Terraform 1.11, internal/modsdir): one entry a call, `Dir` relative to the root.
        folders |= {folder / entry["Dir"] for entry in json.loads(listed.read_bytes())["Modules"]}
    for each in sorted(folders):
        yield from sorted(path for path in each.iterdir() if path.name.endswith(_SUFFIXES))
