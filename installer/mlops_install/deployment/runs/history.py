"""The runs of a deployment: numbered folders, their records and results."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, read_json, write_json
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.process_mark import alive
from mlops_install.deployment.runs.record import FORMAT, Change, Kind, ProcessMark, Result, RunRecord, State
from mlops_install.errors import InstallerError, LockedError, UsageError

_IN_FLIGHT: frozenset[State] = frozenset({"planning", "applying"})
_START_GRACE = timedelta(seconds=30)
"""How long a new run may be without any process: the time in which its runner is being started."""


def create_run(
    deployment: Deployment,
    *,
    kind: Kind,
    binary: tuple[str, ...],
    binary_version: str,
    binary_family: str = "",
    state: State = "planning",
    runner: ProcessMark | None = None,
    secret_names: tuple[str, ...] = (),
    secrets_revisions: Mapping[str, int] | None = None,
    plan_arguments: tuple[str, ...] = (),
    parallelism: int = 10,
) -> tuple[RunFolder, RunRecord]:
    """Make the next run's folder with its run.json; safe against another process doing the same.

    `created` is now, `state_serial` that of the local state as it is now. `runner` is who has the run until its runner
    is started: the run is lost once that process is gone.
    """
    make_private(deployment.runs)
    run = _next_folder(deployment)
    record = RunRecord(
        id=run.id,
        kind=kind,
        state=state,
        binary=binary,
        binary_version=binary_version,
        binary_family=binary_family,
        runner=runner,
        secret_names=secret_names,
        secrets_revisions=dict(secrets_revisions or {}),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        plan_arguments=plan_arguments,
        parallelism=parallelism,
        state_serial=state_serial(deployment),
    )
    write_record(run, record)
    return run, record


def read_record(run: RunFolder) -> RunRecord:
    """Return the run's record as things stand.

    A run that is recorded as planning or applying while neither its runner nor Terraform lives has its result's
    state, or `lost` when there is no result. Raises UsageError for an unknown run and for another format.
    """
    record = _stored(run)
    while record.state in _IN_FLIGHT and not _running(record):
        # The runner may have moved on between the reading and the look at its pid.
        again = _stored(run)
        if again == record:
            result = read_result(run)
            return replace(record, state=result.state if result else "lost")
        record = again
    return record


def write_record(run: RunFolder, record: RunRecord) -> None:
    """Replace run.json atomically, in turn with every `update_record`."""
    with _folder_lock(run):
        write_json(run.record, _record_document(record))


def update_record(run: RunFolder, **changes: Any) -> RunRecord:
    """Change fields of run.json (names of `RunRecord`), keep what others write meanwhile, and return the new record."""
    with _folder_lock(run):
        record = replace(_stored(run), **changes)
        write_json(run.record, _record_document(record))
    return record


def read_result(run: RunFolder) -> Result | None:
    """Return how the run ended; None while it has not."""
    try:
        document = _document(run.result)
    except FileNotFoundError:
        return None
    values = _known(Result, document)
    return Result(**{**values, "diagnostics": tuple(values.get("diagnostics", ()))})


def write_result(run: RunFolder, result: Result) -> None:
    """Write result.json atomically; the runner's last act but one."""
    write_json(run.result, {"format": FORMAT, **asdict(result)})


def list_runs(deployment: Deployment) -> list[RunFolder]:
    """Return the deployment's runs, the oldest first."""
    runs = [deployment.run(name) for name in _numbers(deployment)]
    return [run for run in runs if run.record.is_file()]


def stands(deployment: Deployment) -> bool:
    """Tell whether something is installed for good: an apply was done, and no removal since.

    A first apply that failed doesn't count: what it was told can still be mended.
    """
    for run in reversed(list_runs(deployment)):
        record = read_record(run)
        if record.state == "done":
            return record.kind == "apply"
    return False


def in_flight(deployment: Deployment) -> RunFolder | None:
    """Return the newest run that is planning or applying right now; None when there is none."""
    for run in reversed(list_runs(deployment)):
        if read_record(run).state in _IN_FLIGHT:
            return run
    return None


def refuse_while_busy(deployment: Deployment) -> None:
    """Raise LockedError when a run of the deployment goes on."""
    run = in_flight(deployment)
    if run is not None:
        raise LockedError(
            f"run {run.id} of {deployment.name!r} is {read_record(run).state}",
            hint=f"Follow it with `{deployment.command('attach')}`, or end it with `{deployment.command('cancel')}`.",
        )


