"""Pictures of the screens at rest, in the smallest terminal and in a larger one.

`pytest tests/tui/test_snapshots.py --snapshot-update` takes them anew; look at each before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mlops_install.catalogue.model import Catalogue, Footprint
from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.runs.record import Change
from mlops_install.inspect import inspection
from mlops_install.setup.interview import Interview
from mlops_install.targets import installed
from mlops_install.targets.context import Context
from mlops_install.targets.records import Capacity, PlanSummary
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens.diagnosis import DiagnosisScreen
from mlops_install.tui.steps import Step
from mlops_install.workflow.planned import Planned
from tests.machine import environment_in
from tests.tui.conftest import settled
from tests.tui.kinds import approve
from tests.tui.runs import BAD, NO_PACKAGE, begin_run, end_run
from tests.tui.test_done import ADDRESSES, GOOD
from tests.tui.test_done import BAD as FAILED

SIZES = [(80, 24), (120, 40)]
Picture = Callable[..., bool]


@pytest.fixture
def machine(catalogues: dict[str, Catalogue], monkeypatch: pytest.MonkeyPatch) -> Context:
    """A machine that is the same everywhere: its folders stand on the screens, and its room."""
    nowhere = Path("/srv/operator")
    room = Capacity(Footprint(2, 838, 1850), 1850, Footprint(4, 16384, 102400), 9216, ())
    monkeypatch.setattr(Interview, "footprint", lambda _: room)
    return Context(replace(environment_in(nowhere), uid=1000), _catalogues=dict(catalogues))


@pytest.fixture
def pictured(snap_compare: Picture) -> Callable[..., None]:
    """Compare the wizard at a step with its picture, once its workers are done."""

    def compare(app: WizardApp, size: tuple[int, int], *keys: str) -> None:
        async def rest(pilot: Pilot[int]) -> None:
            await settled(app, pilot)
            for key in keys:
                await pilot.press(key)
            await settled(app, pilot)

        assert snap_compare(app, terminal_size=size, run_before=rest)

    return compare


@pytest.mark.parametrize("size", SIZES)
def test_start(machine: Context, pictured: Callable[..., None], size: tuple[int, int]) -> None:
    pictured(WizardApp(machine), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [Step.TARGET, Step.MODULES])
def test_step(machine: Context, pictured: Callable[..., None], step: Step, size: tuple[int, int]) -> None:
    pictured(WizardApp(machine, Interview.from_preset(machine, "laptop-lite"), start_at=step), size)


@pytest.mark.parametrize("size", SIZES)
def test_parameters(machine: Context, pictured: Callable[..., None], size: tuple[int, int]) -> None:
    interview = Interview.from_preset(machine, "laptop-lite")
    interview.set_value("oauth_github_enable", True)
    interview.set_value("mlflow_port", 8000)
    pictured(WizardApp(machine, interview, start_at=Step.PARAMETERS), size, "tab", "tab", "tab")


def test_search(machine: Context, pictured: Callable[..., None]) -> None:
    app = WizardApp(machine, Interview.from_preset(machine, "laptop-lite"), start_at=Step.PARAMETERS)
    pictured(app, (80, 24), "ctrl+f", "p", "o", "r", "t")


@pytest.mark.parametrize("size", SIZES)
def test_review(machine: Context, pictured: Callable[..., None], size: tuple[int, int]) -> None:
    app = WizardApp(machine, Interview.from_preset(machine, "laptop-lite"), start_at=Step.REVIEW)
    service = "module.{}_service[0].terraform_data.service"
    changes = (
        Change(service.format("jupyterhub"), "jupyterhub", "replace", "replace_by_triggers"),
        Change(service.format("mlflow"), "mlflow", "create"),
        Change("module.mlflow_release[0].kubernetes_namespace_v1.this", "mlflow", "delete"),
    )
    summary = PlanSummary("0001", "apply", changes, ())
    app.guide.take_plan(Planned(RunFolder(Path("/srv/operator/run")), summary, ("It is a picture.",)), app.guide.edits)
    pictured(app, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("escape",)], ids=["diagnosis", "run"])
def test_failed_run(lite: Interview, snap_compare: Picture, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    run = begin_run(lite)
    end_run(run, BAD, NO_PACKAGE)
    app = WizardApp(lite.context, lite, start_at=Step.RUN)
    app.guide.run, app.guide.applying = run, True

    async def ended(pilot: Pilot[int]) -> None:
        while not isinstance(app.screen, DiagnosisScreen):
            await pilot.pause(0.05)
        await pilot.press(*keys)
        await settled(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=ended)


@pytest.mark.parametrize("size", SIZES)
def test_done(
    lite: Interview, pictured: Callable[..., None], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(lite)
    monkeypatch.setattr(installed, "outputs", lambda *_: {"addresses": ADDRESSES})
    monkeypatch.setattr(inspection, "verify", lambda *_: iter([GOOD, FAILED]))
    app = WizardApp(lite.context, Interview.reconfigure(lite.context, lite.deployment), start_at=Step.DONE)
    app.guide.approve(empty=True)
    pictured(app, size)


@pytest.mark.parametrize("key", ["f1", "ctrl+c"])
def test_dialog(machine: Context, pictured: Callable[..., None], key: str) -> None:
    pictured(WizardApp(machine, Interview.from_preset(machine, "laptop-lite"), start_at=Step.MODULES), (80, 24), key)


def test_light_theme(machine: Context, snap_compare: Picture) -> None:
    app = WizardApp(machine, Interview.from_preset(machine, "laptop-lite"), start_at=Step.MODULES)

    async def light(pilot: Pilot[int]) -> None:
        app.action_toggle_theme()
        await settled(app, pilot)

    assert snap_compare(app, terminal_size=(80, 24), run_before=light)
