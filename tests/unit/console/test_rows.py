"""Rows of a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mlops_install.console.words import ascii_only
from mlops_install.engine.events import Event
from mlops_install.engine.progress import ResourceState, RunState
from mlops_install.words.terminal import plain
from mlops_install.words.wording import duration, value_text
from mlops_install.workflow.rows import rows_of, share_done, verb_of

Run = Callable[..., list[tuple[Event, RunState]]]


def test_the_environment_comes_first_and_the_rest_in_the_titles_order(run: Run) -> None:
    rows = rows_of(run()[-1][1], {"seldon": "Seldon", "mlflow": "MLflow"})
    assert [row.title for row in rows] == ["Team environment", "Seldon", "MLflow"]


def test_words_follow_the_tool_until_it_is_ready(run: Run, titles: dict[str, str]) -> None:
    seen: list[tuple[str, str]] = []
    for _, state in run():
        seen += [(row.word, row.detail) for row in rows_of(state, titles) if row.module == "mlflow"]
    assert list(dict.fromkeys(seen)) == [
        ("queued", ""),
        ("creating", ""),
        ("installing", "84 packages"),
        ("waiting", "http://127.0.0.1:5000/health"),
        ("healthy", "http://127.0.0.1:5000"),
        ("ready", "http://127.0.0.1:5000"),
    ]


def test_failed_row_tells_the_last_line_of_the_tool(run: Run, titles: dict[str, str]) -> None:
    row = rows_of(run(last="failed")[-1][1], titles)[-1]
    assert (row.status, row.word, row.detail) == ("failed", "failed", "it ended with 1")


def test_what_was_under_way_at_the_end_is_called_stopped() -> None:
    resources = {
        "a": ResourceState("a", "mlflow", "create", "working", phase="starting"),
        "b": ResourceState("b", "dask", "create"),
    }
    rows = rows_of(RunState(stage="cancelled", resources=resources), {})
    assert [row.word for row in rows] == ["stopped", "not started"]


def test_several_resources_of_a_module_are_one_row() -> None:
    resources = {
        "a": ResourceState(
            "a", "mlflow", "create", "done", started="2026-01-01T00:00:00Z", finished="2026-01-01T00:00:02Z"
        ),
        "b": ResourceState("b", "mlflow", "create", "waiting"),
        "c": ResourceState("c", "mlflow", "no-op", "unchanged"),
    }
    (row,) = rows_of(RunState(stage="apply", resources=resources), {"mlflow": "MLflow"})
    assert row.status == "working"
    assert row.elapsed(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=9)) == 9


def test_share_is_by_expected_time_and_never_complete_before_the_end() -> None:
    resources = {"a": ResourceState("a", "mlflow", "create", "working", started="2026-01-01T00:00:00Z")}
    rows = rows_of(RunState(stage="apply", resources=resources), {})
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert share_done(rows, {"mlflow": 20.0}, start + timedelta(seconds=5)) == 0.25
    assert share_done(rows, {"mlflow": 20.0}, start + timedelta(seconds=500)) < 1.0
    assert share_done((), {}, start) == 0.0


def test_verbs_name_what_all_changes_have_in_common(run: Run) -> None:
    assert verb_of(run()[-1][1]) == ("Installing", "Installed")
    assert verb_of(run(action="delete")[-1][1]) == ("Removing", "Removed")
    assert verb_of(run(action="replace")[-1][1]) == ("Applying", "Applied")


def test_lines_are_safe_for_a_terminal() -> None:
    assert plain("\x1b[31mred\x1b[0m\tand\x07 \x1b]0;title\x07more\r\n") == "red  and more"


def test_words_for_durations_and_values() -> None:
    assert [duration(s) for s in (-1, 9.9, 65, 7380)] == ["0s", "9s", "1m05s", "2h03m"]
    assert [value_text(v) for v in (None, [], ["a", "b"], True, 2, {"a": 1})] == [
        "(empty)",
        "(none)",
        "a, b",
        "true",
        "2",
        '{"a": 1}',
    ]


def test_ascii_keeps_the_columns() -> None:
    assert ascii_only("✓ ━━─ → é") == "+ ##- > ?"
