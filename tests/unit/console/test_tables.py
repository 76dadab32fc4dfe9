"""Tables and errors as a person reads them, at 80 columns."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import RenderableType

from mlops_install.answers.model import Answers, Preset
from mlops_install.console.errors import diagnosis_view, print_error
from mlops_install.console.output import Format, emit, is_live, make_console
from mlops_install.console.plan_view import plan_view
from mlops_install.console.tables import (
    doctor_table,
    outputs_view,
    preset_view,
    presets_table,
    runs_table,
    status_table,
    verify_table,
)
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.record import Change
from mlops_install.errors import Problem, UsageError
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

TITLES = {"jupyterhub": "JupyterHub", "dask": "Dask", "mlflow": "MLflow"}


def lines(shown: RenderableType, width: int = 80) -> list[str]:
    """Return what is printed, line by line, without trailing blanks."""
    stream = io.StringIO()
    make_console(stream, {"COLUMNS": str(width)}).print(shown)
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= width
    return [line.rstrip() for line in text.splitlines()]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_status_explains_what_is_not_healthy() -> None:
    services = [
        ServiceState("jupyterhub", "jupyterhub", "healthy", "http://127.0.0.1:8000", "answers"),
        ServiceState("mlflow", "mlflow", "stranger", "http://127.0.0.1:5000", "pid 4711 (python) listens on port 5000"),
    ]
    assert lines(status_table(services, TITLES)) == [
        "JupyterHub  ✓ healthy                 http://127.0.0.1:8000  answers",
        "MLflow      ! answered by a stranger  http://127.0.0.1:5000",
        "            pid 4711 (python) listens on port 5000",
    ]
    assert lines(status_table([], TITLES)) == ["Nothing is installed."]


def test_verify_shows_the_step_that_failed() -> None:
    reports = [
        CheckReport("mlflow", "passed", 2.31, (StepReport("log a run", True, ""), StepReport("read it", True, "")), ""),
        CheckReport("dask", "failed", 1.0, (StepReport("map", False, "no worker"),), "no worker"),
        CheckReport("jupyterhub", "not installed", 0.0, (), ""),
    ]
    assert lines(verify_table(reports, TITLES)) == [
        "MLflow      ✓ passed           2.3s  log a run, read it",
        "Dask        ! failed           1.0s",
        "    ! map: no worker",
        "JupyterHub  · not installed",
    ]


def test_runs() -> None:
    runs = [RunSummary("0002", "apply", "done", "2026-01-02T03:04:05Z", 45.2, 7, 0)]
    shown = re.split(r"\s{2,}", lines(runs_table(runs))[1])
    assert shown == ["0002", "apply", "✓ done", "2026-01-02 03:04:05", "45s", "7", "0"]
    assert lines(runs_table([])) == ["No runs yet."]


def test_presets_and_one_of_them() -> None:
    summary = PresetSummary("team", "Team", "With GitHub.", "local", ("jupyterhub",), ("client_id",), "team.yaml")
    listed = ["team  Team  (local)", "  holds  JupyterHub", "  needs  client_id"]
    assert lines(presets_table([summary], {summary.target: TITLES})) == listed
    answers = Answers("team", "local", ("jupyterhub",), {"jupyterhub_port": 8001}, {"client_secret": "env:SECRET"})
    shown = lines(preset_view(summary, Preset("team", "Team", "With GitHub.", "team.yaml", answers), TITLES))
    assert "  jupyterhub_port  8001" in shown
    assert "  client_secret    env:SECRET" in shown


def test_doctor_says_what_to_do() -> None:
    findings = [Finding("Python", "ok", "3.11.9"), Finding("Terraform", "problem", "None was found.", "Install one.")]
    assert [line.split() for line in lines(doctor_table(findings))] == [
        ["✓", "ok", "Python", "3.11.9"],
        ["!", "problem", "Terraform", "None", "was", "found."],
        ["→", "Install", "one."],
    ]


def service(module: str) -> str:
    """Return a tool's address."""
    return f"module.{module}_service[0].terraform_data.service"


def test_plan_in_the_operators_words() -> None:
    changes = (
        Change(service("mlflow"), "mlflow", "create"),
        Change(service("dask"), "dask", "replace", "replace_by_triggers"),
        Change(service("jupyterhub"), "jupyterhub", "delete", "delete_because_count_index"),
        Change("data.x.y", "", "read"),
    )
    plan = PlanSummary("0001", "apply", changes, (("dask_workers", 2, 3),))
    assert lines(plan_view(plan, TITLES)) == [
        "Answers",
        "  dask_workers  2 → 3",
        "",
        "Plan",
        "  - remove   JupyterHub  will be stopped, data kept: no longer chosen",
        "  ~ restart  Dask        will be restarted, data kept: settings changed",
        "  + create   MLflow",
        "",
        "1 to create, 1 to restart, 1 to remove",
    ]
    assert any("data deleted" in line for line in lines(plan_view(plan, TITLES, purge_data=True)))


