"""From a request to complete answers that fit this machine, asking what only the operator can say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_install.answers.check import find_problems
from mlops_install.catalogue.model import Parameter, Value
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.root.backend import moved_state
from mlops_install.errors import Problem, UsageError
from mlops_install.setup.prepare import Request, prepare
from mlops_install.targets.registry import target

if TYPE_CHECKING:
    from mlops_install.cli.session import Session
    from mlops_install.targets.base import PortConflict, Repairable


def request_of(
    session: Session,
    *,
    preset: str | None = None,
    name: str | None = None,
    directory: Path | None = None,
    from_preset: bool = False,
) -> Request:
    """Return what a verb's flags ask for."""
    return Request(
        preset=preset,
        name=name,
        directory=directory,
        sets=tuple(session.sets or ()),
        modules=tuple(session.modules or ()),
        without=tuple(session.without or ()),
        from_preset=from_preset,
    )


def settle(session: Session, request: Request) -> Prepared:
    """Return complete answers for a machine that can take them.

    Missing values and taken ports are asked for in a terminal; otherwise all of them are reported at once (UsageError,
    PreflightError). Says which preset values earlier answers override.
    """
    prepared = prepare(session.context, request)
    _announce(session, prepared)
    if prepared.missing:
        if not session.interactive:
            raise _missing_error(prepared)
        request = _ask_missing(session, request, prepared)
        prepared = prepare(session.context, request)
    if session.interactive:
        request, prepared = _settle_ports(session, request, prepared)
    refuse_unfit(session, prepared)
    _settle_state(session, prepared)
    _say_overridden(session, prepared)
    return prepared


def _announce(session: Session, prepared: Prepared) -> None:
    """Say where it will be installed, where that doesn't go without saying; raise PreflightError when nobody can tell.

    In a terminal a missing value that tells is asked for like any other.
    """
    questions = target(prepared.answers.target).questions
    if said := questions.announcement(session.context, prepared, may_ask=session.interactive):
        session.say(said)


def _settle_state(session: Session, prepared: Prepared) -> None:
    """Move the state where the answers have it, with --yes or when told to; else planning refuses it."""
    moved = moved_state(prepared.deployment, prepared.answers)
    if moved is None:
        return
    told = f"The state of {prepared.deployment.name} is moved from the {moved[0]} to the {moved[1]}."
    if not session.yes:
        if not session.interactive:
            return
        from mlops_install.prompts.confirmation import confirm
        from mlops_install.prompts.session import questions_on

        with questions_on(sys.stderr):
            if not confirm(f"{told} Nothing installed changes. Move it?", default=True):
                return
    from mlops_install.workflow.state_place import move_state

    session.say(told)
    move_state(session.context, prepared.deployment, prepared.answers)


def refuse_unfit(session: Session, prepared: Prepared) -> None:
    """Refuse what can't be installed where it is to be, and say what is known of a cluster beside that.

    Raises PreflightError with everything that is in the way.
    """
    known = target(prepared.answers.target).planning.refuse_unfit(
        session.context, prepared, lambda found: may_repair(session, found)
    )
    for problem in known:
        session.note(f"Note: {problem.message}. {problem.hint}")


def may_repair(session: Session, found: Sequence[Repairable]) -> bool:
    """Return whether what an interrupted apply left half-made shall be repaired: with --yes, or when asked."""
    told = ", ".join(it.told for it in found)
    if session.yes:
        session.note(f"An apply was interrupted; what it left half-made is removed before going on: {told}.")
        return True
    if not session.interactive:
        return False
    from mlops_install.prompts.confirmation import confirm
    from mlops_install.prompts.session import questions_on

    session.say(
        f"An apply was interrupted and left half-made: {told}. Every later one is refused until that is removed; what "
        "runs stays and is taken over. Be sure that nobody else is installing this moment."
    )
    with questions_on(sys.stderr):
        return confirm("Remove what is half-made?", default=True)


def _missing_error(prepared: Prepared) -> UsageError:
    return UsageError(
        "required values are missing",
        problems=[Problem(p.name, "is required and has no value", _how_to_give(p)) for p in prepared.missing],
    )


def _how_to_give(parameter: Parameter) -> str:
    example = "env:NAME or file:PATH" if parameter.sensitive else "VALUE"
    return f"Give it with `--set {parameter.name}={example}`."


def _ask_missing(session: Session, request: Request, prepared: Prepared) -> Request:
    from mlops_install.prompts.ask import ask_parameters, split
    from mlops_install.prompts.session import questions_on
    from mlops_install.setup.choices import offered

    def problem_with(parameter: Parameter, value: Value) -> str | None:
        answers = replace(prepared.answers, parameters={parameter.name: value})
        found = [p.message for p in find_problems(answers, prepared.catalogue) if p.subject == parameter.name]
        return found[0] if found else None

    asked = offered(session.context, prepared.answers, prepared.missing)
    with questions_on(sys.stderr):
        answered = split(ask_parameters(asked, prepared.answers.parameters, check=problem_with))
    return replace(
        request,
        values={**request.values, **answered.values},
        references={**request.references, **answered.references},
        typed={**request.typed, **answered.typed},
    )


def _settle_ports(session: Session, request: Request, prepared: Prepared) -> tuple[Request, Prepared]:
    from mlops_install.prompts.confirmation import ask_port
    from mlops_install.prompts.session import questions_on

    conflicts = target(prepared.answers.target).questions.port_conflicts(prepared)
    if not conflicts:
        return request, prepared
    with questions_on(sys.stderr):
        chosen = {conflict.parameter: ask_port(_told(conflict), conflict.next_free) for conflict in conflicts}
    request = replace(request, values={**request.values, **chosen})
    return request, prepare(session.context, request)


def _told(conflict: PortConflict) -> str:
    problem = conflict.problem()
    return f"{problem.subject}: {problem.message}"


def _say_overridden(session: Session, prepared: Prepared) -> None:
    if not prepared.overridden:
        return
    names = ", ".join(f"{name} ({now!r} instead of {preset!r})" for name, preset, now in prepared.overridden)
    session.say(
        f"The earlier answers of {prepared.deployment.name} win over the preset: {names}. "
        "With --from-preset the preset wins."
    )
