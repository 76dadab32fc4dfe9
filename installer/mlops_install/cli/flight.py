"""`attach`, `cancel`, `last-error`: a run in flight, and one that failed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode, InstallerError, UsageError

Force = Annotated[
    bool, typer.Option("--force", help="End it at once: what it works on now is orphaned. Asks for the name.")
]


@verb("output", streams_events=True)
def attach(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Show the run in flight from its first event to its end, or the newest one again."""
    from mlops_install.cli.flow import RunFailedError
    from mlops_install.cli.following import follow_run
    from mlops_install.cli.reporting import RunReport
    from mlops_install.deployment.runs.history import read_record
    from mlops_install.workflow import applying

    deployment = session.deployment(name, directory)
    run = applying.latest_run(deployment)
    with RunReport(session, deployment, session.catalogue(deployment)) as report:
        report.run = run
        report.state = follow_run(report, run, None)
        state = read_record(run).state
        if state not in ("done", "planned"):
            raise RunFailedError(run, deployment, cancelled=state == "cancelled")
    return ExitCode.OK


@verb("yes")
def cancel(
    session: Session, name: options.Name = None, directory: options.Directory = None, force: Force = False
) -> int:
    """Cancel the run in flight gracefully: Terraform ends what it works on and starts nothing more."""
    from mlops_install.deployment.runs.history import in_flight
    from mlops_install.workflow import applying

    deployment = session.deployment(name, directory)
    run = in_flight(deployment)
    if run is None:
        history = f"`{deployment.command('runs')}` shows the history."
        raise UsageError(f"no run of {deployment.name!r} is in flight", hint=history)
    if force:
        _confirm_force(session.interactive, session.yes, deployment.name)
        applying.force_cancel(run)
        session.say(f"Run {run.id} was ended by force; the next plan finds what it left behind.")
    else:
        applying.cancel(run)
        session.say(f"Run {run.id} is asked to end; `{deployment.command('attach')}` shows how it does.")
    return ExitCode.OK


def _confirm_force(interactive: bool, yes: bool, word: str) -> None:
    if yes:
        return
    from mlops_install.errors import DeclinedError

    if not interactive:
        raise DeclinedError("a run is not ended by force unasked", hint="Add --yes.")
    from mlops_install.prompts.confirmation import typed_confirmation
    from mlops_install.prompts.session import questions_on

    with questions_on(sys.stderr):
        agreed = typed_confirmation(word)
    if not agreed:
        raise DeclinedError("the run goes on")


@verb("output")
def last_error(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Explain the newest failed run again."""
    from mlops_install.cli.session import titles
    from mlops_install.console import documents
    from mlops_install.console.errors import diagnosis_view
    from mlops_install.workflow import failure

    deployment = session.deployment(name, directory)
    run = failure.last_failed_run(deployment)
    if run is None:
        session.say(f"No run of {deployment.name} failed.")
        return ExitCode.OK
    found = failure.explain(deployment, run)
    if not found:
        raise InstallerError(f"run {run.id} failed without a word", hint=f"Its files are in {run.path}.")
    names = titles(session.catalogue(deployment))
    failure_of_run = InstallerError(f"Run {run.id} of {deployment.name} failed.")
    session.emit(documents.error_document(failure_of_run, found), lambda: diagnosis_view(found, names))
    return ExitCode.OK
