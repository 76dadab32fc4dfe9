"""Why a run failed, for every front end alike."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.runs.history import list_runs, read_record, read_result
from mlops_install.deployment.secrets import secret_filter
from mlops_install.diagnosis.diagnose import diagnose
from mlops_install.engine.events import Event, parse_line
from mlops_install.targets.records import Diagnosis
from mlops_install.targets.registry import target
from mlops_install.words.foreign import ForeignText


def explain(deployment: Deployment, run: RunFolder) -> list[Diagnosis]:
    """Return the causes of the run's failure; empty when it has none recorded."""
    result = read_result(run)
    if result is None:
        return []
    clean, record = secret_filter(deployment), read_record(run)
    purging = (
        "-destroy" in record.plan_arguments and not target(read_marker(deployment).target).planning.destroys_everything
    )
    found = diagnose(
        result,
        deployment=deployment,
        live=_live(run, clean),
        kind=record.kind,
        purge_data=purging,
        secrets=record.secret_names,
    )
    return [Diagnosis(d.module, clean(d.cause), clean(d.action), clean(d.detail), d.parameter) for d in found]


def _live(run: RunFolder, clean: ForeignText) -> list[Event]:
    if not run.live.is_file():
        return []
    lines = run.live.read_text(encoding="utf-8", errors="replace").splitlines()
    return [parse_line(line, seq=seq, redactor=clean) for seq, line in enumerate(lines)]


def last_failed_run(deployment: Deployment) -> RunFolder | None:
    """Return the newest run that failed; None when none did."""
    for run in reversed(list_runs(deployment)):
        result = read_result(run)
        if result is not None and result.exit_code != 0:
            return run
    return None
