"""The three renderings of a run."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from mlops_install.console.documents import result_data, schema
from mlops_install.console.lines import LineProgress
from mlops_install.console.live import LiveProgress, log_line
from mlops_install.console.live_view import render
from mlops_install.console.ndjson import NdjsonProgress
from mlops_install.console.output import make_console
from mlops_install.console.progress import open_progress
from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState
from mlops_install.targets.records import RunSummary

Run = Callable[..., list[tuple[Event, RunState]]]
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def picture(progress: LiveProgress, width: int = 80, height: int = 24) -> list[str]:
    """Return what the live view shows now on a screen of that size."""
    console = Console(file=io.StringIO(), width=width, height=height, _environ={}, force_terminal=True, no_color=True)
    with console.capture() as capture:
        console.print(render(progress.frame(), console.size), end="")
    return [line.rstrip() for line in make_plain(capture.get()).splitlines()]


def make_plain(text: str) -> str:
    """Return the text without its styles."""
    from rich.text import Text

    return Text.from_ansi(text).plain


def live(titles: dict[str, str], seconds: float, expected: dict[str, float] | None = None) -> LiveProgress:
    """Return a live view at a fixed moment of the run."""
    console = Console(file=io.StringIO(), width=80, height=24, _environ={}, force_terminal=True)
    return LiveProgress(console, titles, expected or {}, clock=lambda: START + timedelta(seconds=seconds))


def feed(progress: LiveProgress, steps: list[tuple[Event, RunState]], until: float) -> None:
    """Give the view every event up to that second."""
    for event, state in steps:
        if datetime.fromisoformat(event.time) <= START + timedelta(seconds=until):
            progress.update(event, state)


def test_live_view_in_the_middle_of_an_apply(run: Run, titles: dict[str, str]) -> None:
    progress = live(titles, 8.0, {"": 30.0, "mlflow": 10.0})
    feed(progress, run(), 8.0)
    shown = picture(progress)
    assert shown[0].startswith("Installing")
    assert shown[0].endswith("6s of about 10s")
    assert shown[1].endswith("1 of 3 ready")
    assert shown[3].split() == ["✓", "Team", "environment", "ready", "3s"]
    assert shown[4].split()[1:] == ["MLflow", "waiting", "5s", "of", "~10s", "http://127.0.0.1:5000/health"]
    assert shown[5].split()[1:] == ["Seldon", "MLServer", "installing", "5s", "84", "packages"]
    assert shown[7] == "mlflow      │ INFO  serving on port 5000"


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12)])
def test_live_view_fits_the_screen_at_every_moment(run: Run, titles: dict[str, str], width: int, height: int) -> None:
    steps = run(last="failed")
    progress = live(titles, 12.5)
    for event, state in steps:
        progress.update(event, state)
        shown = picture(progress, width, height)
        assert len(shown) <= height
        assert max(map(len, shown)) < width


def test_the_bar_never_goes_back(run: Run, titles: dict[str, str]) -> None:
    progress = live(titles, 8.0)
    shares = []
    for event, state in run():
        progress.update(event, state)
        shares.append(progress.frame().share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_live_view_leaves_a_final_table(run: Run, titles: dict[str, str]) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, height=24, _environ={"TERM": "xterm"}, force_terminal=True)
    with LiveProgress(console, titles, {}) as progress:
        for event, state in run():
            progress.update(event, state)
    shown = [line.rstrip() for line in picture(progress)]
    assert shown[0] == "✓ Installed in 10s"
    assert [line.split()[-2:] for line in shown[1:]] == [["ready", "3s"], ["ready", "7s"], ["ready", "9s"]]
    assert "Installed in 10s" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[?25h")


def test_a_failed_run_ends_with_the_reason_in_its_row(run: Run, titles: dict[str, str]) -> None:
    with live(titles, 12.5) as progress:
        for event, state in run(last="failed"):
            progress.update(event, state)
    shown = picture(progress)
    assert shown[0] == "! Failed after 10s, 2 of 3 ready"
    assert shown[3].startswith("!  Seldon MLServer   failed")
    assert shown[3].endswith("it ended with 1")


def test_leaving_a_run_under_way_says_that_it_goes_on(run: Run, titles: dict[str, str]) -> None:
    with live(titles, 8.0) as progress:
        feed(progress, run(), 8.0)
    assert picture(progress)[0] == "● Still going on after 6s, 1 of 3 ready"


def test_pausing_leaves_one_line_and_goes_on(run: Run, titles: dict[str, str]) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, height=24, _environ={"TERM": "xterm"}, force_terminal=True)
    clock = START + timedelta(seconds=8)
    with LiveProgress(console, titles, {}, clock=lambda: clock) as progress:
        feed(progress, run(), 8.0)
        with progress.paused():
            assert make_plain(stream.getvalue()).rstrip().endswith("Installing: 1 of 3 ready after 6s")
            before = len(stream.getvalue())
        assert len(stream.getvalue()) > before


def test_live_view_without_symbols(run: Run, titles: dict[str, str]) -> None:
    written = io.BytesIO()
    raw = io.TextIOWrapper(written, encoding="ascii")
    console = make_console(raw, {"TERM": "xterm", "COLUMNS": "80"})
    with LiveProgress(console, titles, {}) as progress:
        for event, state in run():
            progress.update(event, state)
    raw.flush()
    assert b"+ Installed in 10s" in written.getvalue()


def test_log_lines_leave_out_what_the_rows_say() -> None:
    def line(kind: str, message: str) -> str:
        return log_line(Event(0, "", "terraform", kind, message=message))

    assert line("provision_progress", "module.a.terraform_data.b (local-exec): phase: installing") == ""
    assert line("provision_progress", "module.a.terraform_data.b (local-exec): no room left") == "no room left"
    assert line("apply_start", "Creating…") == ""
    assert line("log", "a plain line") == "a plain line"


def test_lines_say_each_phase_once(run: Run, titles: dict[str, str]) -> None:
    stream = io.StringIO()
    with LineProgress(stream, titles) as progress:
        for event, state in run():
            progress.update(event, state)
    assert stream.getvalue().splitlines() == [
        "    0.0s  preparing terraform",
        "    1.0s  working out what to change",
        "    0.0s  installing 3",
        "    0.6s  environment installing: 84 packages",
        "    0.6s  mlflow      installing: 84 packages",
        "    0.6s  seldon      installing: 84 packages",
        "    3.0s  environment healthy",
        "    3.5s  environment ready after 3.0s",
        "    5.0s  mlflow      waiting for http://127.0.0.1:5000/health",
        "    7.0s  mlflow      healthy: http://127.0.0.1:5000",
        "    7.5s  mlflow      ready after 7.0s",
        "    9.0s  seldon      starting",
        "   10.0s  seldon      ready after 9.5s",
        "   10.5s  done: 3 of 3 ready",
    ]


def test_lines_tell_failures(run: Run, titles: dict[str, str]) -> None:
    stream = io.StringIO()
    with LineProgress(stream, titles) as progress:
        for event, state in run(last="failed"):
            progress.update(event, state)
    assert stream.getvalue().splitlines()[-3:] == [
        "   10.0s  seldon      failed after 9.5s: it ended with 1",
        "   10.2s  seldon      error: local-exec provisioner error",
        "   10.5s  failed: 2 of 3 ready, failed: Seldon MLServer",
    ]
    assert "\x1b" not in stream.getvalue()
    assert "\r" not in stream.getvalue()


def test_a_heartbeat_breaks_a_long_silence_only(run: Run, titles: dict[str, str]) -> None:
    stream, now = io.StringIO(), [100.0]
    progress = LineProgress(stream, titles, clock=lambda: START + timedelta(seconds=22.5), monotonic=lambda: now[0])
    for event, state in run():
        if event.type == "provision_progress" and event.module == "seldon" and "starting" in str(event.data):
            break
        progress.update(event, state)
    said = len(stream.getvalue())
    now[0] += 14.0
    progress.heartbeat()
    assert len(stream.getvalue()) == said
    now[0] += 1.0
    with progress.paused():
        progress.heartbeat()
        assert len(stream.getvalue()) == said
    progress.heartbeat()
    progress.heartbeat()
    assert stream.getvalue()[said:] == "   20.5s  still working: seldon installing for 20s (84 packages)\n"


def test_ndjson_lines_are_as_their_schema_says(run: Run) -> None:
    stream = io.StringIO()
    steps = run(last="failed")
    with NdjsonProgress(stream, clock=lambda: START) as progress:
        for event, state in [*steps, *steps]:
            progress.update(event, state)
        summary = RunSummary("0001", "apply", "failed", "2026-01-02T03:04:05Z", 10.5, 3, 1)
        progress.result(result_data(exit_code=1, run=summary, state=steps[-1][1]), message="Seldon failed.")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    validator = Draft202012Validator(schema("run"))
    for line in lines:
        validator.validate(line)
    assert [line["seq"] for line in lines] == list(range(len(lines)))
    assert [line["type"] == "result" for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1]["time"] == "2026-01-02T03:04:05.000Z"
    assert [(m["module"], m["status"], m["seconds"]) for m in lines[-1]["data"]["modules"]] == [
        ("environment", "done", 3.0),
        ("mlflow", "done", 7.0),
        ("seldon", "failed", 9.5),
    ]


def test_the_rendering_follows_the_output(titles: dict[str, str]) -> None:
    stream = io.StringIO()
    console = Console(file=stream)

    def opened(output: str, is_live: bool) -> object:
        return open_progress(
            output=output, live=is_live, stdout=stream, stderr=stream, console=console, titles=titles, expected={}
        )

    assert isinstance(opened("json", True), NdjsonProgress)
    assert isinstance(opened("table", True), LiveProgress)
    assert isinstance(opened("yaml", False), LineProgress)


def test_sober_lines_say_what_holds_a_release_up_once_and_when_it_comes() -> None:
    stream = io.StringIO()
    progress = LineProgress(stream, {})

    def says(message: str, state: str, *, earlier: bool = False, kind: str = "pod") -> None:
        data = {"pod": "mlflow-0", "state": state, "earlier": earlier}
        progress.update(
            Event(1, START.isoformat(), "live", kind, module="mlflow", message=message, data=data), RunState()
        )

    says("mlflow-0 Starting", "Starting")
    says("mlflow-0 ErrImagePull: no such image", "ErrImagePull", earlier=True)
    says("mlflow-0 OOMKilled: exit code 137", "OOMKilled")
    says("mlflow-0 OOMKilled: exit code 137", "OOMKilled")
    says("mlflow-0 said: out of room", "", kind="pod_log")
    says("mlflow-0 Ready", "Ready")
    said = [line.split(maxsplit=2)[2] for line in stream.getvalue().splitlines() if "mlflow-0" in line]
    assert said == [
        "mlflow-0 ErrImagePull, as before",
        "mlflow-0 OOMKilled: exit code 137",
        "mlflow-0 said: out of room",
        "mlflow-0 Ready",
    ]
