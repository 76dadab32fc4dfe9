"""Done: addresses, the way in, checks as they arrive; a secret only when asked for by its key.

The installed stack itself is in tests/local/test_wizard.py; here its outputs and checks are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import ExitCode, InstallerError
from mlops_install.inspect import inspection
from mlops_install.setup.interview import Interview
from mlops_install.targets import installed as published
from mlops_install.targets.records import CheckReport, StepReport
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import Checked
from mlops_install.tui.steps import Step
from tests.tui.conftest import Wizard, settled
from tests.tui.kinds import approve

ADDRESSES = {"jupyterhub": "http://127.0.0.1:8000", "mlflow": "http://127.0.0.1:5000"}
GOOD = CheckReport("mlflow", "passed", 4.2, (StepReport("connect", True, ""), StepReport("log", True, "")), "")
BAD = CheckReport("jupyterhub", "failed", 9.0, (StepReport("log in by the form", False, "403"),), "403")


@pytest.fixture
def installed(lite: Interview, monkeypatch: pytest.MonkeyPatch) -> Interview:
    """The smallest preset, approved, with outputs and checks that are given."""
    approve(lite)
    monkeypatch.setattr(published, "outputs", lambda *_: {"addresses": ADDRESSES})
    monkeypatch.setattr(inspection, "verify", lambda *_: iter([GOOD, BAD]))
    return Interview.reconfigure(lite.context, lite.deployment)


def shown(app: WizardApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


def done(wizard: Wizard, interview: Interview, play: Any) -> WizardApp:
    """Play a scene on Done, as it is right after a run that went well."""

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.guide.approve(empty=True)
        app.go_to(Step.DONE)
        await settled(app, pilot)
        await play(app, pilot)

    return wizard.run(scene, interview, start_at=Step.MODULES)


def test_addresses_and_the_way_in_are_shown_without_the_secret(wizard: Wizard, installed: Interview) -> None:
    secret = read_secrets(installed.deployment.secrets)["jupyterhub_shared_password"]

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        beside = app.screen.query_one("#addresses", OptionList)
        assert ADDRESSES["jupyterhub"] in str(beside.get_option("jupyterhub").prompt)
        assert "shared password" in shown(app, "#login")
        assert secret not in app.export_screenshot()
        await pilot.press("s")
        await settled(app, pilot)
        assert secret in shown(app, "#login")
        await pilot.press("s")
        await settled(app, pilot)
        assert secret not in shown(app, "#login")
        await pilot.press("p")
        await settled(app, pilot)
        assert app.clipboard == secret
        assert secret not in shown(app, "#login")

    done(wizard, installed, play)


def test_checks_arrive_and_a_failed_one_decides_the_exit_code(wizard: Wizard, installed: Interview) -> None:
    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        assert "✓ MLflow" in shown(app, "#checks")
        assert "! JupyterHub" in shown(app, "#checks")
        assert "log in by the form: 403" in shown(app, "#checks")
        assert app.guide.status(Step.DONE) == "problem"
        await pilot.press("f3")
        await pilot.pause()

    app = done(wizard, installed, play)
    assert len(wizard.of(Checked)) == 2
    assert app.return_value == ExitCode.FAILED
    assert "laptop-lite is installed" in app.farewell


def test_an_address_is_copied_and_opened(wizard: Wizard, installed: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        monkeypatch.setattr(app, "open_url", opened.append)
        await pilot.press("c")
        await settled(app, pilot)
        assert app.clipboard == ADDRESSES["jupyterhub"]
        await pilot.press("down", "enter")
        await settled(app, pilot)
        assert opened == [ADDRESSES["mlflow"]]

    done(wizard, installed, play)


def test_checks_that_cannot_run_say_why(wizard: Wizard, installed: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> Iterator[CheckReport]:
        raise InstallerError("The client environment is not there.", hint="`mlops-install apply` makes it.")

    monkeypatch.setattr(inspection, "verify", cannot)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        assert app.guide.verifying == "ended"
        assert any("client environment" in notice.message for notice in app._notifications)

    done(wizard, installed, play)


def test_checking_again_begins_anew(wizard: Wizard, installed: Interview) -> None:
    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("v")
        await settled(app, pilot)
        assert len(app.guide.verified) == 2

    done(wizard, installed, play)
    assert len(wizard.of(Checked)) == 4


def test_addresses_that_cannot_be_looked_up_are_not_waited_for(
    wizard: Wizard, installed: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> dict[str, object]:
        raise InstallerError("Terraform is not there.")

    monkeypatch.setattr(published, "outputs", cannot)

    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        assert "! The addresses can't be looked up" in shown(app, "#done-head")
        assert any("not there" in notice.message for notice in app._notifications)

    done(wizard, installed, play)


def test_next_time_is_told_as_commands_and_who_reaches_the_tools_as_a_note(
    wizard: Wizard, installed: Interview
) -> None:
    async def play(app: WizardApp, pilot: Pilot[int]) -> None:
        for verb in ("apply", "status", "reconfigure", "verify", "preset save own.yaml --name", "destroy"):
            assert f"mlops-install {verb} laptop-lite" in shown(app, "#commands")
        assert "mlops-install quick own.yaml" in shown(app, "#commands")
        assert "every user of this machine can reach the tools on loopback" in shown(app, "#note")

    done(wizard, installed, play)
