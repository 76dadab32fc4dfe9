"""`secret rotate`: a new value for one secret, put in force through a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import DeclinedError, UsageError

if TYPE_CHECKING:
    from mlops_install.catalogue.model import Parameter, Value
    from mlops_install.setup.interview import Interview

Secret = Annotated[str, typer.Argument(help="The secret's parameter name.", show_default=False)]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="REFERENCE", help="Where it comes from now on: generated, env:NAME or file:PATH."),
]
_REFERENCES = ("env:", "file:")


@verb(*options.APPROVAL, "output", "overwrite_terraform", streams_events=True)
def rotate(
    session: Session,
    secret: Secret,
    source: From = None,
    name: options.NameOption = None,
    directory: options.Directory = None,
) -> int:
    """Give one secret a new value and put it in force: only its module's service is made anew."""
    from mlops_install.cli.asking import refuse_unfit
    from mlops_install.cli.flow import carry_out
    from mlops_install.workflow.rotation import begin_rotation, needs_value, rotate

    reference = _reference(secret, source)
    interview = begin_rotation(session.context, session.deployment(name, directory), secret)
    value = None if reference or not needs_value(interview, secret) else _asked(session, interview, secret)
    prepared = rotate(interview, secret, reference=reference, value=value)
    refuse_unfit(session, prepared)
    return carry_out(session, prepared)


def _reference(secret: str, source: str | None) -> str:
    """Return the reference; raises UsageError, without repeating it, for what may be the secret itself."""
    if not source or source == "generated" or source.startswith(_REFERENCES):
        return source or ""
    raise UsageError(
        "A command line is visible to others on this machine, so a secret must not stand in it.",
        hint=f"Use --from env:NAME or --from file:PATH. If you typed {secret} itself, change it.",
    )


def _asked(session: Session, interview: Interview, secret: str) -> str:
    """Return the new value, typed unseen; raises DeclinedError where nobody can be asked."""
    if not session.interactive:
        raise DeclinedError(
            f"{secret} was typed, and nobody can be asked for the new value.",
            hint="Give it by --from env:NAME or --from file:PATH.",
        )
    from mlops_install.answers.values import validation_problems
    from mlops_install.prompts.secret import ask_typed

    def problem_with(parameter: Parameter, value: Value) -> str | None:
        return next((problem.message for problem in validation_problems(parameter, value)), None)

    return ask_typed(interview.catalogue.parameters[secret], check=problem_with)
