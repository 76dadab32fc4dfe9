"""The detached process of a run: `python -m mlops_install.engine.runner RUN_DIR plan|apply`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from typing import Literal, NoReturn

from mlops_install.catalogue.model import Value
from mlops_install.deployment.approve import StaleError, approve
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.lock import hold, take_over
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import read_record, state_serial, update_record, write_result
from mlops_install.deployment.runs.record import Result, State
from mlops_install.deployment.secrets import read_secrets
from mlops_install.engine.argv import Commands
from mlops_install.engine.cancel import append_event, cancel, interrupt
from mlops_install.engine.child import Signals, spawn
from mlops_install.engine.events import LOCKED, installer_line, interface_problem, now, parse_line
from mlops_install.engine.initialised import needs_init, note_init
from mlops_install.engine.plan import changes_from_show, outputs_change
from mlops_install.engine.process import child_environment, run_captured
from mlops_install.errors import ExitCode, InstallerError, LockedError
from mlops_install.words.foreign import ForeignText

Phase = Literal["init", "plan", "apply"]
Diagnostic = dict[str, Value]

STALE = "stale"
"""`code` of the diagnostic of a plan that no longer fits: plan again, show what differs, ask again."""
_STALE_SUMMARY = "Saved plan is stale"
_MAX_DIAGNOSTICS = 100
_SEARCHED = 65536
"""Bytes at the end of stderr.log that are looked at for secrets."""
_LAST_CHARACTERS = 2000
"""As many of them are said."""


class _Ended(Exception):
    """The phase is over without success."""

    def __init__(self, state: State, code: ExitCode, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(state)
        self.state: State = state
        self.code = code
        self.diagnostics = list(diagnostics)


class Runner:
    """One phase of one run, from the lock to the record."""

    def __init__(self, run: RunFolder, signals: Signals, variables: Mapping[str, str]) -> None:
        self.run = run
        self.deployment = Deployment(run.path.parent.parent)
        self.signals = signals
        self.variables = variables
        self.phase: Phase = "plan"
        self.terraform_exit: int | None = None
        self.secrets: dict[str, str] = {}
        self.record = update_record(run, runner=mark(os.getpid()), terraform=None)
        self.commands = Commands(self.record.binary)
        self.started = now()
        self._clock = time.monotonic()
        self._clean = ForeignText(())

    def plan(self) -> State:
        """Initialise, plan, and record what the plan would do."""
        self._enter("init", "Preparing Terraform.")
        self._take_secrets(candidate=True)
        version = self.record.binary_version
        if needs_init(self.deployment.folder, version=version):
            self._terraform(self.commands.init(*self.record.init_arguments))
            note_init(self.deployment.folder, version=version)
        self._enter("plan", "Planning.")
        self._terraform(self.commands.plan(self._saved_plan, *self.record.plan_arguments))
        document = self._shown_plan()
        self._stop_when_asked()
        update_record(
            self.run,
            changes=changes_from_show(document),
            outputs_changed=outputs_change(document),
            state_serial=state_serial(self.deployment),
        )
        return "planned"

    def apply(self, approved: Callable[[], object]) -> State:
        """Approve the saved plan and apply it, and nothing else; `approved` is called in between."""
        self._enter("apply", "Applying the approved plan.")
        self._stop_when_asked()
        if not self.run.plan.is_file():
            self._fail("The plan is gone", f"Run {self.run.id} has no saved plan to apply.", code=STALE)
        try:
            approve(self.deployment, self.run)
        except StaleError as error:
            self._fail("The plan is stale", error.message, code=STALE)
        approved()
        revisions = read_marker(self.deployment).secrets_revisions
        if dict(revisions) != dict(self.record.secrets_revisions):
            self._fail("The plan is stale", "Secrets changed since the plan was made.", code=STALE)
        self._take_secrets(candidate=False)
        try:
            self._terraform(self.commands.apply(self._saved_plan, parallelism=self.record.parallelism))
        finally:
            # It holds the variables and the earlier state in clear.
            self.run.plan.unlink(missing_ok=True)
        self._stop_when_asked()
        return "done"

    def settle(self, state: State, code: ExitCode, diagnostics: Sequence[Diagnostic]) -> None:
        """Record how the phase ended: the last event, run.json, and result.json unless it is a plan to approve."""
        append_event(self.run, installer_line("phase", _LAST_WORDS.get(state, ""), {"phase": state}))
        update_record(self.run, state=state)
        if state == "planned":
            return
        result = Result(
            exit_code=int(code),
            state=state,
            phase=self.phase,
            started=self.started,
            finished=now(),
            seconds=round(time.monotonic() - self._clock, 3),
            terraform_exit=self.terraform_exit,
            diagnostics=tuple(map(self._clean.value, diagnostics)),
        )
        write_result(self.run, result)

    def discard_plan(self) -> None:
        """Remove what a plan that failed may have saved."""
        self.run.plan.unlink(missing_ok=True)

    @property
    def _saved_plan(self) -> Path:
        return self.run.plan.relative_to(self.deployment.folder)

    def _enter(self, phase: Phase, message: str) -> None:
        self.phase = phase
        append_event(self.run, installer_line("phase", message, {"phase": phase}))

    def _take_secrets(self, *, candidate: bool) -> None:
        """Read the secrets that this run was planned with; a plan takes the draft's where there is one."""
        draft, approved = self.deployment.draft_secrets, self.deployment.secrets
        known = read_secrets(draft if candidate and draft.exists() else approved)
        self._clean = ForeignText([*known.values(), *read_secrets(approved).values()])
        missing = [name for name in self.record.secret_names if name not in known]
        if missing:
            self._fail("Secrets are missing", f"The secrets file lacks {', '.join(missing)}.", code="secrets-missing")
        self.secrets = {name: known[name] for name in self.record.secret_names}

    def _terraform(self, argv: Sequence[str]) -> None:
        """Run one verb to its end; raises _Ended when it fails or the run is cancelled."""
        self._stop_when_asked()
        offset = self.run.events.stat().st_size
        environment = child_environment(self.variables, secrets=self.secrets)
        try:
            child = spawn(argv, self.deployment.folder, environment, stdout=self.run.events, stderr=self.run.stderr)
        except OSError as error:
            self._fail("Terraform can't be started", f"{argv[0]}: {error.strerror or error}.", code="no-terraform")
        try:
            process = mark(child.pid)
        except ProcessLookupError:
            process = None
        # A request that came before this record saw no process: it is ours to pass on (see cancel.cancel).
        if update_record(self.run, terraform=process).cancel_requested:
            interrupt(process)
        self.terraform_exit = self.signals.wait(child, lambda: cancel(self.run))
        said = self._said(offset)
        if self.terraform_exit != 0 or any(diagnostic.get("code") for diagnostic in said):
            self._stop_when_asked(said)
            raise _Ended("failed", ExitCode.FAILED, said or [self._speechless()])

    def _shown_plan(self) -> dict[str, Value]:
        environment = child_environment(self.variables, secrets={})
        done = run_captured(self.commands.show(self._saved_plan), self.deployment.folder, environment)
        try:
            document = json.loads(done.stdout) if done.exit_code == 0 else None
        except ValueError:
            document = None
        if not isinstance(document, dict):
            self._fail("The plan can't be shown", f"`terraform show` ended with {done.exit_code}. {done.stderr[-400:]}")
        return document

    def _stop_when_asked(self, said: Sequence[Diagnostic] = ()) -> None:
        if self.signals.asked_to_stop():
            cancel(self.run)
        if read_record(self.run).cancel_requested:
            raise _Ended("cancelled", ExitCode.CANCELLED, said)

    def _said(self, offset: int) -> list[Diagnostic]:
        """Return the error diagnostics of the verb that began at this offset of events.jsonl."""
        found: list[Diagnostic] = []
        with self.run.events.open("rb") as stream:
            stream.seek(offset)
            for line in stream:
                if b'"diagnostic"' not in line and b'"version"' not in line:
                    continue
                event = parse_line(line.decode(errors="replace"), seq=0)
                if reason := interface_problem(event):
                    found.append(self._tell("Terraform's events can't be read", reason, code="interface"))
                diagnostic = event.data.get("diagnostic")
                if event.type == "diagnostic" and event.source == "terraform" and isinstance(diagnostic, dict):
                    found += [_coded(diagnostic)] if diagnostic.get("severity") == "error" else []
                if len(found) >= _MAX_DIAGNOSTICS:
                    break
        return found

    def _speechless(self) -> Diagnostic:
        """Return a diagnostic for a Terraform that ended without one: killed, crashed, or not Terraform at all."""
        code = self.terraform_exit or 0
        how = f"was killed by signal {-code}" if code < 0 else f"exited with {code}"
        with self.run.stderr.open("rb") as stream:
            stream.seek(max(0, self.run.stderr.stat().st_size - _SEARCHED))
            last = self._clean(stream.read().decode(errors="replace"))[-_LAST_CHARACTERS:].strip()
        return self._tell("Terraform ended without an explanation", f"It {how}. {last}".strip())

    def _tell(self, summary: str, detail: str, *, code: str = "") -> Diagnostic:
        """Put a diagnostic of our own among the events, and return it."""
        diagnostic: Diagnostic = self._clean.value({"severity": "error", "summary": summary, "detail": detail})
        if code:
            diagnostic["code"] = code
        append_event(
            self.run, installer_line("diagnostic", f"Error: {diagnostic['summary']}", {"diagnostic": diagnostic})
        )
        return diagnostic

    def _fail(self, summary: str, detail: str, *, code: str = "") -> NoReturn:
        raise _Ended("failed", ExitCode.FAILED, [self._tell(summary, detail, code=code)])

    def explain(self, error: Exception) -> Diagnostic:
        """Return the diagnostic of an error of our own, told among the events."""
        if isinstance(error, InstallerError):
            return self._tell(error.message, error.hint, code=LOCKED if isinstance(error, LockedError) else "")
        return self._tell("The installer's runner failed", f"{type(error).__name__}: {error}")


