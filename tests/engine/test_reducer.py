"""The reducer and the parser: what streams say, and that nothing they say breaks them."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.support import ADDRESS, STREAMS

from mlops_install.engine.events import Event, installer_line, interface_problem, module_of, parse_line, variable_of
from mlops_install.engine.progress import LOG_LINES, RunState, reduce
from mlops_install.words.foreign import ForeignText

TYPES = [
    "version",
    "log",
    "diagnostic",
    "planned_change",
    "resource_drift",
    "change_summary",
    "outputs",
    "apply_start",
    "apply_progress",
    "apply_complete",
    "apply_errored",
    "provision_start",
    "provision_progress",
    "provision_complete",
    "provision_errored",
    "refresh_start",
    "refresh_complete",
    "init_output",
    "phase",
    "cancel",
    "result",
    "unheard_of",
]
ACTIONS = ["create", "update", "replace", "delete", "read", "noop"]

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_address = st.sampled_from([ADDRESS, "terraform_data.x", "module.mlflow_service[0].terraform_data.service", ""])
_inner = st.fixed_dictionaries(
    {},
    optional={
        "resource": st.fixed_dictionaries({"addr": _address}) | _json,
        "action": st.sampled_from(ACTIONS) | _json,
        "output": st.sampled_from(["phase: installing x", "phase:", "phase: ", "words", ""]) | _json,
        "severity": st.sampled_from(["error", "warning"]) | _json,
        "snippet": _json,
        "operation": _json,
    },
)
_line = st.fixed_dictionaries(
    {"@message": st.text(max_size=12), "type": st.sampled_from(TYPES)},
    optional=dict.fromkeys(("hook", "change", "diagnostic", "changes", "@timestamp", "phase"), _inner | _json),
).map(json.dumps)
_ours = st.fixed_dictionaries(
    {"source": st.sampled_from(["installer", "live"]), "type": st.sampled_from(TYPES)},
    optional={"data": _inner | _json, "message": _json, "resource": _address | _json, "time": _json},
).map(json.dumps)


def replay(name: str) -> RunState:
    lines = (STREAMS / name).read_text().splitlines()
    return functools.reduce(reduce, (parse_line(line, seq=i) for i, line in enumerate(lines)), RunState())


@given(st.lists(_line | _ours | st.text(max_size=40), max_size=30))
def test_any_stream_is_reduced(lines: list[str]) -> None:
    state = RunState()
    for number, line in enumerate(lines):
        event = parse_line(line, seq=number)
        assert event.seq == number
        state = reduce(state, event)
    assert all(address == row.address for address, row in state.resources.items())
    assert len(state.log) <= LOG_LINES


@given(st.text())
def test_any_line_is_an_event(line: str) -> None:
    event = parse_line(line, seq=1)
    assert event.type
    assert event.source == "terraform" or line.startswith("{")


@given(st.text(min_size=4, alphabet=st.characters(codec="ascii", categories=("L", "N"))), _json)
def test_no_value_survives_redaction(secret: str, value: Any) -> None:
    line = json.dumps({"@message": f"it is {secret}!", "type": "log", "value": [value, {"k": f"<{secret}>"}]})
    event = parse_line(line, seq=1, redactor=ForeignText([secret]))
    assert f"it is {secret}!" != event.message
    assert f"<{secret}>" not in repr(event.data)


def test_plan_stream() -> None:
    state = replay("create_plan.jsonl")
    assert state.stage == "plan"
    assert state.message == "Plan: 1 to add, 0 to change, 0 to destroy."
    assert [(row.module, row.action, row.status) for row in state.resources.values()] == [("dask", "create", "waiting")]


def test_replace_stream_is_one_row() -> None:
    state = replay("replace_apply.jsonl")
    (row,) = state.resources.values()
    assert (row.action, row.status, row.phase, row.detail) == ("replace", "done", "starting", "")
    assert row.started < row.finished


def test_replacement_works_between_its_halves() -> None:
    lines = (STREAMS / "replace_apply.jsonl").read_text().splitlines()
    state = RunState()
    for number, line in enumerate(lines):
        event = parse_line(line, seq=number)
        state = reduce(state, event)
        if event.type == "apply_complete":
            break
    assert state.resources[ADDRESS].status == "working"


def _event(kind: str, **data: Any) -> Event:
    message = data.pop("message", "")
    return parse_line(json.dumps({"@message": message, "type": kind, **data}), seq=1)


def _hook(kind: str, **hook: Any) -> Event:
    return _event(kind, hook={"resource": {"addr": ADDRESS}, **hook})


def test_phase_and_detail_of_a_working_service() -> None:
    state = reduce(RunState(), _hook("apply_start", action="create"))
    state = reduce(state, _hook("provision_progress", output="phase: waiting for http://127.0.0.1:5000"))
    assert (state.resources[ADDRESS].phase, state.resources[ADDRESS].detail) == ("waiting", "for http://127.0.0.1:5000")
    state = reduce(state, _hook("provision_progress", output="a line of its log"))
    assert (state.resources[ADDRESS].phase, state.resources[ADDRESS].detail) == ("waiting", "a line of its log")
    state = reduce(state, _hook("apply_errored", action="create"))
    assert state.resources[ADDRESS].status == "failed"


def test_live_line_of_a_module_leaves_what_its_row_says() -> None:
    state = reduce(RunState(), _hook("apply_start", action="create"))
    live = json.dumps(
        {"source": "live", "type": "log", "module": "dask", "message": "Scheduler at tcp://127.0.0.1:8786"}
    )
    assert reduce(state, parse_line(live, seq=2)) == state


def test_reads_and_noops_are_no_rows() -> None:
    read = {"resource": {"addr": "data.http.x"}, "action": "read"}
    state = reduce(RunState(), _event("planned_change", change=read))
    state = reduce(state, _event("apply_start", hook=read))
    noop = {"resource": {"addr": ADDRESS}, "action": "noop"}
    assert reduce(state, _event("planned_change", change=noop)).resources == {}


def test_refreshed_resource_is_unchanged_until_planned() -> None:
    state = reduce(RunState(), _hook("refresh_start"))
    assert state.resources[ADDRESS].status == "unchanged"
    change = {"resource": {"addr": ADDRESS}, "action": "update"}
    state = reduce(state, _event("planned_change", change=change))
    assert (state.resources[ADDRESS].status, state.resources[ADDRESS].action) == ("waiting", "update")


def test_same_diagnostic_is_kept_once() -> None:
    diagnostic = {"severity": "warning", "summary": "Deprecated", "address": ADDRESS}
    state = reduce(
        reduce(RunState(), _event("diagnostic", diagnostic=diagnostic)), _event("diagnostic", diagnostic=diagnostic)
    )
    assert [(d.severity, d.module) for d in state.diagnostics] == [("warning", "dask")]


@pytest.mark.parametrize(
    ("phase", "stage"), [("init", "init"), ("planned", "planned"), ("done", "done"), ("lost", "failed")]
)
def test_our_phases_are_stages(phase: str, stage: str) -> None:
    event = parse_line(installer_line("phase", "Words.", {"phase": phase}), seq=1)
    state = reduce(RunState(), event)
    assert (state.stage, state.message) == (stage, "Words.")


def test_cancel_is_shown() -> None:
    state = reduce(RunState(), parse_line(installer_line("cancel", "Cancelling"), seq=1))
    assert state.cancel_requested


def test_log_is_bounded() -> None:
    state = RunState()
    for number in range(LOG_LINES + 5):
        state = reduce(state, parse_line(f"line {number}", seq=number))
    assert (len(state.log), state.log[0], state.log[-1]) == (LOG_LINES, "line 5", f"line {LOG_LINES + 4}")


@pytest.mark.parametrize(
    ("address", "module"),
    [
        ("module.dask_service[0].terraform_data.service", "dask"),
        ("module.mlflow_release.helm_release.this", "mlflow"),
        ('module.object_store_release["a.b"].helm_release.this', "object_store"),
        ('module.dask_release_cluster["dask-cluster"].helm_release.this', "dask"),
        ("module.postgresql.terraform_data.x", "postgresql"),
        ("terraform_data.x", ""),
        ("", ""),
    ],
)
def test_module_of_an_address(address: str, module: str) -> None:
    assert module_of(address) == module


@pytest.mark.parametrize(
    ("diagnostic", "variable"),
    [
        ({"snippet": {"context": 'variable "dask_workers"', "code": "type = number"}}, "dask_workers"),
        ({"snippet": {"context": None, "code": 'variable "dask_workers" {'}}, "dask_workers"),
        ({"summary": "Invalid value for input variable", "detail": "Unsuitable value for var.x set"}, "x"),
        (
            {
                "summary": "Invalid value for variable",
                "range": {"filename": "runs/0001/terraform.tfvars.json"},
                "snippet": {"context": None, "code": '  "dask_workers": 99,'},
            },
            "dask_workers",
        ),
        ({"summary": "Provisioner failed", "detail": "echo var.x"}, ""),
        ({"snippet": None}, ""),
    ],
)
def test_variable_of_a_diagnostic(diagnostic: dict[str, Any], variable: str) -> None:
    assert variable_of(diagnostic) == variable


@pytest.mark.parametrize(
    ("ui", "refused"), [("1.2", False), ("1.99", False), ("2.0", True), ("10.0", True), ("", True)]
)
def test_interface_version(ui: str, refused: bool) -> None:
    assert bool(interface_problem(_event("version", ui=ui))) is refused
