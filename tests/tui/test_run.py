"""Run: what the engine wrote is shown as it comes, and every ending leads on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.runs.history import read_record
from mlops_install.errors import ExitCode
from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.following import LogLine
from mlops_install.tui.messages import RunEnded
from mlops_install.tui.screens.diagnosis import DiagnosisScreen
from mlops_install.tui.screens.done import DoneScreen
from mlops_install.tui.screens.parameters import ParametersScreen
from mlops_install.tui.screens.review import ReviewScreen
from mlops_install.tui.screens.run import RunMoved, RunScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.run_head import RunHead
from mlops_install.tui.widgets.run_log import RunLog
from mlops_install.tui.widgets.run_rows import RunRows
from tests.tui.conftest import Wizard, settled
from tests.tui.runs import BAD, BEGUN, GOOD, NO_PACKAGE, begin_run, end_run, live, terraform

Play = Callable[[WizardApp, Pilot[int], RunFolder], Awaitable[None]]


def watch(wizard: Wizard, interview: Interview, run: RunFolder, play: Play, **options: object) -> WizardApp:
    """Play a scene with the run on the screen, as it is right after its approval."""

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.guide.run, app.guide.applying = run, True
        app.go_to(Step.RUN)
        await until(pilot, lambda: bool(wizard.of(RunMoved)))
        await play(app, pilot, run)

    return wizard.run(scene, interview, start_at=Step.MODULES, **options)  # type: ignore[arg-type]  # size alone


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait for what a worker brings about."""
    for _ in range(600):
        if holds():
            break
        await pilot.pause(0.02)
    else:
        pytest.fail(f"it never came: {[str(it.render()) for it in pilot.app.screen.query(Static)][:12]}")
    await pilot.pause()


def head(app: WizardApp) -> str:
    return str(app.screen.query_one(RunHead).render())


def test_rows_detail_and_log_follow_the_events(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)
    run.live.write_text(live("mlflow", "Uvicorn running", 4))

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        assert "0 of 2 ready" in head(app)
        assert "Installing" in head(app)
        rows = app.screen.query_one(RunRows)
        rows.follow("mlflow")
        await pilot.pause()
        assert rows.chosen == "mlflow"
        await until(pilot, lambda: "Uvicorn" in app.screen.query_one("#detail", RunLog).text())
        rows.follow("jupyterhub")
        await pilot.pause()
        assert "Uvicorn" not in app.screen.query_one("#detail", RunLog).text()
        assert "Uvicorn" not in app.screen.query_one("#log", RunLog).text(), "that log is Terraform's"
        await pilot.press("enter")
        assert rows.virtual_size.height == 3, "the resource of the open module has a row"
        end_run(run, GOOD)
        await until(pilot, lambda: bool(wizard.of(RunEnded)))

    watch(wizard, lite, run, play)


def test_a_good_end_leads_to_done(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        end_run(run, GOOD)
        await until(pilot, lambda: isinstance(app.screen, DoneScreen))
        assert app.guide.status(Step.RUN) == "done"

    assert watch(wizard, lite, run, play).guide.applied


def test_a_failure_opens_its_diagnosis_and_leads_to_the_field(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        end_run(run, BAD, NO_PACKAGE)
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        causes = str(app.screen.query_one("#causes", Static).render())
        assert "nosuch" in causes
        assert "What to do:" in causes
        assert isinstance(app.focused, Button)
        assert app.focused.id == "parameter-singleuser_packages"
        await pilot.press("c")
        assert "nosuch" in app.clipboard
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ParametersScreen))
        assert app.guide.status(Step.RUN) == "problem"

    assert watch(wizard, lite, run, play).guide.failed


def test_after_a_failure_it_is_planned_again(wizard: Wizard, on_free_ports: Interview) -> None:
    run = begin_run(on_free_ports)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        end_run(run, BAD, NO_PACKAGE)
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await settled(app, pilot)
        assert app.guide.planned is not None
        assert app.guide.planned.run != run

    watch(wizard, on_free_ports, run, play)


def test_a_stale_plan_is_never_applied_but_made_again_and_compared(wizard: Wizard, on_free_ports: Interview) -> None:
    run = begin_run(on_free_ports)
    stale = {"severity": "error", "summary": "Saved plan is stale", "code": "stale"}

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        end_run(run, "", stale)
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await settled(app, pilot)
        assert "now also: create" in str(app.screen.query_one("#plan-text", Static).render())
        assert not app.guide.applying

    watch(wizard, on_free_ports, run, play)


