"""The deployment's lock: one flock for every write, released by the kernel when its last holder dies (flock(2)).

A flock belongs to the open file description. Whoever starts a run gives its descriptor to the runner, so that the two
hold one lock and there is no moment at which another process can take it.
"""

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
from mlops_install.deployment.process_mark import mark
from mlops_install.errors import LockedError

_ATTEMPTS = 20
_PAUSE = 0.01
"""Seconds between attempts while the file names no holder: `is_held` asks by holding for an instant."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, in the words it was taken with."""

    pid: int
    owner: str


class Lock:
    """A lock that is held, as `hold` and `take_over` yield it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        """The open file description that has the flock; for a child to inherit."""
        self.handed_over = False
        """Whether the end of the block leaves the lock to the child that has the descriptor.

        To be set before the child is started: from then on, an interrupt can't free the lock under the child.
        """


@contextmanager
def hold(path: Path, *, owner: str, deployment: Deployment | None = None) -> Iterator[Lock]:
    """Hold the lock while the block runs; `owner` says what for (`run 0003 is applying`).

    `deployment` is the one whose lock it is, as it was found: messages name it so.

    Raises LockedError naming the holder and its pid when another process (or block) has it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
        _take(descriptor, path, deployment or Deployment(path.parent))
    except BaseException:
        os.close(descriptor)
        raise
    with _held(descriptor, owner) as lock:
        yield lock


@contextmanager
def take_over(path: Path, descriptor: int, *, owner: str) -> Iterator[Lock]:
    """Hold the lock that the process which started this one handed over, by the inherited descriptor.

    Raises LockedError when the descriptor isn't that of the lock, or the lock is another's.
    """
    os.set_inheritable(descriptor, False)
    try:
        if not _is_of(descriptor, path):
            raise _locked(path, Deployment(path.parent))
        _take(descriptor, path, Deployment(path.parent))
    except BaseException:
        os.close(descriptor)
        raise
    with _held(descriptor, owner) as lock:
        yield lock


@contextmanager
def _held(descriptor: int, owner: str) -> Iterator[Lock]:
    lock = Lock(descriptor)
    try:
        _write_holder(descriptor, json.dumps({"pid": os.getpid(), "owner": owner}))
        try:
            yield lock
        finally:
            if not lock.handed_over:
                _write_holder(descriptor, "")
                # Closing isn't enough: a child between its fork and its exec still has the descriptor.
                fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _is_of(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


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
            if _lives(_read_holder(path)):
                break
            if attempt + 1 < _ATTEMPTS:
                time.sleep(_PAUSE)
        else:
            return
    raise _locked(path, deployment)


def _lives(found: Holder | None) -> bool:
    """Return whether the holder that the file names is there: one that was killed has left its name behind."""
    try:
        return found is not None and bool(mark(found.pid))
    except ProcessLookupError:
        return False


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
