"""What Terraform calls through `bin/service`: `service up TOOL` and `service down TOOL`.

`up` reads the tool's settings as JSON from SERVICE_SETTINGS and is idempotent; each line it prints is one of
`phase: <what>` or the paragraph that explains a failure, with the tool's secrets taken out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, read_json, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import read_secrets
from mlops_install.environment.lockfile import LOCKS
from mlops_install.errors import ExitCode, InstallerError
from mlops_install.targets.local import programs as written
from mlops_install.targets.local import registry
from mlops_install.targets.local.digests import runtime_digest
from mlops_install.targets.local.environments import Installer, is_complete
from mlops_install.targets.local.locking import locked
from mlops_install.targets.local.programs import ProgramRecord, read_records
from mlops_install.targets.local.starting import check_ports_free, start_all
from mlops_install.targets.local.supervision import Supervisor
from mlops_install.targets.local.tool import Program, Tool, ToolContext
from mlops_install.words.foreign import ForeignText

Say = Callable[[str], None]
_LOCK = "lock"


class Service:
    """One tool of one deployment, on its way up or down."""

    def __init__(
        self,
        deployment: Deployment,
        tool: Tool,
        *,
        digest: str,
        variables: Mapping[str, str],
        say: Say,
        locks: Path = LOCKS,
    ) -> None:
        """`variables`: the surroundings, of which only package indexes, proxies and certificates are used."""
        self._tool = tool
        self._digest = digest
        self._variables = variables
        self._locks = locks
        self._supervisor = Supervisor(deployment)
        self.folder = deployment.services / tool.name
        self._services = deployment.services
        known = read_secrets(deployment.secrets) if tool.secret_names else {}
        self._secrets = {name: known[name] for name in tool.secret_names if name in known}
        self._redact = ForeignText(self._secrets.values())
        self._print = say

    def say(self, line: str) -> None:
        """Print one line, secrets taken out."""
        self._print(self._redact(line))

    def up(self, settings: Mapping[str, Value]) -> None:
        """Install, configure and start the tool and return when it is healthy; leave it alone when it is already.

        Raises InstallerError; then none of its programs runs, and its environment and data stay.
        """
        context = self._context(settings)
        make_private(self.folder)
        with locked(self.folder / _LOCK) as descriptor:
            texts, programs = self._rendered(context)
            if self._is_up(texts, programs):
                self.say(f"phase: healthy (unchanged){_address(programs)}")
                return
            self._stop()
            try:
                self._install(context, descriptor)
                self._configure(context, texts, programs)
                self._start(programs)
            except BaseException:
                self._stop()
                raise
            self.say(f"phase: healthy{_address(programs)}")

    def down(self) -> None:
        """Stop the tool and forget its programs; its environment and data stay. Idempotent."""
        if not self.folder.is_dir():
            return
        with locked(self.folder / _LOCK):
            self.say("phase: stopping")
            self._stop()
            self.say("phase: stopped")

    def explain(self, error: InstallerError) -> str:
        """Return the paragraph for a failure: what, where, the last log lines, what to do."""
        return self._redact(f"{self._tool.title} is not running. {error.message}\n{error.hint}".rstrip())

    def _context(self, settings: Mapping[str, Value]) -> ToolContext:
        return ToolContext(
            tool=self._tool.name,
            folder=self.folder,
            services=self._services,
            settings=settings,
            secrets=self._secrets,
            root=os.geteuid() == 0,
        )

    def _rendered(self, context: ToolContext) -> tuple[dict[Path, str], tuple[Program, ...]]:
        """Return every file of the tool but its environments (equal texts: nothing changed), and its programs."""
        settings = {"format": 1, "digest": self._digest, "settings": dict(context.settings)}
        try:
            texts, programs = self._tool.render(context), self._tool.programs(context)
        except KeyError as error:
            # Tools read the settings and secrets they need by name; what lacks is a name, never a value.
            raise InstallerError(
                f"{error.args[0]} was not given to it.",
                hint="Plan and apply again; secrets are in secrets.tfvars.json.",
            ) from None
        own = {
            self.folder / "settings.json": json.dumps(settings, indent=2, sort_keys=True) + "\n",
            written.record_file(self.folder): written.record_text(programs),
        }
        return {**texts, **own}, programs

    def _is_up(self, texts: Mapping[Path, str], programs: Sequence[Program]) -> bool:
        """Return whether exactly this tool runs healthy already."""
        from mlops_install.targets.local.status import inspect_tool

        if any(not path.is_file() or path.read_text(encoding="utf-8") != text for path, text in texts.items()):
            return False
        settings = json.loads(texts[self.folder / "settings.json"])["settings"]
        if not all(is_complete(self.folder, spec, self._locks) for spec in self._tool.environments(settings)):
            return False
        records = read_records(self.folder) or ()
        return inspect_tool(self._supervisor, self._tool.name, records).state == "healthy"

    def _install(self, context: ToolContext, descriptor: int) -> None:
        for name in ("config", "data", "logs", "home"):
            make_private(self.folder / name)
        installer = Installer(
            self._variables,
            redact=self._redact,
            say=lambda detail: self.say(f"phase: installing {detail}"),
            keep_open=[descriptor],
            locks=self._locks,
        )
        for spec in self._tool.environments(context.settings):
            installer.make(self.folder, spec)

    def _configure(self, context: ToolContext, texts: Mapping[Path, str], programs: Sequence[Program]) -> None:
        self.say("phase: configuring")
        _empty(self.folder / "config", keep=texts)
        for path, text in texts.items():
            make_private(path.parent)
            write_private(path, text)
        temporary = self._supervisor.temporary(self._tool.name)
        environment = written.base_environment(context, temporary, self._variables)
        written.write_guard_files(context, programs, environment, self._secrets.values())

    def _start(self, programs: Sequence[Program]) -> None:
        if not programs:
            return
        records = read_records(self.folder) or ()
        check_ports_free(records)
        self.say("phase: starting")
        bring_up(self._supervisor, self._tool.name, records, lambda detail: self.say(f"phase: {detail}"))

    def _stop(self) -> None:
        from mlops_install.targets.local.sweep import end_marked

        records = read_records(self.folder) or ()
        self._supervisor.remove(self._tool.name, [record.name for record in records])
        if (self.folder / "guard").is_dir():
            end_marked(self.folder)
        written.record_file(self.folder).unlink(missing_ok=True)


def bring_up(supervisor: Supervisor, tool: str, records: Sequence[ProgramRecord], say: Say) -> None:
    """Hand a tool's programs to supervisor, start them and wait until they are healthy."""
    folder = supervisor.services / tool
    names = [record.name for record in records]
    supervisor.add(tool, written.supervisor_text(folder, names, Path(sys.executable)), names)
    start_all(supervisor, folder, records, say)


