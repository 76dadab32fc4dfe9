"""Reading what `uv pip compile --generate-hashes` writes: one block a package, its hashes on the lines below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LOCKS = Path(__file__).resolve().parent / "locks"
"""The shipped locks."""
ENVIRONMENT, SERVING = "environment.txt", "serving.txt"
DIFFERS, OVERRIDES = "serving-differs.txt", "overrides.in"
_START = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:==\s*([^\s;\\]+)|@\s*(\S+))")


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of a lock."""

    name: str
    """Normalised as the index does (PEP 503)."""
    version: str
    """A version, or the address that a direct reference names."""
    requirement: str
    """Without hashes: `name==version ; marker`."""
    text: str
    """As it stands in the lock, hashes included, no newline at its end."""


def normalised(name: str) -> str:
    """Return a package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> list[Locked]:
    """Return a lock's entries in its order; comments and options are left out."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if _START.match(line):
            blocks.append([line])
        elif blocks and line.startswith(" ") and not line.lstrip().startswith("#"):
            blocks[-1].append(line)
    return [_entry(block) for block in blocks]


def _entry(lines: list[str]) -> Locked:
    found = _START.match(lines[0])
    assert found
    requirement = lines[0].partition(" --hash=")[0].rstrip().removesuffix("\\").rstrip()
    text = "\n".join(lines).rstrip().removesuffix("\\").rstrip()
    return Locked(normalised(found[1]), found[2] or found[3], requirement, text)


def constraints(entries: Iterable[Locked]) -> str:
    """Return entries as constraints: requirements without hashes, one a line."""
    return "".join(f"{entry.requirement}\n" for entry in entries)


def shipped(name: str, locks: Path = LOCKS) -> list[Locked]:
    """Return the entries of a shipped lock, for example `environment.txt`."""
    return read_lock((locks / name).read_text(encoding="utf-8"))


def differing(locks: Path = LOCKS) -> Mapping[str, str]:
    """Return the packages that the serving environment has at another version: name → reason."""
    lines = (locks / DIFFERS).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" ")[::2] for line in lines if line and not line.startswith("#"))
    return {normalised(name): reason.strip() for name, reason in pairs}
