"""Run: what goes on while another step is looked at, and when one comes back."""

from __future__ import annotations

import sys
from functools import partial
from threading import Event
from types import FrameType

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.inspect import inspection
from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.following import Follower
from mlops_install.tui.messages import RunEnded
from mlops_install.tui.screens.done import DoneScreen
from mlops_install.tui.screens.modules import ModulesScreen
from mlops_install.tui.screens.run import RunMoved, RunOpened, RunScreen
from mlops_install.tui.screens.start import StartScreen
from mlops_install.tui.steps import Step
from tests.tui.conftest import Wizard
from tests.tui.runs import GOOD, begin_run, end_run
from tests.tui.test_run import head, until, watch


def test_a_run_that_ends_while_another_step_is_shown_is_noticed(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        app.go_to(Step.MODULES)
        await until(pilot, lambda: isinstance(app.screen, ModulesScreen))
        assert app.guide.in_flight
        end_run(run, GOOD)
        await until(pilot, lambda: app.guide.applied)
        assert app.guide.status(Step.DONE) == "open"
        assert any("has ended: done" in note.message for note in app._notifications)

    watch(wizard, lite, run, play)


def test_who_leaves_before_anything_is_shown_still_hears_of_the_end(
    wizard: Wizard, lite: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, left = begin_run(lite), Event()

    def slow(_: Deployment) -> dict[str, float]:
        left.wait(30)
        return {}

    monkeypatch.setattr(inspection, "expected_seconds", slow)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.guide.attach(lite.deployment, run)
        app.go_to(Step.RUN)
        await until(pilot, lambda: app.guide.follower is not None)
        app.go_to(Step.START)
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        left.set()
        end_run(run, GOOD)
        await until(pilot, lambda: app.guide.applied)
        assert not wizard.of(RunMoved)

    wizard.run(scene)


def test_who_comes_back_to_a_run_that_has_ended_stays_there(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        end_run(run, GOOD)
        await until(pilot, lambda: isinstance(app.screen, DoneScreen))
        app.go_to(Step.RUN)
        await until(pilot, lambda: len(wizard.of(RunEnded)) == 2)
        assert isinstance(app.screen, RunScreen)
        assert "2 of 2 ready" in head(app)

    watch(wizard, lite, run, play)


def test_who_goes_to_the_run_from_the_run_still_sees_it_come_on(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        for visit in range(1, 6):
            before = app.screen
            app.go_to(Step.RUN)
            await until(pilot, partial(opened, wizard, visit + 1))
            await until(pilot, partial(gone, before))
        end_run(run, GOOD)
        await until(pilot, lambda: isinstance(app.screen, DoneScreen))

    watch(wizard, lite, run, play)


def test_one_thread_reads_a_run_however_often_one_comes_back(wizard: Wizard, lite: Interview) -> None:
    run, before = begin_run(lite), readers()

    async def play(app: WizardApp, pilot: Pilot[int], run: RunFolder) -> None:
        for visit in range(4):
            app.go_to(Step.MODULES)
            await until(pilot, lambda: isinstance(app.screen, ModulesScreen))
            app.go_to(Step.RUN)
            await until(pilot, partial(opened, wizard, visit + 2))
        await until(pilot, lambda: readers() == before + 1)
        end_run(run, GOOD)
        await until(pilot, lambda: app.guide.applied)

    watch(wizard, lite, run, play)


def opened(wizard: Wizard, times: int) -> bool:
    return len(wizard.of(RunOpened)) == times


def gone(screen: Screen[object]) -> bool:
    return not screen.is_attached


def readers() -> int:
    """Return how many threads read a run: the other tests of this process have left some."""
    return sum(follows(frame) for frame in sys._current_frames().values())


def follows(frame: FrameType | None) -> bool:
    """Return whether a thread is reading a run."""
    while frame is not None:
        if frame.f_code is Follower.read.__code__:
            return True
        frame = frame.f_back
    return False
