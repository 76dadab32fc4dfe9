"""What the runtime asks of a tool: environments, configuration, programs, health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mlops_install.catalogue.model import Value


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """A virtual environment that a tool needs, made by uv from a hashed lock."""

    name: str
    """Folder name under `services/<tool>/`, for example `environment`."""
    lock: str
    """The lock's file name in `environment/locks/`, for example `mlflow.txt`."""
    extra_packages: tuple[str, ...] = ()
    """Requirement specifiers of our own installed on top, constrained by the lock."""
    pins: str = ""
    """What the team added (`singleuser_packages`), as requirements with hashes."""
    plugins: tuple[str, ...] = ()
    """Names of folders in `plugins/` that are installed too."""
    npm_lock: str = ""
    """Folder in `environment/locks/` with package.json and package-lock.json, for the environment's own node."""


@dataclass(frozen=True, slots=True)
class Health:
    """A call whose reply shows that a program does its work, not only that something listens."""

    url: str
    expect: str
    """A regular expression that the whole reply body must match (re.fullmatch, DOTALL)."""
    timeout: float = 120.0
    """Seconds for which it may stand still, without using the processor or writing to its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """One supervised process tree."""

    name: str
    """Unique in the deployment: the tool's name, with a suffix when it has several programs."""
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the built base environment (PATH, HOME, TMPDIR, LANG, …); never a secret: secrets go to 0600 files
    read by the tool, or to `secret_environment`."""
    secret_environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variable → secret's name; the guard reads the values from a 0600 file, supervisor never sees them."""
    directory: Path | None = None
    """Working directory; the tool's data folder when None."""
    ports: tuple[int, ...] = ()
    """TCP ports on 127.0.0.1 that this program's process tree must own when healthy."""
    health: Health | None = None
    after: str = ""
    """The name of a program of the same tool that must be healthy before this one starts."""


def team_folder(services: Path) -> Path:
    """Return where a deployment's `services` have the team's environment."""
    return services / "environment" / "environment"


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Everything a tool needs to render itself; paths are absolute."""

    tool: str
    folder: Path
    """`services/<tool>`."""
    services: Path
    """`services`, to find another tool's environment (`services/notebook/environment`)."""
    settings: Mapping[str, Value]
    """What the Terraform stack hands over (`settings` of modules/service), defaults included, no secret."""
    secrets: Mapping[str, str]
    """This tool's own secrets by parameter name; only those it lists in `secret_names`."""
    root: bool
    """True when running as uid 0."""

    @property
    def environment(self) -> Path:
        """The tool's main virtual environment."""
        return self.folder / "environment"

    @property
    def team(self) -> Path:
        """The team's environment, in which notebooks, flow runs and Dask run."""
        return team_folder(self.services)

    def team_python(self) -> str:
        """Return the absolute path of the team's Python."""
        return str(self.team / "bin" / "python")

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def data(self) -> Path:
        """Kept by destroy unless data are purged."""
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def home(self) -> Path:
        """HOME of the tool's programs."""
        return self.folder / "home"

    def python(self) -> Path:
        return self.environment / "bin" / "python"

    def command(self, name: str) -> str:
        """Return the absolute path of a console script in the tool's main environment."""
        return str(self.environment / "bin" / name)


class Tool(Protocol):
    """One tool of the local target; each lives in `targets/local/tools/<name>.py` as a module-level constant `TOOL`."""

    name: str
    title: str
    version: str
    """The main package's pinned version, as the catalogue shows it."""
    secret_names: Sequence[str]
    """Parameters it may read from secrets.tfvars.json."""

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        """Return the environments to make, the main one first; empty for a tool without one."""
        ...

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        """Return the configuration files to write (absolute path → text, written 0600); secrets may be in them.

        Pure: writes nothing; equal settings and secrets give equal text.
        """
        ...

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        """Return the programs to supervise, in starting order."""
        ...
