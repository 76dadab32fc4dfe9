"""A catalogue as a JSON file named by the digest of everything it was made from."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec

from mlops_install.catalogue.model import Catalogue


def read_cache(path: Path, *, target: str, digest: str) -> Catalogue | None:
    """Return the catalogue in a file, or None when there is none that can be used."""
    try:
        catalogue = decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, RecursionError):
        return None
    return catalogue if (catalogue.target, catalogue.digest) == (target, digest) else None


def write_cache(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue so that no reader ever meets half of it; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(encode(catalogue))
        draft.replace(path)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def encode(catalogue: Catalogue) -> bytes:
    """Return a catalogue as JSON."""
    return msgspec.json.encode(catalogue)


def decode(data: bytes) -> Catalogue:
    """Return the catalogue that `encode` wrote; raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(data, type=Catalogue)
