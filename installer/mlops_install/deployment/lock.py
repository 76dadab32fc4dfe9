"""The deployment's lock: one flock, held for a run's life, released by the kernel when its holder dies (flock(2))."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlops_install.deployment.files import FILE_MODE
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import LockedError

_ATTEMPTS = 20
_PAUSE = 0.01
"""Seconds between attempts while the file names no holder: `is_held` asks by holding for an instant."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, in the words it was taken with."""

    pid: int
    owner: str


@contextmanager
def hold(path: Path, *, owner: str, deployment: Deployment | None = None) -> Iterator[None]:
    """Hold the lock while the block runs; `owner` says what for (`run 0003 is applying`).

    `deployment` is the one whose lock it is, as it was found: messages name it so.

    Raises LockedError naming the holder and its pid when another process (or block) has it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
        _take(descriptor, path, deployment or Deployment(path.parent))
        _write_holder(descriptor, json.dumps({"pid": os.getpid(), "owner": owner}))
        try:
            yield
        finally:
            _write_holder(descriptor, "")
            # Closing isn't enough: a child between its fork and its exec still has the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Return whether somebody holds the lock; False when the file isn't there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def holder(path: Path) -> Holder | None:
    """Return who holds the lock; None when nobody does, or when the holder hasn't said its name yet."""
    return _read_holder(path) if is_held(path) else None


def _take(descriptor: int, path: Path, deployment: Deployment) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _read_holder(path) is not None:
                break
            if attempt + 1 < _ATTEMPTS:
                time.sleep(_PAUSE)
        else:
            return
    raise _locked(path, deployment)


def _locked(path: Path, deployment: Deployment) -> LockedError:
    name = deployment.name
    found = _read_holder(path)
    if found is None:
        return LockedError(f"The deployment {name} is locked by another process.", hint="Wait for it to end.")
    hint = f"Wait for it to end, or end the process {found.pid}."
    if found.owner.startswith("run "):
        hint = f"Follow it with `{deployment.command('attach')}`, or end it with `{deployment.command('cancel')}`."
    return LockedError(f"The deployment {name} is locked: {found.owner}, pid {found.pid}.", hint=hint)


def _write_holder(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _read_holder(path: Path) -> Holder | None:
    try:
        value = json.loads(path.read_bytes())
        return Holder(pid=int(value["pid"]), owner=str(value["owner"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
