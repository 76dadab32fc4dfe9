"""Tell, as JSON on the last line of stdout, which versions of packages there are in each place where code runs.

Run by the team's Python with further packages as arguments; leaves the served model `probe` behind.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

PACKAGES = ["cloudpickle", "numpy", "pandas", "scikit-learn", "mlflow", *sys.argv[1:]]
FLOW = """\
import json, sys
from importlib.metadata import version
from pathlib import Path
from prefect import flow

@flow
def tell(packages: list[str], target: str) -> None:
    import mlflow, pandas, sklearn, dask
    for name in packages[5:]:
        __import__(name)
    found = {name: version(name) for name in packages} | {"python": ".".join(map(str, sys.version_info[:2]))}
    mlflow.MlflowClient().log_dict(target, found, "versions.json")
"""


def versions(packages: list[str]) -> dict[str, str]:
    """Return the versions of the packages and of Python, having imported those that are not always there."""
    import sys as here
    from importlib import import_module
    from importlib.metadata import version

    for name in packages[5:]:
        import_module(name)
    return {name: version(name) for name in packages} | {"python": ".".join(map(str, here.version_info[:2]))}


def on_dask() -> dict[str, dict[str, str]]:
    from distributed import Client

    client: Any = Client(set_as_default=False)
    with client:
        workers = list(client.run(versions, PACKAGES).values())
        assert all(worker == workers[0] for worker in workers)
        return {"Dask worker": workers[0], "Dask scheduler": client.run_on_scheduler(versions, PACKAGES)}


def in_a_flow() -> dict[str, str]:
    import mlflow
    from mlops_environment.flows import MlflowStorage
    from prefect import flow
    from prefect.deployments import run_deployment

    folder = Path("probe_flow")
    folder.mkdir(exist_ok=True)
    (folder / "tell.py").write_text(FLOW)
    mlflow.set_experiment("probe")
    with mlflow.start_run() as run:
        pass
    target = run.info.run_id
    flow.from_source(MlflowStorage(str(folder)), "tell.py:tell").deploy("probe")
    given = {"packages": PACKAGES, "target": target}
    done: Any = run_deployment("tell/probe", parameters=given, timeout=900, poll_interval=1)
    assert done.state.is_completed(), done.state
    return dict(mlflow.artifacts.load_dict(f"runs:/{target}/versions.json"))


def served() -> dict[str, str]:
    import mlflow
    import pandas
    from mlflow.deployments import get_deploy_client
    from mlflow.models import infer_signature

    class Teller(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
        def predict(self, context: Any, model_input: Any, params: Any = None) -> list[str]:
            return [json.dumps(versions(list(model_input["package"])))]

    asked = pandas.DataFrame({"package": PACKAGES})
    mlflow.set_experiment("probe")
    with mlflow.start_run():
        signature = infer_signature(asked, ["{}"])
        logged = mlflow.pyfunc.log_model(
            name="model", python_model=Teller(), signature=signature, registered_model_name="probe"
        )
    client = get_deploy_client("seldon")
    deployed = {deployment["name"] for deployment in client.list_deployments()}
    deploy = client.update_deployment if "probe" in deployed else client.create_deployment
    deploy("probe", f"models:/probe/{logged.registered_model_version}")
    reply: Any = client.predict("probe", asked)
    [told] = reply["predictions"]
    return dict(json.loads(told))


if __name__ == "__main__":
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    found = {"cell": versions(PACKAGES), **on_dask(), "flow run": in_a_flow(), "served model": served()}
    sys.stdout.write(json.dumps(found) + "\n")