def _address(programs: Sequence[Program]) -> str:
    return next((f" {program.health.url}" for program in programs if program.health), "")


def _empty(folder: Path, *, keep: Mapping[Path, str]) -> None:
    """Remove from the configuration what an earlier version wrote and this one does not."""
    for path in folder.rglob("*"):
        if path.is_file() and path not in keep:
            path.unlink()


def read_settings(deployment: Deployment, tool: str) -> Mapping[str, Value]:
    """Return the settings a tool was last brought up with; empty when it never was."""
    with suppress(FileNotFoundError):
        settings: Mapping[str, Value] = read_json(deployment.services / tool / "settings.json")["settings"]
        return settings
    return {}


def _settings(variables: Mapping[str, str]) -> Mapping[str, Value]:
    text = variables.get("SERVICE_SETTINGS", "")
    try:
        settings = json.loads(text)
    except json.JSONDecodeError:
        settings = None
    if not isinstance(settings, dict):
        raise InstallerError("SERVICE_SETTINGS must be a JSON object: the tool's settings.", hint="Terraform sets it.")
    return settings


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(number)


def main(argv: Sequence[str] | None = None, *, find_tool: Callable[[str], Tool] = registry.tool) -> int:
    """Run `up` or `down` for one tool and return the exit code: 0, 1 when it failed, 130 when it was interrupted."""
    parser = argparse.ArgumentParser(prog="service")
    parser.add_argument("--deployment", type=Path, required=True)
    parser.add_argument("action", choices=("up", "down"))
    parser.add_argument("tool")
    arguments = parser.parse_args(argv)
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _interrupted)
    variables = dict(os.environ)
    try:
        tool = find_tool(arguments.tool)
        digest = runtime_digest(tool.name) if tool.name in registry.TOOLS else ""
        deployment = Deployment(arguments.deployment)
        service = Service(deployment, tool, digest=digest, variables=variables, say=_say)
    except InstallerError as error:
        _say(f"{error.message}\n{error.hint}".rstrip())
        return ExitCode.FAILED
    try:
        service.up(_settings(variables)) if arguments.action == "up" else service.down()
    except InstallerError as error:
        _say(service.explain(error))
        return ExitCode.FAILED
    except OSError as error:
        _say(service.explain(_disk_failure(error, deployment.folder)))
        return ExitCode.FAILED
    except KeyboardInterrupt:
        _say(f"{tool.title} was interrupted; what is installed stays. Run the same command again to go on.")
        return ExitCode.CANCELLED
    return ExitCode.OK


def _disk_failure(error: OSError, folder: Path) -> InstallerError:
    with suppress(OSError):
        if shutil.disk_usage(folder).free < 16 << 20:
            return InstallerError("The disk is full.", hint="Make room and run the same command again.")
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return InstallerError(f"The system refused: {what}.", hint="Correct that and run the same command again.")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
