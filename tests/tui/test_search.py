"""Find: any parameter by name or text, over all modules."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens.parameters import ParametersScreen
from mlops_install.tui.screens.search import SearchScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.row import FieldRow
from tests.tui.conftest import Wizard


def _prompts(app: WizardApp) -> list[str]:
    return [str(option.prompt) for option in app.screen.query_one("#search-matches", OptionList).options]


def _here(app: WizardApp) -> str:
    return next((row.parameter_name for row in app.screen.query(FieldRow) if row.has_focus_within), "")


def test_the_search_goes_to_the_field_of_another_module(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("ctrl+f", *"artifact")
        assert isinstance(app.screen, SearchScreen)
        assert _prompts(app)[0].startswith("MLflow: Artifact root")
        assert "keeps artifacts" in str(app.screen.query_one("#search-about", Static).render())
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ParametersScreen)
        assert _here(app) == "mlflow_artifact_root"

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_matches_that_are_not_asked_now_say_so(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("ctrl+f", *"dask dashboard")
        assert _prompts(app) == ["Dask: Port of the dashboard  dask_dashboard_port  (module not chosen)"]
        app.screen.query_one(Input).value = "client id"
        await pilot.pause()
        assert any(prompt.endswith("oauth_github_client_id  (not asked now)") for prompt in _prompts(app))
        app.screen.query_one(Input).value = "nothing has this"
        await pilot.pause()
        assert _prompts(app) == []
        assert str(app.screen.query_one("#search-about", Static).render()) == "Nothing has these words."

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_a_parameter_that_is_not_asked_leads_to_what_decides_it(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("ctrl+f", *"github client id", "enter")
        await pilot.pause()
        assert _here(app) == "oauth_github_enable"
        [said] = app._notifications
        assert said.title == "Client ID is not asked now"
        assert said.message == "It is asked only when “Sign in with GitHub” is yes."

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_the_arrows_choose_and_escape_goes_nowhere(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        before = _here(app)
        await pilot.press("ctrl+f", *"port", "down", "down", "up")
        assert app.screen.query_one("#search-matches", OptionList).highlighted == 1
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ParametersScreen)
        assert _here(app) == before

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_a_word_typed_at_once_overtakes_its_first_letters(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("ctrl+f", "p")
        screen = app.screen
        assert isinstance(screen, SearchScreen)
        found = screen.query_one("#search-matches", OptionList)
        late = OptionList.OptionHighlighted(found, found.options[-1], len(found.options) - 1)
        await pilot.press(*"roxy")
        screen.post_message(late)
        await pilot.pause()
        assert len(_prompts(app)) <= late.option_index
        assert app.is_running

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_the_search_opens_from_a_line_of_text_too(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.screen.query_one("#name", Input).focus()
        await pilot.press("home", "ctrl+f")
        assert isinstance(app.screen, SearchScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one("#name", Input).value == "laptop-lite"

    wizard.run(scene, lite, start_at=Step.TARGET)
