"""Old runs are forgotten, so that a deployment doesn't grow with each plan; what later runs go by stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.history import list_runs, read_record, read_result
from mlops_install.deployment.runs.record import RunRecord
from mlops_install.errors import InstallerError

KEPT_RUNS: Final = 50
"""The newest runs are kept, however old they are."""
KEPT_FOR: Final = timedelta(days=90)
"""Runs of this time are kept, however many there are."""
_GONE = ".gone-"
"""Begins the name of a folder that is being removed: no number, so no run."""


def prune_runs(deployment: Deployment, now: datetime | None = None) -> None:
    """Remove the runs that are neither among the newest nor young, but for those that later ones go by.

    What can't be read or removed is left alone. Safe against another process doing the same.
    """
    for left in deployment.runs.glob(f"{_GONE}*"):
        shutil.rmtree(left, ignore_errors=True)
    runs = list_runs(deployment)
    if len(runs) <= KEPT_RUNS:
        return
    records = [(run, record) for run in runs if (record := _record(run)) is not None]
    kept = {run.id for run in (*runs[-KEPT_RUNS:], *_gone_by(records))}
    young = (now or datetime.now(UTC)) - KEPT_FOR
    for run, record in records:
        if run.id not in kept and _began_before(record, young):
            _remove(run)


def _gone_by(records: Sequence[tuple[RunFolder, RunRecord]]) -> Iterator[RunFolder]:
    """Yield the runs that are kept for what they say: goes on, was done last, failed last, began the installation."""
    yield from (run for run, record in records if record.state in ("planning", "applying"))
    for kind in ("apply", "destroy"):
        yield from [run for run, record in records if (record.kind, record.state) == (kind, "done")][-1:]
    yield from [run for run, record in records if record.state in ("failed", "lost")][-1:]
    yield from [run for run, _ in records if (result := read_result(run)) is not None and result.exit_code != 0][-1:]
    removals = [
        place for place, (_, record) in enumerate(records) if (record.kind, record.state) == ("destroy", "done")
    ]
    since = removals[-1] + 1 if removals else 0
    # What an apply that was cut off left behind is told from older things by when the first of them began.
    tried = [run for run, record in records[since:] if record.state not in ("planning", "planned")]
    yield from tried[:1]


def _record(run: RunFolder) -> RunRecord | None:
    try:
        return read_record(run)
    except (InstallerError, OSError):
        return None


def _began_before(record: RunRecord, moment: datetime) -> bool:
    try:
        return datetime.fromisoformat(record.created) < moment
    except (ValueError, TypeError):
        return False


def _remove(run: RunFolder) -> None:
    gone = run.path.with_name(f"{_GONE}{run.id}")
    with suppress(OSError):
        # At once, as whoever lists the runs would meet half of one.
        run.path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
