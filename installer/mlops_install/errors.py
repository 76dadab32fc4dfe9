"""Errors that reach an operator, and the exit codes they end with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What `mlops-install` exits with."""

    OK = 0
    FAILED = 1
    """Terraform, a service or a verification failed."""
    USAGE = 2
    """The command line, a preset or the answers are wrong or incomplete."""
    PREFLIGHT = 3
    """Something this machine or cluster lacks, found before anything changed."""
    DECLINED = 4
    """The operator said no, or nobody was there to say yes."""
    LOCKED = 5
    """Another run holds the deployment or its state."""
    CANCELLED = 130
    """The operator cancelled the run."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that must change before work can go on."""

    subject: str
    """What it is about: a parameter's or module's name, a preset key, `host`; empty when nothing narrower fits."""
    message: str
    """What is wrong, one sentence in plain words, never containing a secret's value."""
    hint: str = ""
    """What to do next, one sentence or a command; empty when the message says it."""
    source: str = ""
    """The file it was found in; empty for the command line and for computed findings."""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.source, self.subject) if part)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} {self.hint}".rstrip()


class InstallerError(Exception):
    """Something an operator must know: what happened, where, and what to do next.

    `message` and `hint` are plain sentences; `problems` lists every finding when there are several.
    """

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)
        self.reported = False
        """True once a front end has told it in full."""


class UsageError(InstallerError):
    """The command line, a preset or the answers are wrong or incomplete."""

    exit_code = ExitCode.USAGE


class PreflightError(InstallerError):
    """This machine or cluster lacks something; nothing was changed."""

    exit_code = ExitCode.PREFLIGHT


class DeclinedError(InstallerError):
    """The operator declined, or nobody could be asked."""

    exit_code = ExitCode.DECLINED


class LockedError(InstallerError):
    """Another run holds the deployment."""

    exit_code = ExitCode.LOCKED


class CancelledError(InstallerError):
    """The operator cancelled."""

    exit_code = ExitCode.CANCELLED
