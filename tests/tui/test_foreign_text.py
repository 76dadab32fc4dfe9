"""What pods, Terraform and people's files say is shown as they wrote it: never read as markup, never obeyed."""

from __future__ import annotations

import asyncio
import re

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.targets.records import Diagnosis
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import RunEnded
from mlops_install.tui.screens.diagnosis import DiagnosisScreen
from mlops_install.tui.steps import Step
from mlops_install.workflow.run_ending import RunEnding
from tests.tui.conftest import Wizard
from tests.tui.runs import BAD, begin_run, end_run
from tests.tui.test_run import until

SAID = "in [prod] \x1b[2J\x1b]52;c;ZXZpbA==\x07\x9b31mno\u202esuch [/old] file"
READ = "in [prod] nosuch [/old] file"


def written(app: WizardApp) -> str:
    """Return all the text that the screen gives to the terminal, its own control sequences left out."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def assert_harmless(text: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("said", [f"context {SAID}", "can't read [/old]", "[bold]unclosed", "[link='x"])
def test_a_notice_is_shown_as_it_is_written(context: Context, lite: Interview, said: str) -> None:
    async def play() -> None:
        app = WizardApp(context, lite)
        async with app.run_test(notifications=True, size=(120, 40)) as pilot:
            await pilot.pause()
            for notify in (app.notify, app.screen.notify, app.screen.query_one(OptionList).notify):
                notify(said, title="title [/old]", severity="error")
                # A toast is mounted by a message of its own.
                await until(pilot, lambda: "title [/old]" in written(app))
                for word in said.replace(SAID, READ).replace("nosuch", "").split():
                    assert word in written(app)
                assert_harmless(written(app))
                app.clear_notifications()
                await until(pilot, lambda: "title" not in written(app))

    asyncio.run(play())


def test_the_diagnosis_shows_what_a_pod_said_and_does_not_obey_it(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        found = Diagnosis("mlflow", f"cause {SAID}", f"action {SAID}", f"detail {SAID}\nsecond {SAID}")
        ending = RunEnding("0001", "apply", "failed", False, (found,))
        app.push_screen(DiagnosisScreen(app.guide, ending))
        await pilot.pause()
        shown = written(app)
        assert_harmless(shown)
        for part in ("cause in [prod]", "action in [prod]", "detail in [prod]", "second in [prod]", "[/old] file"):
            assert part in shown

    wizard.run(scene, lite)


def test_a_failed_run_is_explained_without_what_its_log_tried(wizard: Wizard, lite: Interview) -> None:
    run = begin_run(lite)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.guide.attach(lite.deployment, run)
        app.go_to(Step.RUN)
        detail = f"Error running command: exit status 1. Output: {SAID}"
        end_run(run, BAD, {"severity": "error", "summary": "local-exec provisioner error", "detail": detail})
        await until(pilot, lambda: bool(wizard.of(RunEnded)))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, DiagnosisScreen))
        await pilot.pause()
        assert READ in str(app.screen.query_one("#causes", Static).render())
        assert_harmless(written(app))

    wizard.run(scene)
