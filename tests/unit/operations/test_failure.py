"""Why a run failed, read from the run's own files."""

from __future__ import annotations

import json
from pathlib import Path

from mlops_install.deployment.history import write_result
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.record import Result
from mlops_install.operations.failure import explain


def test_a_time_out_is_explained_from_live_jsonl(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "team")
    run = RunFolder(deployment.folder / "run")
    run.path.mkdir(parents=True)
    error = {"severity": "error", "summary": "context deadline exceeded", "address": "module.dask_release.x.y"}
    write_result(run, Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,)))
    said = {"v": 1, "time": "", "source": "live", "type": "event", "module": "dask", "data": {}}
    run.live.write_text(json.dumps({**said, "message": "0/1 nodes are available: 1 Insufficient memory."}) + "\n")
    (found,) = explain(deployment, run)
    assert "enough memory" in found.cause
