"""What a run tells: progress, plan, result and errors, in the form the flags ask for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mlops_install.cli.options import OutputFormat
from mlops_install.cli.session import current_session, titles
from mlops_install.console import documents
from mlops_install.console.progress import RunProgress, open_progress
from mlops_install.engine.events import installer_line, parse_line
from mlops_install.engine.progress import RunState
from mlops_install.errors import ExitCode, InstallerError, Problem, UsageError
from mlops_install.inspect import inspection
from mlops_install.inspect.logins import first_step, ways_in
from mlops_install.targets.installed import outputs
from mlops_install.targets.registry import target
from mlops_install.workflow.failure import explain
from mlops_install.workflow.interrupted import interrupted

if TYPE_CHECKING:
    from mlops_install.catalogue.model import Catalogue
    from mlops_install.cli.session import Session
    from mlops_install.deployment.layout import Deployment, RunFolder
    from mlops_install.deployment.prepared import Prepared
    from mlops_install.targets.records import CheckReport, Diagnosis, PlanSummary


class RunReport:
    """One run on the screen: enter it before the run starts, leave it when all is said.

    An interrupt becomes the CancelledError that says what goes on. With `-o json` it writes the run's events and, when
    it is left, the final `result`, whatever the ending; of a verb whose result is one document, as `plan`, it writes
    nothing there.
    """

    def __init__(self, session: Session, deployment: Deployment, catalogue: Catalogue) -> None:
        self.session = session
        self.deployment = deployment
        self.titles = titles(catalogue)
        self.run: RunFolder | None = None
        self.state = RunState()
        self.checks: list[CheckReport] = []
        self.addresses: dict[str, str] = {}
        self._ended = False
        console = session.narration() if session.live else None
        self.progress: RunProgress = open_progress(
            output=session.output.value if session.streams_events else OutputFormat.TABLE.value,
            live=session.live,
            stdout=sys.stdout,
            stderr=sys.stderr,
            console=console,
            titles=self.titles,
            expected=inspection.expected_seconds(deployment),
        )

    def __enter__(self) -> Self:
        self.progress.__enter__()
        while self.session.notes:
            self.note(self.session.notes.pop(0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end_display(kind, error, trace)
        left = interrupted(self.deployment, self.run) if isinstance(error, KeyboardInterrupt) else None
        told = left or error
        if self.session.output is OutputFormat.JSON and (told is None or isinstance(told, InstallerError)):
            self._finish(told)
        if left is not None:
            raise left from None

    def end_display(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Leave the run's display as it stands: what follows is no part of the run. A second call does nothing."""
        if not self._ended:
            self._ended = True
            self.progress.__exit__(kind, error, trace)

    def say(self, text: str) -> None:
        """Write a sentence of narration, between two frames of the display while there is one."""
        with nullcontext() if self._ended else self.progress.paused():
            self.session.say(text)

    def note(self, text: str) -> None:
        """Write what is no part of Terraform's run: a sentence of narration, with `-o json` an event."""
        if self.session.output is OutputFormat.JSON:
            self.progress.update(parse_line(installer_line("note", text, {}), seq=0), self.state)
        else:
            self.say(text)

    def installed(self) -> None:
        """Say where everything answers and how to get in; called once the display has ended."""
        published = outputs(self.session.context, self.deployment)
        self.addresses = dict(published.get("addresses") or {})
        if self.session.output is not OutputFormat.TABLE:
            return
        from mlops_install.console.tables import outputs_view

        view = outputs_view(
            self.addresses, {}, ways_in(self.session.context, self.deployment), self.titles, show_environment=False
        )
        self.session.result().print(view)

    def verify(self) -> bool:
        """Check everything by real clients, showing each result as it comes; returns whether all passed."""
        self.say("Checking each tool with a real client …")
        for check in inspection.verify(self.session.context, self.deployment):
            self.checks.append(check)
            if self.session.output is OutputFormat.TABLE and check.status != "not installed":
                from mlops_install.console.tables import check_view

                self.session.narration().print(check_view(check, self.titles))
        return all(check.status != "failed" for check in self.checks)

    def first_step(self) -> None:
        """Say what a new user does first; nothing where not all that it takes is installed."""
        if text := first_step(self.addresses):
            self.say(text)

    def _finish(self, error: InstallerError | None) -> None:
        from mlops_install.console.ndjson import NdjsonProgress

        if not isinstance(self.progress, NdjsonProgress):
            return
        found = explain(self.deployment, self.run) if error and self.run else []
        problems: list[Problem | Diagnosis] = [*found, *(error.problems if error else ())]
        failed_checks = any(check.status == "failed" for check in self.checks)
        code = error.exit_code if error else ExitCode.FAILED if failed_checks else ExitCode.OK
        summary = next((s for s in inspection.history(self.deployment) if self.run and s.id == self.run.id), None)
        data = documents.result_data(
            exit_code=int(code),
            run=summary,
            state=self.state,
            verified=self.checks,
            addresses=self.addresses,
            problems=problems,
        )
        self.progress.result(data, message=error.message if error else "")
        if error is not None:
            error.reported = True


