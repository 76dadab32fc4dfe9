"""Run: a real Terraform applies, and is cancelled, under the screen that shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.runs.history import read_record, read_result
from mlops_install.engine.launch import launch
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import RunEnded
from mlops_install.tui.screens.run import RunMoved, RunScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.run_log import RunLog
from mlops_install.tui.widgets.run_rows import RunRows
from tests.engine.support import ADDRESS, Stage, find_terraform, gated, make_stage, open_gate
from tests.tui.conftest import Wizard
from tests.tui.test_run import head, until


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty deployment on this machine's Terraform."""
    home = tmp_path / "stage-home"
    home.mkdir()
    return make_stage(tmp_path / "demo", home, find_terraform(home))


def watch(
    wizard: Wizard, stage: Stage, run: RunFolder, play: Callable[[WizardApp, Pilot[int]], Awaitable[None]]
) -> WizardApp:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        launch(run, "apply", environment=stage.environment)
        app.guide.attach(stage.deployment, run)
        app.go_to(Step.RUN)
        await until(pilot, lambda: bool(wizard.of(RunMoved)))
        await play(app, pilot)

    return wizard.run(scene)


def first_row(app: WizardApp) -> str:
    return app.screen.query_one(RunRows).render_line(0).text


def test_phases_are_shown_while_it_works_and_the_end_when_it_has_come(wizard: Wizard, stage: Stage) -> None:
    command, gate = gated(stage.deployment.folder)
    stage.write(command)
    run = stage.planned()

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "waiting" in first_row(app))
        assert "● Dask" in first_row(app)
        assert "0 of 1 ready" in head(app)
        open_gate(gate)
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        assert app.guide.applied
        log = wizard.of(RunMoved)
        assert any(ADDRESS in line.text for moved in log for line in moved.picture.lines)  # type: ignore[attr-defined]  # RunMoved

    watch(wizard, stage, run, play)
    assert read_record(run).state == "done"


def test_cancel_by_its_key_ends_terraform_and_explains_nothing_unasked(wizard: Wizard, stage: Stage) -> None:
    command, _ = gated(stage.deployment.folder)
    stage.write(command)
    run = stage.planned()

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "waiting" in first_row(app))
        # The interrupt reaches what Terraform started too: nobody has to open the gate.
        await pilot.press("x", "down", "enter")
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        assert isinstance(app.screen, RunScreen)
        assert "Cancelled" in head(app)
        assert app.screen.query_one("#log", RunLog).count > 0
        assert app.guide.failed

    watch(wizard, stage, run, play)
    result = read_result(run)
    assert result is not None
    assert result.state == "cancelled"
    assert read_record(run).cancel_requested
