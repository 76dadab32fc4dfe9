"""Review: the plan is made while one reads, and exactly that plan is applied."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, OptionList, Static

from mlops_install.answers.document import read_answers
from mlops_install.deployment.runs.history import list_runs, read_record
from mlops_install.deployment.runs.record import Change
from mlops_install.errors import PreflightError, Problem
from mlops_install.setup.interview import Interview
from mlops_install.targets.kubernetes.releases.helm import HelmRelease
from mlops_install.targets.records import PlanSummary
from mlops_install.targets.registry import target
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.modules import ModulesScreen
from mlops_install.tui.screens.parameters import ParametersScreen
from mlops_install.tui.screens.review import ApplyBegun, PlanMade, PlanRefused
from mlops_install.tui.steps import Step
from mlops_install.workflow import planned
from mlops_install.workflow.planned import Planned
from mlops_install.workflow.run_ending import RunEnding
from tests.tui.conftest import Wizard, settled
from tests.tui.test_run import until


def _shown(app: WizardApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


async def told(app: WizardApp, pilot: Pilot[int], text: str) -> None:
    """Wait until Review says something of the plan."""
    await until(pilot, lambda: any(text in str(it.render()) for it in app.screen.query("#plan-state").results(Static)))


def test_the_plan_is_made_by_real_terraform_while_the_differences_are_read(
    wizard: Wizard, on_free_ports: Interview
) -> None:
    lite = on_free_ports

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        assert "3 to create" in _shown(app, "#plan-state")
        assert "MLflow" in _shown(app, "#plan-text")
        assert "modules" in _shown(app, "#answers-text")
        assert "install_mlflow" in _shown(app, "#variables-text")

    app = wizard.run(scene, lite, start_at=Step.REVIEW)
    [made] = wizard.of(PlanMade)
    assert isinstance(made, PlanMade)
    assert app.guide.plan_fits
    assert made.planned.run == app.guide.run
    assert not lite.deployment.answers.exists(), "nothing is approved by planning"


def test_an_edit_makes_the_plan_anew_and_the_former_one_is_never_applied(
    wizard: Wizard, on_free_ports: Interview
) -> None:
    lite = on_free_ports

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await told(app, pilot, "3 to create")
        first = app.guide.run
        lite.toggle_module("dask")
        app.guide.touch()
        assert not app.guide.plan_fits
        app.go_to(Step.MODULES)
        await pilot.pause()
        app.go_to(Step.REVIEW)
        await told(app, pilot, "4 to create")
        assert app.guide.run != first

    wizard.run(scene, lite, start_at=Step.REVIEW)
    assert len(list_runs(lite.deployment)) == 2


def test_who_comes_back_sees_the_plan_that_was_approved_and_makes_no_other_unasked(
    wizard: Wizard, on_free_ports: Interview
) -> None:
    lite = on_free_ports

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        async def come_back(text: str) -> None:
            app.go_to(Step.MODULES)
            await until(pilot, lambda: isinstance(app.screen, ModulesScreen))
            app.go_to(Step.REVIEW)
            await told(app, pilot, text)

        await told(app, pilot, "3 to create")
        run = app.guide.run
        assert run is not None
        app.guide.approve(empty=False)
        await come_back("This is being applied")
        assert "MLflow" in _shown(app, "#plan-text")
        app.guide.note_ending(run, RunEnding(run.id, "apply", "done", stale=False, diagnoses=()))
        await come_back("This was applied")
        assert app.guide.run == run
        app.guide.touch()
        await come_back("3 to create")

    wizard.run(scene, lite, start_at=Step.REVIEW)
    assert len(list_runs(lite.deployment)) == 2


def test_problems_are_listed_and_enter_goes_to_the_field(wizard: Wizard, on_free_ports: Interview) -> None:
    lite = on_free_ports

    lite.set_value("jupyterhub_port", 80)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        assert app.screen.query_one("#problems", OptionList).option_count == 1
        assert "1 to settle" in _shown(app, "#plan-state")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ParametersScreen)

    wizard.run(scene, lite, start_at=Step.REVIEW)
    assert not lite.deployment.folder.exists()


def test_a_taken_port_is_said_at_its_field_until_it_is_changed_or_free(
    wizard: Wizard, on_free_ports: Interview
) -> None:
    lite = on_free_ports
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        lite.set_value("mlflow_port", taken)

        async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
            await settled(app, pilot)
            assert "not ready, nothing was changed: 1 to settle" in _shown(app, "#plan-state")
            await pilot.press("enter")
            await settled(app, pilot)
            assert isinstance(app.screen, ParametersScreen)
            app.screen.check_rules(app.guide.edits)
            await settled(app, pilot)
            row = app.screen.form.row("mlflow_port")
            assert row is not None
            assert f"Port {taken} is taken" in row.problem, "what Terraform finds right says nothing of the machine"
            assert "--set" not in row.problem
            assert app.guide.status(Step.PARAMETERS) == "problem"
            await pilot.press("f3")
            await settled(app, pilot)
            assert "1 to settle" in _shown(app, "#plan-state"), "the machine is looked at again"
            stranger.close()
            await pilot.press("f5")
            await settled(app, pilot)
            assert "3 to create" in _shown(app, "#plan-state")
            assert app.guide.status(Step.PARAMETERS) == "done"

        wizard.run(scene, lite, start_at=Step.REVIEW)


def test_who_comes_back_after_a_refused_plan_sees_what_is_in_the_way_now(
    wizard: Wizard, on_free_ports: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, asleep = planned.make_plan, [True]

    def refuse(*given: Any, **named: Any) -> Planned:
        if asleep[0]:
            raise PreflightError("the machine is asleep.", hint="Wake it.")
        return make(*given, **named)

    monkeypatch.setattr(planned, "make_plan", refuse)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        assert _shown(app, "#plan-state") == "! The machine is asleep."
        for awake, told in ((False, "! The machine is asleep."), (True, "3 to create")):
            asleep[0] = not awake
            app.go_to(Step.MODULES)
            await pilot.pause()
            app.go_to(Step.REVIEW)
            await settled(app, pilot)
            assert told in _shown(app, "#plan-state")

    wizard.run(scene, on_free_ports, start_at=Step.REVIEW)


def test_a_no_leaves_everything_as_it_was(wizard: Wizard, on_free_ports: Interview) -> None:
    lite = on_free_ports

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        assert isinstance(app.focused, Button)
        await pilot.press("escape")
        await settled(app, pilot)
        assert not app.guide.applying

    wizard.run(scene, lite, start_at=Step.REVIEW)
    assert not wizard.of(ApplyBegun)
    assert not lite.deployment.answers.exists()


def test_what_loses_data_needs_the_name_typed(wizard: Wizard, on_free_ports: Interview) -> None:
    lite = on_free_ports

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        assert app.guide.planned is not None
        lost = Change("kubernetes_namespace_v1.data", "mlflow", "delete")
        summary: PlanSummary = replace(app.guide.planned.summary, changes=(lost,))
        app.guide.planned = Planned(app.guide.planned.run, summary, ())
        app.screen.answers_changed()  # type: ignore[attr-defined]  # the screen under test is a StepScreen
        await pilot.pause()
        assert "loses data" in _shown(app, "#plan-state")
        await pilot.press("f3")
        await pilot.pause()
        await pilot.press(*"yes", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen), "yes is not the word"
        assert "not laptop-lite" in _shown(app, "#said")
        await pilot.press("escape")

    wizard.run(scene, lite, start_at=Step.REVIEW)
    assert not wizard.of(ApplyBegun)


def test_a_taken_port_is_found_before_anything_changes(wizard: Wizard, on_free_ports: Interview) -> None:
    lite = on_free_ports

    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        lite.set_value("mlflow_port", stranger.getsockname()[1])

        async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
            await settled(app, pilot)
            problems = app.screen.query_one("#problems", OptionList)
            assert "port" in str(problems.get_option_at_index(0).prompt)
            assert app.guide.status(Step.PARAMETERS) == "problem", "the field to change is known"

        wizard.run(scene, lite, start_at=Step.REVIEW)
    assert wizard.of(PlanRefused)
    assert not lite.deployment.folder.exists()


def test_the_answers_of_the_plan_are_those_on_the_screen(wizard: Wizard, on_free_ports: Interview) -> None:
    lite = on_free_ports

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)

    app = wizard.run(scene, lite, start_at=Step.REVIEW)
    assert app.guide.run is not None
    assert read_record(app.guide.run).state == "planned"
    assert read_answers(app.guide.run.answers, lite.catalogue).parameters == lite.answers.parameters


@pytest.mark.parametrize(("keys", "made"), [(("down", "enter"), True), (("escape",), False)])
def test_what_an_interrupted_apply_left_is_removed_only_when_told_so(
    wizard: Wizard, on_free_ports: Interview, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], made: bool
) -> None:
    left = HelmRelease("mlflow", "ml", "pending-upgrade", 2, "secret")

    def look(context: object, prepared: object, may_repair: Callable[[list[HelmRelease]], bool]) -> tuple[()]:
        # What a cluster has after a kill in mid-apply; tests/cluster provokes it for the command line.
        if not may_repair([left]):
            raise PreflightError("the cluster is not ready", problems=[Problem("mlflow", "is half-made.")])
        return ()

    monkeypatch.setattr(target(on_free_ports.target).planning, "refuse_unfit", look)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        while not isinstance(app.screen, ConfirmScreen):
            await pilot.pause(0.02)
        assert "mlflow in ml (pending-upgrade)" in _shown(app, ".dialog-text")
        await pilot.press(*keys)
        await settled(app, pilot)

    app = wizard.run(scene, on_free_ports, start_at=Step.REVIEW)
    assert bool(wizard.of(PlanMade)) is made
    assert bool(wizard.of(PlanRefused)) is not made
    assert app.guide.plan_fits is made