def report_plan(session: Session, summary: PlanSummary, catalogue: Catalogue, *, purge_data: bool = False) -> None:
    """Show a plan on stderr: it is narration of an applying verb."""
    if session.output is OutputFormat.TABLE:
        from mlops_install.console.plan_view import plan_view

        session.narration().print(plan_view(summary, titles(catalogue), purge_data=purge_data))


def report_warnings(session: Session, prepared: Prepared) -> None:
    """Say what a first installation means for others."""
    if session.output is not OutputFormat.TABLE:
        return
    for warning in target(prepared.answers.target).planning.warnings(session.context):
        session.say(f"Note: {warning.message}. {warning.hint}")


def report_left(session: Session, left: Sequence[str]) -> None:
    """Say what stays behind after a destroy."""
    if left:
        session.say("\n".join(["What stays:", *(f"  {line}" for line in left)]))


def run_checks(session: Session, deployment: Deployment, *, loop: bool) -> int:
    """Verify, with `loop` the whole way too, and write the result to stdout; returns 1 when a check failed."""
    from mlops_install.console import tables

    names = titles(session.catalogue(deployment))
    found: list[CheckReport] = []
    for check in inspection.verify(session.context, deployment, loop=loop):
        found.append(check)
        if session.output is OutputFormat.TABLE:
            session.result().print(tables.check_view(check, names))
    if session.output is not OutputFormat.TABLE:
        session.emit(documents.verify_document(deployment.name, found), lambda: tables.verify_table(found, names))
    return ExitCode.FAILED if any(check.status == "failed" for check in found) else ExitCode.OK


def report_error(error: InstallerError) -> int:
    """Say what happened, where and what to do next; returns the exit code."""
    session = current_session()
    code = session.usage_exit if isinstance(error, UsageError) else error.exit_code
    if error.reported:
        return code
    if session.output is OutputFormat.JSON:
        _report_json(session, error)
    else:
        _report_text(session, error)
    return code


def _report_json(session: Session, error: InstallerError) -> None:
    import json

    from mlops_install.console.ndjson import NdjsonProgress

    if session.streams_events:
        data = documents.result_data(exit_code=int(error.exit_code), run=None, problems=_problems(error))
        NdjsonProgress(sys.stdout).result(data, message=error.message)
    else:
        causes = _causes(error)
        sys.stdout.write(json.dumps(documents.error_document(error, causes), indent=2) + "\n")


def _problems(error: InstallerError) -> list[Problem]:
    return list(error.problems) or [Problem("", error.message, error.hint)]


def _causes(error: InstallerError) -> list[Diagnosis]:
    """Return why a run failed, as its records tell it; nothing of another error, or of one that was cancelled."""
    from mlops_install.cli.flow import RunFailedError

    if not isinstance(error, RunFailedError) or error.exit_code == ExitCode.CANCELLED:
        return []
    return list(explain(error.deployment, error.run))


def _report_text(session: Session, error: InstallerError) -> None:
    from mlops_install.cli.flow import RunFailedError
    from mlops_install.console.errors import diagnosis_view, print_error

    console = session.narration()
    found = _causes(error)
    if isinstance(error, RunFailedError) and found:
        names = titles(session.catalogue(error.deployment))
        console.print(diagnosis_view(found, names))
    print_error(console, error)
