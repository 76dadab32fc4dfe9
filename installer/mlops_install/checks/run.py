"""Start a check script in the team's environment and read what it found."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from mlops_install.catalogue.model import Value
from mlops_install.words.foreign import ForeignText

MODULES: tuple[str, ...] = ("mlflow", "prefect", "dask", "feast", "seldon", "jupyterhub")
"""Modules that have a check, quickest failure first; JupyterHub's reaches the others from a notebook."""
LOOP = "loop"
"""The check of the whole way, from features to a served model; it needs every one of `MODULES`."""
SECRETS: Mapping[str, tuple[str, ...]] = {"jupyterhub": ("jupyterhub_verify_token", "jupyterhub_shared_password")}
"""Secrets that a module's check needs in its payload, where the deployment has them."""

QUIET: Mapping[str, str] = {
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
    # Seven tries, as is the rule, take four minutes: nobody would hear what the server answered.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}
"""Variables that keep clients from telling anybody of a check, and from waiting in vain, wherever it runs."""
GRACE = 15.0
"""Seconds that a script gets after its time limit to remove what it made."""
_TAIL = 300
"""Characters of a crashed script's last output that are shown."""
PACKAGE = Path(__file__).resolve().parents[1]
"""The package whose `checks` are run: this one."""
# The scripts are named after their modules (`mlflow`), so they are run as submodules of this package: no folder of
# this installation stays on the search path, and `import mlflow` finds the client.
_START = """\
import runpy, sys
sys.path.append(sys.argv[1])
import {package}.checks
sys.path.pop()
runpy.run_module("{package}.checks." + sys.argv[2], run_name="__main__")
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check."""

    name: str
    ok: bool
    detail: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a real client met at one module."""

    module: str
    status: Literal["passed", "failed", "not installed"]
    seconds: float
    steps: tuple[Step, ...]
    message: str
    """Why it failed, one line; empty when it passed."""


def run_check(
    module: str,
    *,
    python: Path,
    payload: Mapping[str, Value],
    timeout: float,
    environment: Mapping[str, str],
) -> CheckResult:
    """Run one module's check and return what it found; a failure is a result, never an exception.

    `python` is the interpreter of the team's environment. `payload` holds `modules` (the chosen ones), `addresses`
    (module → URL), `settings` (parameter → value) and `secrets` (parameter → value, those of `SECRETS`).
    `timeout` is in seconds. `environment` is added to a built one: the variables a notebook finds
    (MLFLOW_TRACKING_URI, …); nothing is inherited.
    """
    chosen = payload.get("modules")
    if not isinstance(chosen, list) or module not in chosen:
        return CheckResult(module, "not installed", 0.0, (), "")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mlops-verify-", ignore_cleanup_errors=True) as home:
        try:
            output, errors, expired = _run(module, python, payload, timeout, _environment(python, home, environment))
        except OSError as error:
            return CheckResult(module, "failed", 0.0, (), f"the team's environment does not start: {error}")
    seconds = round(time.monotonic() - started, 2)
    return read_result(module, output, errors, timeout if expired else None, seconds, hidden=_secret_values(payload))


def read_result(
    module: str, output: str, errors: str, expired: float | None, seconds: float, *, hidden: Sequence[str]
) -> CheckResult:
    """Return what a script's stdout and stderr say; `expired` is the time limit that ended it, in seconds.

    None of the `hidden` values is in the result.
    """
    clean = ForeignText(hidden)
    found = _result(module, output, clean(errors), expired, seconds)
    steps = tuple(replace(step, detail=clean(step.detail)) for step in found.steps)
    return replace(found, steps=steps, message=clean(found.message))


def is_held(output: str) -> bool:
    """Return whether a script waits for its caller's word."""
    return any(line.get("held") for line in map(_parse, output.splitlines()))


def _environment(python: Path, home: str, added: Mapping[str, str]) -> dict[str, str]:
    return {
        "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        # Loopback never goes through a proxy that a library finds elsewhere.
        "NO_PROXY": "127.0.0.1,localhost",
        "PREFECT_HOME": f"{home}/.prefect",
        **QUIET,
        **added,
    }


def _run(
    module: str,
    python: Path,
    payload: Mapping[str, Value],
    limit: float,
    environment: Mapping[str, str],
) -> tuple[str, str, bool]:
    """Return stdout, stderr and whether the time limit ended the script."""
    start = _START.format(package=PACKAGE.name)
    process = subprocess.Popen(
        [str(python), "-I", "-c", start, str(PACKAGE.parent), module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        cwd=environment["HOME"],
        start_new_session=True,
        umask=0o077,
        text=True,
        errors="replace",
    )
    expired = False
    try:
        try:
            output, errors = process.communicate(json.dumps(payload), timeout=limit)
        except subprocess.TimeoutExpired:
            expired = True
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=GRACE)
            _end(process)
            output, errors = process.communicate()
    finally:
        _end(process)
    return output, errors, expired


def _end(process: subprocess.Popen[str]) -> None:
    """End the script and whatever it started; it leads a session of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _result(module: str, output: str, errors: str, expired: float | None, seconds: float) -> CheckResult:
    lines = [line for line in map(_parse, output.splitlines()) if line]
    reached = next((str(line["step"]) for line in reversed(lines) if "step" in line), "start")
    final: dict[str, Any] = next((line for line in reversed(lines) if "steps" in line), {})
    steps = tuple(
        Step(str(step["name"]), bool(step["ok"]), str(step["detail"]), float(step["seconds"]))
        for step in final.get("steps", ())
    )
    if expired is not None:
        stuck = next((step.name for step in steps if not step.ok), reached)
        message = f"no result after {expired:.0f} s, at the step: {stuck}"
    elif not final:
        message = f"the check ended without a result, at the step: {reached}. {errors.strip()[-_TAIL:]}".strip()
    else:
        message = str(final.get("message", ""))
    passed = expired is None and bool(final.get("ok"))
    if not steps and not passed:
        steps = (Step(reached, False, message),)
    return CheckResult(module, "passed" if passed else "failed", seconds, steps, "" if passed else message)


def _parse(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _secret_values(payload: Mapping[str, Value]) -> list[str]:
    secrets = payload.get("secrets")
    return [str(value) for value in secrets.values() if value] if isinstance(secrets, dict) else []
