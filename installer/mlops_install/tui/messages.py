"""What screens, widgets and workers tell the app."""

from __future__ import annotations

from dataclasses import dataclass
from queue import Queue
from typing import TYPE_CHECKING

from textual.message import Message

from mlops_install.tui.steps import Step

if TYPE_CHECKING:
    from mlops_install.deployment.layout import RunFolder
    from mlops_install.errors import InstallerError
    from mlops_install.targets.records import CheckReport
    from mlops_install.workflow.run_ending import RunEnding


@dataclass
class AnswersChanged(Message):
    """The interview was edited: the draft is to be saved, the step list looked at again."""

    def can_replace(self, message: Message) -> bool:
        """A burst of edits counts once."""
        return isinstance(message, AnswersChanged)


@dataclass
class StepWanted(Message):
    """The operator wants to go to a step."""

    step: Step


@dataclass
class DraftSaved(Message):
    """The draft is on the disk."""


@dataclass
class DraftRefused(Message):
    """The draft could not be saved."""

    reason: str


@dataclass
class Checked(Message):
    """A real client came to its end at one module."""

    check: CheckReport


@dataclass
class ChecksEnded(Message):
    """Every module was checked, or the checks can't go on."""

    error: InstallerError | None = None


@dataclass
class RepairWanted(Message):
    """An interrupted apply left something half-made: shall it be removed? The worker that asks waits for the answer."""

    told: str
    answer: Queue[bool]


@dataclass
class RunEnded(Message):
    """Nothing of the run goes on any more; said by whoever followed it, whatever step is shown."""

    run: RunFolder
    ending: RunEnding
