"""One invocation: its flags, its streams, and the context it works in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_install.cli.environment import snapshot
from mlops_install.cli.formats import OutputFormat, UserInterface
from mlops_install.errors import ExitCode, UsageError
from mlops_install.targets.context import Context

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from mlops_install.catalogue.model import Catalogue
    from mlops_install.deployment.layout import Deployment


@dataclass(slots=True)
class Session:
    """Flags and streams of one invocation; stdout is the result, stderr is narration."""

    context: Context
    output: OutputFormat = OutputFormat.TABLE
    non_interactive: bool = False
    yes: bool = False
    no_color: bool = False
    ui: UserInterface = UserInterface.AUTO
    detailed_exitcode: bool = False
    streams_events: bool = False
    """Whether `-o json` of this verb is a run's NDJSON, ended by a `result`, or one document."""
    sets: Sequence[str] | None = None
    modules: Sequence[str] | None = None
    without: Sequence[str] | None = None
    notes: list[str] = field(default_factory=list)
    """What was found before the run, for the first of its events."""

    @property
    def usage_exit(self) -> ExitCode:
        """What a usage error exits with: 1 under `--detailed-exitcode`, where 2 means changes."""
        return ExitCode.FAILED if self.detailed_exitcode else ExitCode.USAGE

    @property
    def changes(self) -> bool:
        """Whether the flags change an answer, so that an earlier plan doesn't hold."""
        context = self.context
        return bool(self.sets or self.modules or self.without or context.kubeconfig or context.kube_context)

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked: a terminal on stdin and stderr, and no flag against it."""
        return not self.non_interactive and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def live(self) -> bool:
        """Whether stderr is a terminal that a moving display may be drawn on."""
        from mlops_install.console.output import is_live

        return self.ui is not UserInterface.PLAIN and is_live(sys.stderr, self.context.environment.variables)

    def narration(self) -> Console:
        """Return a console on stderr."""
        from mlops_install.console.output import make_console

        return make_console(sys.stderr, self.context.environment.variables, no_color=self.no_color)

    def result(self) -> Console:
        """Return a console on stdout."""
        from mlops_install.console.output import make_console

        return make_console(sys.stdout, self.context.environment.variables, no_color=self.no_color)

    def say(self, text: str) -> None:
        """Write one sentence of narration; not with `-o json`, whose readers get events instead."""
        if self.output is OutputFormat.TABLE:
            self.narration().print(text)

    def note(self, text: str) -> None:
        """Say a sentence before a run begins; with `-o json` it becomes one of the run's events."""
        if self.output is OutputFormat.JSON and self.streams_events:
            self.notes.append(text)
        else:
            self.say(text)

    def emit(self, document: Mapping[str, Any], renderer: Callable[[], RenderableType | str]) -> None:
        """Write the result to stdout in the format that was asked for."""
        from mlops_install.console.output import emit

        emit(document, self.output.value, renderer, stream=sys.stdout, console=self.result)

    def deployment(self, name: str | None, directory: Path | None) -> Deployment:
        """Return the existing deployment that is meant; raises UsageError when there is none."""
        from mlops_install.deployment.store import locate_existing

        return locate_existing(self.context.environment, name=name, directory=directory)

    def catalogue(self, deployment: Deployment) -> Catalogue:
        """Return the catalogue of the deployment's target."""
        from mlops_install.deployment.marker import read_marker

        return self.context.catalogue(read_marker(deployment).target)


_current: ContextVar[Session | None] = ContextVar("session", default=None)


_OF_CONTEXT = ("terraform_bin", "overwrite_terraform", "kubeconfig", "kube_context", "adopt")


def open_session(*, streams_events: bool = False, **flags: Any) -> Session:
    """Take the environment's snapshot and keep the flags beside it, for the verb and for the reporting of errors.

    `flags` are fields of Context and Session. Raises UsageError for a program or a file that isn't there, whether
    the verb needs it or not.
    """
    context = Context(snapshot(), **{name: flags.pop(name) for name in _OF_CONTEXT if name in flags})
    session = Session(context, streams_events=streams_events, **flags)
    _current.set(session)
    if context.terraform_bin is not None:
        from mlops_install.engine.binary import named_program

        named_program(context.environment, context.terraform_bin)
    if context.kubeconfig and not context.environment.path(context.kubeconfig).exists():
        raise UsageError(f"--kubeconfig: there is no file {context.kubeconfig}.")
    return session


def current_session() -> Session:
    """Return the invocation's session, a plain one when the error came before any was opened."""
    return _current.get() or Session(Context(snapshot()))


def titles(catalogue: Catalogue) -> dict[str, str]:
    """Return what each module is called, and the client environment, which is none."""
    return {module.id: module.title for module in catalogue.modules.values()} | {
        "environment": "Team environment",
        "loop": "The whole loop",
    }
