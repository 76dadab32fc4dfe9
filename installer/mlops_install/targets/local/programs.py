"""What is written down about a tool's programs: environment, guard's and supervisor's files, the record."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, read_json, write_private
from mlops_install.targets.local.guard import MARKER
from mlops_install.targets.local.tool import Health, Program, ToolContext

_ERROR = re.compile(r"\w*(Error|Exception)\b|\b(ERROR|CRITICAL|FATAL|[Ff]atal|panic)\b")
_ERROR_LINES, _LAST_LINES = 6, 3
STOP_GRACE = 10.0
"""Seconds a program gets between SIGTERM and SIGKILL."""
_STOP_WAIT = 20
"""Seconds until supervisor kills the guard: its grace, that of leftovers, and a reserve."""
_LOG_BYTES = "10MB"
_OLD_LOGS = 3
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_PASSED = ("TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Where this site keeps its certificate authorities: a notebook's way to the internet, never a secret."""
_GUARD = Path(__file__).resolve().parent / "guard.py"


@dataclass(frozen=True, slots=True)
class ProgramRecord:
    """What is known of one installed program without asking its tool again."""

    name: str
    ports: tuple[int, ...] = ()
    health: Health | None = None
    after: str = ""


def marker_of(folder: Path, program: str) -> str:
    """Return the value of MLOPS_INSTALL_SERVICE that a program's processes carry."""
    return str(folder / program)


def base_environment(context: ToolContext, temporary: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that every program of the tool gets: built, not inherited.

    Of `variables` only proxies (loopback excepted from them), certificate authorities and the time zone are taken.
    """
    built = {
        "PATH": f"{context.environment / 'bin'}:{_SYSTEM_PATH}",
        "HOME": str(context.home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }
    built |= {name: variables[name] for name in _PASSED if variables.get(name)}
    proxies = {name: variables.get(name) or variables.get(name.upper()) for name in _PROXIES}
    for name, value in proxies.items():
        if value:
            built |= {name: value, name.upper(): value}
    if any(proxies.values()):
        given = (variables.get("no_proxy") or variables.get("NO_PROXY") or "").split(",")
        direct = ",".join(dict.fromkeys([*filter(None, map(str.strip, given)), *_LOOPBACK]))
        built |= {"no_proxy": direct, "NO_PROXY": direct}
    return built


def write_guard_files(
    context: ToolContext, programs: Iterable[Program], environment: Mapping[str, str], redact: Iterable[str]
) -> None:
    """Write each program's `guard/<program>.json` (0600), the only place where its secret environment is."""
    make_private(context.folder / "guard")
    hidden = list(redact)
    for program in programs:
        marker = marker_of(context.folder, program.name)
        config: dict[str, Value] = {
            "argv": list(program.argv),
            "directory": str(program.directory or context.data),
            "environment": {**environment, **program.environment, MARKER: marker},
            "secrets": {
                variable: context.secrets[secret]
                for variable, secret in program.secret_environment.items()
                if secret in context.secrets
            },
            "redact": hidden,
            "marker": marker,
            "grace": STOP_GRACE,
        }
        write_private(_guard_file(context.folder, program.name), json.dumps(config))


def supervisor_text(folder: Path, names: Iterable[str], python: Path) -> str:
    """Return supervisor's configuration of a tool's programs.

    They start when asked to: `service up` and `start` keep their order. `autorestart=true`, never `unexpected`:
    MLflow and MLServer exit with 0 when they fail.
    """
    return "\n".join(_section(folder, name, python) for name in names)


def _section(folder: Path, name: str, python: Path) -> str:
    # Seen from supervisord's folder: it expands `%` in a log's path twice, and shows short paths well.
    own = Path("..") / folder.name
    command = shlex.join([str(python), "-I", "-S", str(_GUARD), str(_guard_file(own, name))])
    return f"""[program:{name}]
command={_escape(command)}
environment={MARKER}="{_escape(marker_of(folder, name))}"
umask=077
autostart=false
autorestart=true
startsecs=1
startretries=3
stopsignal=TERM
stopwaitsecs={_STOP_WAIT}
redirect_stderr=true
stdout_logfile={log_of(own, name)}
stdout_logfile_maxbytes={_LOG_BYTES}
stdout_logfile_backups={_OLD_LOGS}
"""


def _escape(text: str) -> str:
    """Double `%`: supervisor expands `%(name)s` in every value (supervisor 4.3 docs, configuration)."""
    return text.replace("%", "%%")


def _guard_file(folder: Path, name: str) -> Path:
    return folder / "guard" / f"{name}.json"


def log_of(folder: Path, name: str) -> Path:
    """Return where a program's output goes; older output is in `.1` to `.3` beside it."""
    return folder / "logs" / f"{name}.log"


def telling_lines(folder: Path, name: str, *, since: int = 0) -> list[str]:
    """Return the lines of a program's log that tell most: those up to its last error, then its very last ones.

    `since` is the size of the log, in bytes, when the program was started: what stands before was said in earlier runs,
    unless supervisor has begun a new file meanwhile.

    Servers end politely after an error, with a page of shutdown messages behind the one line that matters. Empty when
    there is no log.
    """
    try:
        with log_of(folder, name).open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(since if since <= size else 0, size - 64 * 1024))
            lines = [line for line in stream.read().decode(errors="replace").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    last = next((index for index in range(len(lines) - 1, -1, -1) if _ERROR.search(lines[index])), len(lines) - 1)
    rest = lines[last + 1 :]
    gap = ["…"] if len(rest) > _LAST_LINES else []
    return [*lines[max(0, last + 1 - _ERROR_LINES) : last + 1], *gap, *rest[-_LAST_LINES:]]


def record_file(folder: Path) -> Path:
    """Return `programs.json` of a tool's folder: there as long as the tool is installed."""
    return folder / "programs.json"


def record_text(programs: Iterable[Program]) -> str:
    """Return the record of the programs as text; equal programs give equal text."""
    return json.dumps({"format": 1, "programs": [_as_json(program) for program in programs]}, indent=2) + "\n"


def _as_json(program: Program) -> dict[str, Value]:
    health = program.health
    return {
        "name": program.name,
        "argv": list(program.argv),
        "environment": dict(program.environment),
        "secret_environment": dict(program.secret_environment),
        "directory": str(program.directory or ""),
        "ports": list(program.ports),
        "health": health and {"url": health.url, "expect": health.expect, "timeout": health.timeout},
        "after": program.after,
    }


def read_records(folder: Path) -> tuple[ProgramRecord, ...] | None:
    """Return the tool's programs in starting order; None when the tool isn't installed there."""
    try:
        document = read_json(record_file(folder))
    except FileNotFoundError:
        return None
    return tuple(
        ProgramRecord(
            name=item["name"],
            ports=tuple(item["ports"]),
            health=Health(**item["health"]) if item["health"] else None,
            after=item["after"],
        )
        for item in document["programs"]
    )


def installed(services: Path) -> dict[str, tuple[ProgramRecord, ...]]:
    """Return every installed tool with its programs, by name."""
    found = {path.parent.name: read_records(path.parent) for path in sorted(services.glob("*/programs.json"))}
    return {name: records for name, records in found.items() if records is not None}
