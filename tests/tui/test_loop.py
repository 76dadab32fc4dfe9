"""Nothing that may take its time runs on the event loop: keys are answered while Terraform hangs."""

from __future__ import annotations

import asyncio
import os
import shlex
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import DraftSaved
from mlops_install.tui.screens.help import HelpScreen
from mlops_install.tui.screens.modules import ModulesScreen
from mlops_install.tui.screens.review import PlanMade
from mlops_install.tui.steps import Step
from tests.engine.support import find_terraform
from tests.local.conftest import free_ports
from tests.tui.conftest import Wizard, settled

PORTS = (
    "jupyterhub_port",
    "jupyterhub_hub_port",
    "jupyterhub_proxy_api_port",
    "mlflow_port",
    "dask_scheduler_port",
    "dask_dashboard_port",
)


@pytest.fixture
def hanging(context: Context, tmp_path: Path) -> tuple[Context, Path]:
    """A machine whose Terraform does nothing until a file is there."""
    real = shlex.join(find_terraform(tmp_path).argv)
    go_on = tmp_path / "go-on"
    folder = tmp_path / "bin"
    folder.mkdir()
    wrapper = folder / "terraform"
    wrapper.write_text(f"#!/bin/sh\nwhile [ ! -e '{go_on}' ]; do sleep 0.05; done\nexec {real} \"$@\"\n")
    wrapper.chmod(0o755)
    variables = {**context.environment.variables, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    environment = replace(context.environment, variables=variables)
    return Context(environment, _catalogues=context._catalogues), go_on


async def _longest_wait(until: asyncio.Event) -> float:
    """Return the longest time in seconds that the loop kept a ready task waiting."""
    longest = 0.0
    while not until.is_set():
        before = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - before)
        await asyncio.sleep(0.002)
    return longest


def test_keys_are_answered_and_drafts_saved_while_terraform_hangs(
    hanging: tuple[Context, Path], record_property: Callable[[str, object], None]
) -> None:
    context, go_on = hanging
    wizard = Wizard(context)
    lite = Interview.from_preset(context, "laptop-lite")
    for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True):
        lite.set_value(name, port)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        ended = asyncio.Event()
        lag = asyncio.create_task(_longest_wait(ended))
        assert not go_on.exists()
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        app.go_to(Step.MODULES)
        await pilot.pause()
        assert isinstance(app.screen, ModulesScreen)
        modules = app.screen.query_one("#modules", OptionList)
        modules.highlighted = modules.get_option_index("dask")
        await pilot.press("space")
        while not wizard.of(DraftSaved):
            await pilot.pause(0.02)
        assert not wizard.of(PlanMade)
        app.go_to(Step.REVIEW)
        await pilot.pause()
        go_on.touch()
        await settled(app, pilot)
        ended.set()
        record_property("longest_wait_of_the_loop_seconds", round(await lag, 4))

    app = wizard.run(scene, lite, start_at=Step.REVIEW)
    assert app.guide.plan_fits, "the plan is of the answers as they are, not of those before the edit"
    assert app.guide.planned is not None
    assert "dask" in {change.module for change in app.guide.planned.summary.changes}
