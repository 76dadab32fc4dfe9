"""The steps of the guided setup, in order."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Status = Literal["done", "problem", "open", "locked"]


class Step(StrEnum):
    """One step; each has a screen of its own."""

    START = "start"
    TARGET = "target"
    MODULES = "modules"
    PARAMETERS = "parameters"
    REVIEW = "review"
    RUN = "run"
    DONE = "done"

    @property
    def label(self) -> str:
        """What the step is called on the screen."""
        return self.value.capitalize()


SYMBOLS: dict[Status, str] = {"done": "✓", "problem": "!", "open": "●", "locked": "·"}
WORDS: dict[Status, str] = {"done": "done", "problem": "needs attention", "open": "to do", "locked": "not yet"}


def before(step: Step) -> Step | None:
    """Return the step that Esc leads back to; None for the first one."""
    steps = list(Step)
    place = steps.index(step)
    return steps[place - 1] if place else None


def after(step: Step) -> Step | None:
    """Return the step that follows; None for the last one."""
    steps = list(Step)
    place = steps.index(step)
    return steps[place + 1] if place + 1 < len(steps) else None
