"""Run: every way in which a run that is watched comes to its end, and what is offered then."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.runs.history import update_record
from mlops_install.errors import ExitCode
from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import RunEnded
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.diagnosis import DiagnosisScreen
from mlops_install.tui.screens.run import RunMoved, RunRefused, RunScreen
from mlops_install.tui.steps import Step
from tests.tui.conftest import Wizard
from tests.tui.runs import BAD, BEGUN, GOOD, NO_PACKAGE, begin_run, end_run, installer
from tests.tui.test_run import head, until


def attach(
    wizard: Wizard, interview: Interview, run: RunFolder, play: Callable[[WizardApp, Pilot[int]], Awaitable[None]]
) -> WizardApp:
    """Play a scene with a run that is watched without an interview."""

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.guide.attach(interview.deployment, run)
        app.go_to(Step.RUN)
        await until(pilot, lambda: bool(wizard.of(RunMoved)))
        await play(app, pilot)

    return wizard.run(scene)


def causes(app: WizardApp) -> str:
    return str(app.screen.query_one("#causes", Static).render())


def test_after_a_removal_nothing_is_said_to_go_on(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite, kind="destroy", events=BEGUN.replace("create", "delete"))

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        end_run(run, GOOD.replace('"create"', '"delete"'))
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        assert not app.guide.in_flight
        assert not app.guide.applied, "Done stays locked: nothing is installed"
        assert any("destroy laptop-lite" in notice.message for notice in app._notifications)

    attach(wizard, lite, run, play)


def test_a_removal_that_failed_is_carried_on_by_its_own_verb(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite, kind="destroy", events=BEGUN.replace("create", "delete"))

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        end_run(run, BAD, NO_PACKAGE)
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        assert "`mlops-install destroy laptop-lite` carries on" in causes(app)
        assert "reconfigure" not in causes(app)

    attach(wizard, lite, run, play)


def test_a_plan_that_is_watched_waits_for_its_approval_elsewhere(wizard: Wizard, lite: Interview) -> None:
    planning = BEGUN.split(installer("phase", "Applying", 2, phase="apply"))[0]
    run = begin_run(lite, events=installer("phase", "Planning", 1, phase="plan") + planning)
    update_record(run, state="planning")

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        assert "Working out what to change" in head(app)
        with run.events.open("a") as file:
            file.write(installer("phase", "Planned", 3, phase="planned"))
        update_record(run, state="planned")
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        assert "Planned" in head(app)
        assert not app.guide.in_flight
        assert any("apply laptop-lite" in notice.message for notice in app._notifications)

    attach(wizard, lite, run, play)


def test_a_failure_that_is_only_watched_offers_commands_in_place_of_another_plan(
    wizard: Wizard, lite: Interview
) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        end_run(run, BAD, NO_PACKAGE)
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        assert "nosuch" in causes(app)
        assert "`mlops-install apply laptop-lite` carries on" in causes(app)
        assert not app.screen.query("#do-again")
        await pilot.press("r")
        await pilot.pause()
        assert app.guide.status(Step.RUN) == "problem"
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
        assert app.focused is not None
        assert app.focused.id == "log"

    assert attach(wizard, lite, run, play).guide.failed


def test_a_lost_run_says_so(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        update_record(run, state="lost")
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        assert "left no result" in causes(app)

    assert attach(wizard, lite, run, play).guide.failed


def test_leaving_a_failed_run_says_so_to_the_shell(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        end_run(run, BAD, NO_PACKAGE)
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        await pilot.press("escape", "ctrl+q")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()

    app = attach(wizard, lite, run, play)
    assert app.return_value == ExitCode.FAILED
    assert "`mlops-install attach laptop-lite` says why" in app.farewell


def test_a_cancelled_run_opens_nothing_unasked_and_says_how_it_goes_on(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        end_run(run, BAD, NO_PACKAGE, state="cancelled")
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        assert isinstance(app.screen, RunScreen)
        assert "Cancelled" in head(app)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        assert "was cancelled" in str(app.screen.query_one(".dialog-title", Static).render())

    assert attach(wizard, lite, run, play).guide.failed


def test_a_run_that_is_cancelling_already_can_only_be_forced_and_names_what_that_leaves(
    wizard: Wizard, lite: Interview
) -> None:
    run = begin_run(lite, events=BEGUN + installer("cancel", "Cancelling", 4))

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        assert "Cancelling" in head(app)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        told = str(app.screen.query_one(".dialog-text", Static).render())
        assert "module.mlflow_service[0].terraform_data.service" in told
        assert "module.jupyterhub_service[0].terraform_data.service" in told
        await pilot.press(*"forc", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen), "nothing less than the word"
        await pilot.press("escape")
        end_run(run, BAD, state="cancelled")
        await until(pilot, lambda: bool(wizard.of(RunEnded)))

    attach(wizard, lite, run, play)


def test_a_run_that_cannot_be_asked_to_end_says_why(
    wizard: Wizard, lite: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin_run(lite)

    def refuse(run: RunFolder) -> bool:
        raise PermissionError("not yours")

    monkeypatch.setattr("mlops_install.workflow.applying.cancel", refuse)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("x", "down", "enter")
        await until(pilot, lambda: bool(wizard.of(RunRefused)))
        assert any("not yours" in notice.message for notice in app._notifications)
        end_run(run, BAD, state="cancelled")
        await until(pilot, lambda: bool(wizard.of(RunEnded)))

    attach(wizard, lite, run, play)


def test_a_run_whose_files_vanish_is_not_taken_for_ended(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        shutil.rmtree(run.path)
        await until(pilot, lambda: bool(wizard.of(RunRefused)))
        assert not wizard.of(RunEnded)

    attach(wizard, lite, run, play)
