"""Why a run failed, read from the run's own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.runs.history import create_run, update_record, write_result
from mlops_install.deployment.runs.record import Result
from mlops_install.workflow.failure import explain


def test_a_time_out_is_explained_from_live_jsonl(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "team")
    make_private(deployment.folder)
    run, _ = create_run(deployment, kind="apply", binary=("terraform",), binary_version="1.11.4")
    error = {"severity": "error", "summary": "context deadline exceeded", "address": "module.dask_release.x.y"}
    write_result(run, Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,)))
    said = {"v": 1, "time": "", "source": "live", "type": "event", "module": "dask", "data": {}}
    run.live.write_text(json.dumps({**said, "message": "0/1 nodes are available: 1 Insufficient memory."}) + "\n")
    (found,) = explain(deployment, run)
    assert "enough memory" in found.cause


@pytest.mark.parametrize(("arguments", "command"), [((), "team"), (("-destroy",), "team --purge-data")])
def test_a_failed_destroy_goes_on_by_the_same_destroy(tmp_path: Path, arguments: tuple[str, ...], command: str) -> None:
    deployment = Deployment(tmp_path / "team")
    make_private(deployment.folder)
    write_marker(deployment, Marker("kubernetes"))
    run, _ = create_run(deployment, kind="destroy", binary=("terraform",), binary_version="1.11.4")
    update_record(run, plan_arguments=arguments)
    error = {
        "severity": "error",
        "summary": "timed out waiting for the condition",
        "address": "module.dask_release.x.y",
    }
    write_result(run, Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,)))
    (found,) = explain(deployment, run)
    assert f"`mlops-install destroy {command}`" in found.action