_LAST_WORDS: Mapping[State, str] = {
    "planned": "The plan is ready.",
    "done": "Applied.",
    "failed": "Failed.",
    "cancelled": "Cancelled.",
}


def perform(runner: Runner, phase: Literal["plan", "apply"], *, lock: int | None, ready: int | None) -> ExitCode:
    """Run the phase under the deployment's lock and record its end, whatever it is.

    `lock` is the inherited descriptor of the lock; without one it is taken here. A byte to `ready` says that the run is
    approved.
    """
    state: State = "failed"
    code, diagnostics = ExitCode.FAILED, list[Diagnostic]()
    try:
        doing = "planning" if phase == "plan" else "applying"
        # Whoever sees the recorded end may take the lock at once: it is free by then.
        with _locked(runner, f"run {runner.run.id} is {doing}", lock):
            state = runner.plan() if phase == "plan" else runner.apply(partial(_tell_ready, ready))
        code = ExitCode.OK
    except _Ended as end:
        state, code, diagnostics = end.state, end.code, end.diagnostics
    except Exception as error:
        # The last one who can say what happened: nobody watches this process.
        code = error.exit_code if isinstance(error, InstallerError) else ExitCode.FAILED
        diagnostics = [runner.explain(error)]
        if not isinstance(error, InstallerError):
            import traceback

            traceback.print_exc()
    if state != "planned":
        runner.discard_plan()
    runner.settle(state, code, diagnostics)
    return code


