"""The guided setup put together: what it begins with, on the screen or in plain lines."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from mlops_install.cli.formats import UserInterface
from mlops_install.cli.session import Session, open_session
from mlops_install.errors import ExitCode, InstallerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlops_install.prompts.beginning import Beginning
    from mlops_install.setup.interview import Interview


def begin(session: Session) -> int:
    """Show what there is to begin with, and go on from there; needs a terminal."""
    if fills_the_terminal(session):
        return _on_screens(session, None)
    from mlops_install.prompts.beginning import ask_beginning
    from mlops_install.prompts.session import plain_questions, questions_on

    with questions_on(sys.stderr), plain_questions():
        beginning = ask_beginning(session.context)
    if beginning.way == "attach":
        from mlops_install.cli.flight import attach

        assert beginning.deployment is not None
        flags = {"ui": session.ui, "no_color": session.no_color, "terraform_bin": session.context.terraform_bin}
        return attach(directory=beginning.deployment.folder, **flags)
    return guide(session, _opened(session, beginning), straight_to_review=beginning.way in ("draft", "reconfigure"))


def has_terminal() -> bool:
    """Return whether somebody is there to be asked: stdin and stderr are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def fills_the_terminal(session: Session) -> bool:
    """Return whether the screens are shown, by `--ui` or by what the terminal can do."""
    if session.ui is not UserInterface.AUTO:
        return session.ui is UserInterface.TUI
    if session.context.environment.variables.get("TERM", "dumb") in {"", "dumb", "unknown"}:
        return False
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except OSError:
        return False
    return columns > 0 and rows > 0


def require_terminal(otherwise: str) -> None:
    if not has_terminal():
        raise UsageError("the guided setup needs a terminal", hint=otherwise)


def _opened(session: Session, beginning: Beginning) -> Interview:
    from mlops_install.setup.interview import Interview

    if beginning.draft is not None:
        interview = Interview.resume(session.context, beginning.draft)
        for problem in interview.left_out:
            session.say(f"Left out of the draft: {problem.subject} {problem.message}")
        return interview
    if beginning.deployment is not None:
        return Interview.reconfigure(session.context, beginning.deployment)
    if beginning.way == "preset":
        return Interview.from_preset(session.context, beginning.name)
    return Interview.new(session.context, beginning.target, beginning.name)


def guide(session: Session, interview: Interview, *, straight_to_review: bool) -> int:
    if fills_the_terminal(session):
        return _on_screens(session, interview)
    return _in_lines(session, interview, straight_to_review=straight_to_review)


def _on_screens(session: Session, interview: Interview | None) -> int:
    # Textual 8.2.8 paints on a grid of 1/60 s, read from here when it is imported (textual/constants.py): a key that
    # comes while a picture is painted would wait for one or two of them. Nothing is painted that hasn't changed.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from mlops_install.tui.launch import run_tui
    from mlops_install.tui.steps import Step

    step = Step.START
    if interview is not None:
        step = Step.PARAMETERS if interview.installed else Step.TARGET
    code, farewell = run_tui(session.context, interview, start_at=step, no_color=session.no_color)
    if farewell:
        session.say(farewell)
    return code


def _in_lines(session: Session, interview: Interview, *, straight_to_review: bool) -> int:
    """Ask everything as lines, then plan, show, ask and apply as `quick` does."""
    from mlops_install.cli.asking import refuse_unfit
    from mlops_install.cli.flow import carry_out
    from mlops_install.errors import CancelledError, PreflightError
    from mlops_install.prompts.guided import ask_again, ask_all
    from mlops_install.prompts.session import plain_questions, questions_on
    from mlops_install.setup import drafts

    session.ui = UserInterface.PLAIN
    save = partial(drafts.save, interview)
    ask: Callable[[], None] = partial(ask_all, interview, save, straight_to_review=straight_to_review)
    with plain_questions():
        while True:
            try:
                with questions_on(sys.stderr):
                    ask()
            except CancelledError:
                raise CancelledError(
                    "You left the setup; nothing was changed.", hint="`mlops-install` offers to go on with the draft."
                ) from None
            prepared = interview.prepared()
            try:
                refuse_unfit(session, prepared)
                break
            except PreflightError as error:
                ask = partial(ask_again, interview, save, error)
        code = carry_out(session, prepared, verify=True)
    drafts.settle(session.context, interview.deployment)
    return code


def start(flags: Mapping[str, Any]) -> int | None:
    """Begin without a verb, with the flags of `options.EVERYWHERE`; returns None, for the help, without a terminal."""
    session = open_session(**flags)
    return int(begin(session) or ExitCode.OK) if has_terminal() else None


def start_alone() -> int:
    """Begin without a verb and without its parser; an error is told as every verb's."""
    try:
        return int(begin(open_session()) or ExitCode.OK)
    except InstallerError as error:
        from mlops_install.cli.reporting import report_error

        return report_error(error)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted; nothing goes on.\n")
        return ExitCode.CANCELLED
