"""The lock of a state, as Terraform tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mlops_install.deployment.layout import Deployment
from mlops_install.engine.argv import Commands
from mlops_install.engine.binary import Binary
from mlops_install.engine.process import capture
from mlops_install.errors import InstallerError

_LINE = re.compile(r"^\s*(ID|Who|Created|Operation):\s+(.+?)\s*$", re.MULTILINE)
"""Of the text that Terraform 1.11 writes about a lock it could not get (`Lock Info:`)."""

_HTTP = re.compile(r"HTTP remote state already locked:\s+ID=(\S*)")
"""Of the backend `http`, which then names itself, and not who holds the lock, in `Lock Info` (Terraform 1.11)."""
_LONGEST = 600
"""Characters of Terraform's words that are shown."""


@dataclass(frozen=True, slots=True)
class StateLock:
    """A lock as Terraform told of it."""

    id: str
    told: str
    """Who holds it, since when, for what; empty when nothing is known."""


def held_lock(binary: Binary, deployment: Deployment, variables: Mapping[str, str]) -> StateLock | None:
    """Ask Terraform for the state's lock, wherever that is kept; returns who holds it, None when nobody does.

    Raises InstallerError with Terraform's words when it can't be found out.
    """
    done = capture(binary, deployment.folder, Commands(()).try_lock(), variables=variables)
    if done.exit_code == 0:
        return None
    said = done.stderr.replace("│", " ")
    if lock := lock_in(said):
        return lock
    raise InstallerError(
        f"Whether another Terraform holds the state could not be found out: {' '.join(said.split())[:_LONGEST]}",
        hint=f"Where it isn't initialised, `{deployment.command('terraform', '--', 'init')}` does that.",
    )


def lock_in(text: str) -> StateLock | None:
    """Return the lock that Terraform says it could not get."""
    if "Lock Info" not in text:
        return None
    found = dict(_LINE.findall(text))
    if elsewhere := _HTTP.search(text):
        return StateLock(elsewhere[1] or found.get("ID", ""), "")
    if "ID" not in found:
        return None
    return StateLock(found.pop("ID"), ", ".join(f"{key.lower()} {value}" for key, value in found.items()))