def _locked(runner: Runner, owner: str, descriptor: int | None) -> AbstractContextManager[object]:
    path = runner.deployment.lock
    return hold(path, owner=owner) if descriptor is None else take_over(path, descriptor, owner=owner)


def _tell_ready(descriptor: int | None) -> None:
    if descriptor is not None:
        with suppress(BrokenPipeError):
            os.write(descriptor, b"1")
        os.close(descriptor)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one phase of the run in the folder given; the exit code is the result's."""
    os.umask(0o077)
    signals = Signals()
    folder, phase, *flags = argv if argv is not None else sys.argv[1:]
    if phase not in ("plan", "apply"):
        return int(ExitCode.USAGE)
    given = {flag: int(descriptor) for flag, descriptor in zip(flags[::2], flags[1::2], strict=True)}
    lock, ready = given.get("--lock"), given.get("--ready")
    if ready is not None:
        os.set_inheritable(ready, False)
    runner = Runner(RunFolder(Path(folder)), signals, os.environ)
    return int(perform(runner, "plan" if phase == "plan" else "apply", lock=lock, ready=ready))


def _coded(diagnostic: Diagnostic) -> Diagnostic:
    stale = diagnostic.get("summary") == _STALE_SUMMARY
    return {**diagnostic, "code": STALE} if stale else diagnostic


if __name__ == "__main__":
    sys.exit(main())
