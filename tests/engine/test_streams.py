"""Streams that a real Terraform is hard to move to, replayed by a fake one through the whole engine."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.support import ADDRESS, STREAMS, Stage, end, fake, make_stage

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.runs.history import read_record
from mlops_install.engine.events import Event, parse_line
from mlops_install.engine.follow import MAX_LINE, Tail, follow

NEXT = '{"@level":"info","@message":"Something new","@module":"terraform.ui","@timestamp":"2027-01-01T00:00:00Z",'


@pytest.fixture
def streams(tmp_path: Path) -> Path:
    """A folder that makes the fake Terraform answer as 1.11.4 did."""
    folder = tmp_path / "streams"
    folder.mkdir()
    shutil.copy(STREAMS / "create_plan.jsonl", folder / "plan.jsonl")
    shutil.copy(STREAMS / "create_apply.jsonl", folder / "apply.jsonl")
    shutil.copy(STREAMS / "create_show.json", folder / "show.json")
    return folder


@pytest.fixture
def replayed(tmp_path: Path, cache: Path, streams: Path) -> Stage:
    return make_stage(tmp_path / "demo", cache, fake(streams))


def test_recorded_plan_and_apply(replayed: Stage) -> None:
    run = replayed.applied()
    record, result = end(run)
    assert (record.state, result.exit_code) == ("done", 0)
    assert [change.address for change in record.changes] == [ADDRESS]


def test_unknown_types_and_foreign_lines_are_rows(replayed: Stage, streams: Path) -> None:
    with (streams / "apply.jsonl").open("a") as stream:
        stream.write(NEXT + '"type":"policy_result","policy":{"ok":true}}\n')
        stream.write('panic: not JSON\n[1, 2]\n{"broken": \n{"no": "message"}\n\n')
        stream.write('{"@message":"no newline at the end"}')
    run = replayed.planned()
    events = replayed.perform(run, "apply")
    assert end(run)[1].exit_code == 0
    by_message = {event.message: event for event in events}
    assert by_message["Something new"].type == "policy_result"
    assert by_message["Something new"].data["policy"] == {"ok": True}
    for text in ("panic: not JSON", "[1, 2]", '{"broken": ', '{"no": "message"}'):
        assert by_message[text].type == "log"
        assert by_message[text].time


def test_line_of_sixteen_mebibytes_is_read(replayed: Stage, streams: Path) -> None:
    head, tail = NEXT + '"type":"log","text":"', '"}'
    long = head + "x" * (MAX_LINE - len(head) - len(tail)) + tail
    (streams / "apply.jsonl").write_text(long + "\n" + long.replace("xx", "xxx", 1) + "\n")
    run = replayed.planned()
    events = replayed.perform(run, "apply")
    found = [event for event in events if event.message == "Something new"]
    assert [len(event.data["text"]) for event in found] == [MAX_LINE - len(head) - len(tail)]
    assert [e.message for e in events if "left out" in e.message] == [f"A line of {MAX_LINE + 1} bytes was left out."]


def test_other_major_interface_is_refused(replayed: Stage, streams: Path) -> None:
    shutil.copy(STREAMS / "other_interface.jsonl", streams / "plan.jsonl")
    run = replayed.new_run()
    replayed.perform(run, "plan")
    record, result = end(run)
    assert record.state == "failed"
    assert result.diagnostics[0]["code"] == "interface"
    assert "2.0" in str(result.diagnostics[0]["detail"])


def test_tofu_is_understood(replayed: Stage, streams: Path) -> None:
    shutil.copy(STREAMS / "tofu_plan.jsonl", streams / "plan.jsonl")
    run = replayed.new_run()
    events = replayed.perform(run, "plan")
    assert read_record(run).state == "planned"
    version = next(event for event in events if event.type == "version")
    assert (version.message, version.data["tofu"]) == ("OpenTofu 1.11.0", "1.11.0")


def test_failure_without_a_word_is_explained(replayed: Stage, streams: Path) -> None:
    (streams / "apply.jsonl").write_text("")
    (streams / "apply.exit").write_text("7")
    run = replayed.planned()
    replayed.perform(run, "apply")
    _, result = end(run)
    assert (result.exit_code, result.terraform_exit) == (1, 7)
    assert "exited with 7" in str(result.diagnostics[0]["detail"])


def test_unreadable_plan_fails(replayed: Stage, streams: Path) -> None:
    (streams / "show.json").write_text("Warning: not JSON")
    run = replayed.new_run()
    replayed.perform(run, "plan")
    assert end(run)[1].diagnostics[0]["summary"] == "The plan can't be shown"


def test_plan_events_end_where_the_apply_begins(replayed: Stage) -> None:
    run = replayed.applied()
    phases = [event.data["phase"] for event in follow(run, phase="plan") if event.type == "phase"]
    assert phases == ["init", "plan", "planned"]


def test_live_lines_stand_between_terraforms(replayed: Stage) -> None:
    run = replayed.new_run(state="done")
    shutil.copy(STREAMS / "create_apply.jsonl", run.events)
    stamps = [json.loads(line)["@timestamp"] for line in run.events.read_text().splitlines()]
    line = {"time": stamps[5], "source": "live", "type": "log", "module": "dask", "resource": ADDRESS, "message": "Up"}
    run.live.write_text(json.dumps(line) + "\n")
    events = list(follow(run))
    position = [event.source for event in events].index("live")
    assert events[position - 1].time <= events[position].time <= events[position + 1].time
    assert 0 < position < len(events) - 1


def test_times_are_utc_with_milliseconds() -> None:
    line = '{"@message":"m","@timestamp":"2026-11-24T01:52:01.153548+02:00","type":"log"}'
    assert parse_line(line, seq=7) == Event(7, "2026-11-23T23:52:01.153Z", "terraform", "log", message="m")


def test_run_without_files_is_followed_to_its_loss(replayed: Stage) -> None:
    run: RunFolder = replayed.new_run(state="lost")
    assert [event.data for event in follow(run)] == [{"phase": "lost"}]


@given(st.lists(st.text(alphabet='ab{}é"', min_size=1, max_size=12), max_size=8), st.integers(1, 20))
def test_lines_are_whole_however_they_arrive(lines: list[str], size: int) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        tail = Tail(path, None)
        messages = [event.message for event in tail.read()]
        for start in range(0, len(content), size):
            with path.open("ab") as stream:
                stream.write(content[start : start + size])
            messages += [event.message for event in tail.read()]
        messages += [event.message for event in tail.rest()]
    assert messages == lines