def test_the_log_is_searched_and_filtered(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        log = app.screen.query_one("#log", RunLog)
        everything = log.count
        assert everything > 3
        await pilot.press("slash")
        await pilot.press(*"wheels")
        await pilot.pause()
        assert log.count == 1
        assert "1 with 'wheels'" in str(app.screen.query_one("#log-title", Static).render())
        await pilot.press("escape")
        await pilot.pause()
        assert log.count == everything
        assert not app.screen.query_one("#find", Input).display
        await pilot.press("l", "l")
        assert log.count == 0, "no error yet"
        end_run(run, GOOD)

    watch(wizard, lite, run, play)


def test_cancel_sends_terraform_one_interrupt_and_force_needs_the_word(
    wizard: Wizard, lite: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin_run(lite)
    asked: list[str] = []
    monkeypatch.setattr("mlops_install.workflow.applying.cancel", lambda run: asked.append(f"cancel {run.id}"))
    monkeypatch.setattr("mlops_install.workflow.applying.force_cancel", lambda run: asked.append(f"force {run.id}"))

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        await pilot.press("x", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
        assert asked == [], "No has the focus"
        await pilot.press("x", "down", "enter")
        await until(pilot, lambda: asked == [f"cancel {run.id}"])
        await pilot.press("x")
        await pilot.pause()
        assert "left half done" in str(app.screen.query_one(".dialog-text", Static).render())
        await pilot.press(*"force", "enter")
        await until(pilot, lambda: asked[-1] == f"force {run.id}")
        end_run(run, BAD, state="cancelled")
        await until(pilot, lambda: bool(wizard.of(RunEnded)))

    assert watch(wizard, lite, run, play).guide.failed


def test_detaching_leaves_the_run_alone(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        await pilot.press("d")
        await pilot.pause()

    app = watch(wizard, lite, run, play)
    assert app.return_value == ExitCode.CANCELLED
    assert "attach laptop-lite" in app.farewell
    assert read_record(run).state == "applying"


def test_a_destroy_that_is_watched_says_removed_and_offers_no_addresses(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite, kind="destroy", events=BEGUN.replace("create", "delete"))

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        end_run(run, GOOD.replace('"create"', '"delete"'))
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        assert "Removed" in head(app)
        assert isinstance(app.screen, RunScreen)

    assert not watch(wizard, lite, run, play).guide.applied


def test_the_log_keeps_a_bounded_number_of_lines_and_stays_where_one_reads(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)
    line = LogLine("line", "info", "", False, "line")

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        log = app.screen.query_one("#log", RunLog)
        app.screen.query_one("#run-words").add_class("-log")
        log.show_only(lambda _: True)
        log.add(replace(line, text=f"line {number}") for number in range(30_000))
        await until(pilot, lambda: log.scroll_offset.y == log.max_scroll_y > 0)
        assert log.count == 20_000
        log.scroll_to(y=100, animate=False, immediate=True)
        before = log.render_line(0).text
        log.add([line] * 5)
        await pilot.pause()
        assert log.render_line(0).text == before
        end_run(run, GOOD)

    watch(wizard, lite, run, play)


def test_a_time_is_expected_only_when_each_module_was_set_up_before(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        shown = app.screen.query_one(RunHead)
        shown.expected = {"mlflow": 7.0}
        assert "of about" not in head(app)
        shown.expected = {"mlflow": 7.0, "jupyterhub": 95.0}
        assert "of about 1m35s" in head(app)
        end_run(run, GOOD)

    watch(wizard, lite, run, play)


def test_a_module_with_thousands_of_resources_opens_and_is_walked_through(wizard: Wizard, lite: Interview) -> None:
    addresses = (f"module.mlflow_release.terraform_data.p[{number}]" for number in range(3_000))
    changes = ({"resource": {"addr": address}, "action": "create"} for address in addresses)
    many = "".join(terraform("Plan to create", "planned_change", 1, change=change) for change in changes)
    run = begin_run(lite, events=BEGUN + many)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        rows = app.screen.query_one(RunRows)
        await until(pilot, lambda: app.screen.query_one(RunHead).picture is not None and bool(rows.chosen))
        rows.follow("mlflow")
        await pilot.press("enter")
        await until(pilot, lambda: rows.virtual_size.height == 3_003)
        await pilot.press("end")
        last = rows.line(rows.cursor)
        assert rows.cursor == 3_002
        assert last is not None
        assert last.resource is not None
        assert last.resource.address.endswith("p[2999]")
        assert "p[2999]" in rows.render_line(rows.size.height - 1).text
        await pilot.press("home", "enter")
        end_run(run, GOOD)

    watch(wizard, lite, run, play)