def newest_planned(deployment: Deployment) -> RunFolder | None:
    """Return the newest plan that can still be applied as it is; None when there is none.

    It is of kind `apply`, its plan file is there, the local state hasn't moved since (its serial), and neither have
    the secrets: its revisions are the approved ones, or it is the newest run and the draft still holds its secrets.
    """
    runs = list_runs(deployment)
    for run in reversed(runs):
        record = read_record(run)
        if _was_applied(run):
            # A state elsewhere has no serial here: it has moved with any apply.
            return None
        if record.kind == "apply" and record.state == "planned":
            fits = _secrets_fit(deployment, record, newest=run == runs[-1])
            return run if fits and run.plan.is_file() and record.state_serial == state_serial(deployment) else None
    return None


def _was_applied(run: RunFolder) -> bool:
    result = read_result(run)
    return result is not None and result.phase == "apply"


def state_serial(deployment: Deployment) -> int | None:
    """Return the `serial` of the local state; None when there is no local state.

    From terraform.tfstate, format 4 (Terraform 1.11, internal/states/statefile).
    """
    try:
        document = read_json(deployment.state)
    except FileNotFoundError:
        return None
    serial = document.get("serial") if isinstance(document, dict) else None
    return serial if isinstance(serial, int) else None


def _secrets_fit(deployment: Deployment, record: RunRecord, *, newest: bool) -> bool:
    approved = read_marker(deployment).secrets_revisions if deployment.marker.is_file() else {}
    if dict(record.secrets_revisions) == dict(approved):
        return True
    moved = any(record.secrets_revisions.get(name, 0) < count for name, count in approved.items())
    return newest and not moved and deployment.draft_secrets.is_file()


def _running(record: RunRecord) -> bool:
    if record.runner is None and record.terraform is None:
        with suppress(ValueError):
            return datetime.now(UTC) - datetime.fromisoformat(record.created) < _START_GRACE
        return False
    return alive(record.runner) or alive(record.terraform)


def _numbers(deployment: Deployment) -> list[str]:
    try:
        names = [entry.name for entry in deployment.runs.iterdir()]
    except FileNotFoundError:
        return []
    return sorted((name for name in names if name.isascii() and name.isdecimal()), key=int)


def _next_folder(deployment: Deployment) -> RunFolder:
    number = int((_numbers(deployment) or ["0"])[-1]) + 1
    while True:
        run = deployment.run(f"{number:04d}")
        try:
            run.path.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
            continue
        run.path.chmod(0o700)
        return run


@contextmanager
def _folder_lock(run: RunFolder) -> Iterator[None]:
    """Hold the run folder's own flock for the moment of a write."""
    descriptor = os.open(run.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _stored(run: RunFolder) -> RunRecord:
    """Return run.json as it is written, without a look at its processes."""
    try:
        document = _document(run.record)
    except FileNotFoundError:
        document = None
    if document is None:
        raise UsageError(
            f"There is no run {run.id} in {run.path.parent.parent}.", hint="Its runs are in its folder `runs`."
        )
    try:
        return _record(document)
    except (TypeError, ValueError):
        # Said by Python of a missing or misshapen field; the next lines say it to a person.
        pass
    raise InstallerError(f"{run.record} is damaged.", hint=f"Move the folder {run.path} away and plan again.")


def _record(document: Mapping[str, Value]) -> RunRecord:
    values = _known(RunRecord, document)
    for name in ("binary", "secret_names", "init_arguments", "plan_arguments"):
        values[name] = tuple(values.get(name, ()))
    for name in ("runner", "terraform"):
        values[name] = ProcessMark(**values[name]) if values.get(name) else None
    values["changes"] = tuple(Change(**change) for change in values.get("changes", ()))
    return RunRecord(**values)


def _record_document(record: RunRecord) -> Value:
    return {"format": FORMAT, **json.loads(json.dumps(asdict(record)))}


def _document(path: Path) -> dict[str, Value]:
    document = read_json(path)
    found = document.get("format") if isinstance(document, dict) else None
    if found != FORMAT:
        raise UsageError(
            f"{path} has format {found!r}; this version reads format {FORMAT}.",
            hint="Use the version of mlops-install that wrote it, or move the run's folder away.",
        )
    return dict(document)


def _known(record: type[RunRecord] | type[Result], document: Mapping[str, Value]) -> dict[str, Any]:
    """Return the fields of the record; a key that this version doesn't know is left out."""
    names = {f.name for f in fields(record)}
    return {key: value for key, value in document.items() if key in names}
