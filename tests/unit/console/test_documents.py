"""Every document of `-o json` is as its schema says."""

from __future__ import annotations

from typing import get_args

import pytest
from jsonschema import Draft202012Validator, ValidationError

from mlops_install.answers.model import Answers, Preset
from mlops_install.console import documents, model_view
from mlops_install.console.documents import Document, SchemaName
from mlops_install.deployment.runs.record import Change
from mlops_install.environment.served import ServedModel
from mlops_install.errors import InstallerError, PreflightError, Problem, UsageError
from mlops_install.inspect.logins import logins
from mlops_install.targets.records import (
    CheckReport,
    Diagnosis,
    Finding,
    PlanSummary,
    PresetSummary,
    RunSummary,
    ServiceState,
    StepReport,
)

PRESET = PresetSummary("laptop", "All six", "On this machine.", "local", ("mlflow",), ("secret",), "laptop.yaml")
ANSWERS = Answers("laptop", "local", ("mlflow",), {"mlflow_port": 5001}, {"secret": "env:SECRET"})
RUNS = [
    RunSummary("0001", "apply", "done", "2026-01-02T03:04:05Z", 10.5, 3, 0),
    RunSummary("0002", "destroy", "applying", "2026-01-02T03:04:05Z", None, 3, None),
]
PLAN = PlanSummary(
    "0001",
    "apply",
    (Change("module.mlflow_service[0].terraform_data.service", "mlflow", "replace", "replace_by_triggers"),),
    (("mlflow_port", 5000, 5001), ("modules", [], ["mlflow"]), ("mlflow_artifact_root", None, "")),
)
REPORT = CheckReport("mlflow", "failed", 1.23456, (StepReport("log a run", False, "refused"),), "refused")
PROBLEM = Problem("mlflow_port", "must be a number", "--set mlflow_port=5001", "my.yaml")

EXAMPLES: list[tuple[SchemaName, Document]] = [
    (
        "status",
        documents.status_document(
            "laptop", "local", [ServiceState("mlflow", "mlflow", "stranger", "http://127.0.0.1:5000", "pid 1 is there")]
        ),
    ),
    (
        "models",
        model_view.models_document(
            "laptop",
            "local",
            [
                ServedModel(
                    "wine", "wine", "3", "champion", "2026-01-02T03:04:05+00:00", "models:/wine/3", "healthy", ""
                ),
                ServedModel("own", "", "", "", "", "", "down", "MLServer failed to load it: no reason"),
            ],
        ),
    ),
    ("verify", documents.verify_document("laptop", [REPORT, CheckReport("dask", "not installed", 0.0, (), "")])),
    (
        "outputs",
        documents.outputs_document("laptop", {"jupyterhub": "http://x"}, {"A": "b"}, logins(["jupyterhub"], {})),
    ),
    ("presets", documents.presets_document([PRESET])),
    ("preset", documents.preset_document(PRESET, Preset("laptop", "All six", "", "laptop.yaml", ANSWERS))),
    ("runs", documents.runs_document("laptop", RUNS)),
    (
        "doctor",
        documents.doctor_document([Finding("python", "ok", "3.11"), Finding("disk", "problem", "full", "free it")]),
    ),
    ("plan", documents.plan_document("laptop", PLAN)),
    ("error", documents.error_document(UsageError("wrong", hint="mend it", problems=[PROBLEM]))),
    ("error", documents.error_document(PreflightError("no room"))),
    ("error", documents.error_document(InstallerError("failed"))),
    ("secret", documents.secret_document("laptop", "jupyterhub_shared_password", "x")),
]


@pytest.mark.parametrize(("name", "document"), EXAMPLES)
def test_document_is_as_its_schema_says(name: SchemaName, document: Document) -> None:
    Draft202012Validator(documents.schema(name)).validate(document)


@pytest.mark.parametrize(("name", "document"), EXAMPLES)
def test_schema_names_every_member(name: SchemaName, document: Document) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(documents.schema(name)).validate(document | {"unheard": 1})
    with pytest.raises(ValidationError):
        Draft202012Validator(documents.schema(name)).validate(document | {"v": 2})


@pytest.mark.parametrize("name", get_args(SchemaName))
def test_schemas_are_valid_and_documented(name: SchemaName) -> None:
    schema = documents.schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["$id"] == f"urn:mlops-install:{name}:1"


def test_result_without_a_run_holds_the_problems() -> None:
    data = documents.result_data(
        exit_code=2, run=None, problems=[PROBLEM, Diagnosis("mlflow", "it died", "again", "a\nb")]
    )
    line = documents.result_line(data, seq=0, time="2026-01-02T03:04:05.000Z", message="")
    Draft202012Validator(documents.schema("run")).validate(line)
    assert [problem["detail"] for problem in line["data"]["problems"]] == [[], ["a", "b"]]


def test_result_tells_what_real_clients_met() -> None:
    data = documents.result_data(exit_code=1, run=RUNS[0], verified=[REPORT])
    assert data["modules"] == [{"module": "mlflow", "status": "unchanged", "seconds": None, "verified": "failed"}]


def test_verdicts_follow_the_parts() -> None:
    healthy = ServiceState("mlflow", "mlflow", "healthy", "http://x", "")
    assert documents.status_document("a", "local", [healthy])["healthy"] is True
    assert documents.verify_document("a", [REPORT])["passed"] is False
    assert documents.doctor_document([Finding("a", "warning", "")])["ok"] is True