def test_plan_lists_a_module_of_several_resources_under_its_title() -> None:
    changes = (
        Change("module.mlflow_release.helm_release.this", "mlflow", "update"),
        Change("module.mlflow_release.kubernetes_secret_v1.this", "mlflow", "replace", "replace_because_tainted"),
    )
    assert lines(plan_view(PlanSummary("0001", "apply", changes, ()), TITLES)) == [
        "Plan",
        "  MLflow",
        "    ~ change   helm_release.this",
        "    ~ replace  kubernetes_secret_v1.this  will be made anew: its last",
        "                                          installation failed",
        "",
        "1 to change, 1 to replace",
    ]


def test_an_empty_plan_says_so() -> None:
    assert lines(plan_view(PlanSummary("0001", "apply", (), ()), TITLES)) == [
        "Nothing to change: everything is as the answers say."
    ]


def test_outputs_name_the_command_and_no_secret() -> None:
    ways_in = logins(["jupyterhub", "mlflow"], {"oauth_github_enable": False}, Deployment(Path("/x/lab")))
    shown = outputs_view({"jupyterhub": "http://127.0.0.1:8000"}, {"A": "b"}, ways_in, TITLES)
    assert lines(shown, 100) == [
        "JupyterHub  http://127.0.0.1:8000",
        "            any user name, with the shared password",
        "            shown by: mlops-install secret show jupyterhub_shared_password --name lab",
        "",
        "Variables in every notebook",
        "A  b",
    ]
    assert logins(["jupyterhub"], {"oauth_github_enable": True})["jupyterhub"].command == ""


def test_a_module_without_an_address_says_so() -> None:
    assert lines(outputs_view({"dask": "tcp://127.0.0.1:8786", "mlflow": ""}, {}, {}, TITLES)) == [
        "Dask    tcp://127.0.0.1:8786",
        "MLflow  no address of its own",
    ]


def test_a_text_is_written_unfolded_whatever_its_length() -> None:
    stream = io.StringIO()
    secret = "x" * 64
    emit({}, "table", lambda: secret, stream=stream, console=lambda: make_console(stream, {"COLUMNS": "20"}))
    assert stream.getvalue() == secret + "\n"


def test_error_tells_everything_wrong_and_then_what_to_do() -> None:
    stream = io.StringIO()
    problems = [
        Problem("mlflow_port", "must be a number", "Write 5001.", "my.yaml"),
        Problem("dask_worker", "[bold]is unknown[/bold]", "", "my.yaml"),
        Problem("host", "has no room", ""),
    ]
    error = UsageError("The answers can't be used.", hint="Mend them.", problems=problems)
    print_error(make_console(stream, {"COLUMNS": "80"}), error)
    assert [line.rstrip() for line in stream.getvalue().splitlines()] == [
        "! The answers can't be used.",
        "",
        "  my.yaml",
        "  - mlflow_port: must be a number",
        "    → Write 5001.",
        "  - dask_worker: [bold]is unknown[/bold]",
        "  - host: has no room",
        "",
        "→ Mend them.",
    ]


def test_diagnosis_shows_the_last_lines_and_the_way_out() -> None:
    detail = "\n".join(f"line {n}" for n in range(40))
    shown = lines(diagnosis_view([Diagnosis("mlflow", "It ended.", "Apply again.", detail, "mlflow_port")], TITLES))
    assert shown[0] == "! MLflow: It ended."
    assert shown[1] == "  │ line 28"
    assert shown[-2:] == ["  → Apply again.", "    setting: mlflow_port"]


@pytest.mark.parametrize(
    ("output", "text"),
    [("json", '{\n  "v": 1,\n  "name": "\\u00e9"\n}\n'), ("yaml", 'v: 1\nname: "\\xE9"\n'), ("table", "shown\n")],
)
def test_emit_writes_the_format_asked_for(output: Format, text: str) -> None:
    stream = io.StringIO()
    document = {"v": 1, "name": "é"}
    emit(document, output, lambda: "shown", stream=stream, console=lambda: make_console(stream, {}))
    assert stream.getvalue() == text


def test_colour_and_live_views_follow_the_environment() -> None:
    assert make_console(Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}).no_color
    assert make_console(Terminal(), {"TERM": "xterm"}, no_color=True).no_color
    assert not make_console(Terminal(), {"TERM": "xterm"}).no_color
    assert is_live(Terminal(), {"TERM": "xterm"})
    assert not is_live(Terminal(), {"TERM": "dumb"})
    assert not is_live(Terminal(), {"TERM": "xterm", "CI": "true"})
    assert not is_live(io.StringIO(), {"TERM": "xterm"})


def test_json_needs_no_rich() -> None:
    code = (
        "import sys, mlops_install.console.output, mlops_install.console.documents, mlops_install.console.ndjson;"
        "sys.exit(sorted({'rich', 'questionary', 'textual', 'yaml', 'jsonschema'} & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
