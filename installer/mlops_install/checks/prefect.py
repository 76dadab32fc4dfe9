"""Have a flow run by Prefect's worker (3.8.8) to COMPLETED, then remove it."""

from __future__ import annotations

import base64
import contextlib
import os
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlops_install.checks.steps import CheckError, Steps, address, main

JOB_SECONDS = 30
"""Seconds that a finished run's Job stays in the cluster: the worker looks at it once more."""
MANY = 100
"""More than a check ever makes."""
FLOW = """\
from prefect import flow, task


@task
def double(number: int) -> int:
    return 2 * number


@flow(name="{name}", log_prints=True)
def verify(number: int) -> int:
    result = double(number)
    assert result == 2 * number
    return result
"""


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Deploy a flow to the work pool, wait for the worker to run it, delete run, deployment and flow."""
    shared_folder = payload.get("facts", {}).get("shared_folder", True)
    pool = str(payload.get("settings", {}).get("prefect_work_pool") or "local-pool")
    name = f"mlops-verify-{uuid.uuid4().hex[:8]}"
    with steps.step("connect") as note:
        _api_url(payload)
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            client.hello().raise_for_status()
            note.detail = str(client.api_url)
    try:
        with tempfile.TemporaryDirectory() as folder:
            with steps.step("deploy a flow") as note:
                note.detail = _deploy(Path(folder), name, pool) if shared_folder else _deploy_carried(name, pool)
            with steps.step("run it through the worker") as note:
                note.detail = _run(f"{name}/{name}")
    finally:
        with steps.step("clean up") as note:
            note.detail = _remove(name)


def _api_url(payload: Mapping[str, Any]) -> None:
    found = address(payload, "prefect", "PREFECT_API_URL").rstrip("/")
    os.environ["PREFECT_API_URL"] = found if found.endswith("/api") else f"{found}/api"


def _deploy(folder: Path, name: str, pool: str) -> str:
    from prefect import flow

    (folder / "verify_flow.py").write_text(FLOW.format(name=name), encoding="utf-8")
    loaded: Any = flow.from_source(source=str(folder), entrypoint="verify_flow.py:verify")
    loaded.deploy(name=name, work_pool_name=pool, parameters={"number": 21}, print_next_steps=False)
    return f"work pool {pool}"


def _deploy_carried(name: str, pool: str) -> str:
    """Deploy a flow that its run writes down itself: a Job in a cluster shares no folder with this script."""
    from prefect.client.orchestration import get_client

    text = base64.b64encode(FLOW.format(name=name).encode()).decode()
    write = f"import base64; open('/tmp/verify_flow.py', 'wb').write(base64.b64decode('{text}'))"
    pull_steps = [
        {"prefect.deployments.steps.run_shell_script": {"script": f'python -c "{write}"'}},
        {"prefect.deployments.steps.set_working_directory": {"directory": "/tmp"}},  # noqa: S108 - of the Job's pod
    ]
    with get_client(sync_client=True) as client:
        client.create_deployment(
            client.create_flow_from_name(name),
            name,
            entrypoint="verify_flow.py:verify",
            work_pool_name=pool,
            parameters={"number": 21},
            pull_steps=pull_steps,
            job_variables={"finished_job_ttl": JOB_SECONDS},
        )
    return f"work pool {pool}"


def _run(deployment: str) -> str:
    from prefect.deployments import run_deployment

    # timeout: of the caller, who ends this script.
    run: Any = run_deployment(deployment, timeout=None, poll_interval=0.5, as_subflow=False)
    if run.state is None or not run.state.is_completed():
        state = run.state.name if run.state else "no state"
        raise CheckError(f"the flow run ended as {state}: {run.state.message if run.state else ''}")
    return f"{run.name} COMPLETED"


def _remove(name: str) -> str:
    """Delete the flow with all its deployments and runs; return how many runs there were."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort
    from prefect.exceptions import ObjectNotFound

    only = FlowFilter(name=FlowFilterName(any_=[name]))
    # Said, because the client sends null for what isn't, which not every server takes for its default.
    runs_by, deployments_by = FlowRunSort.NAME_ASC, DeploymentSort.NAME_ASC
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_filter=only, sort=runs_by, limit=MANY)
        for run in runs:
            client.delete_flow_run(run.id)
        for deployment in client.read_deployments(flow_filter=only, sort=deployments_by, limit=MANY):
            client.delete_deployment(deployment.id)
        with contextlib.suppress(ObjectNotFound):
            client.delete_flow(client.read_flow_by_name(name).id)
    return f"{len(runs)} run, its deployment and its flow deleted"


if __name__ == "__main__":
    main(check)
