"""The same answers give the same files, whoever asked: the screens, the plain lines, or nobody."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from textual.pilot import Pilot
from textual.widgets import OptionList

from mlops_install.answers.document import dump_answers
from mlops_install.answers.values import value_problems
from mlops_install.catalogue.model import Parameter, Value
from mlops_install.operations.candidate import candidate_tfvars
from mlops_install.operations.context import Context
from mlops_install.operations.inspection import presets
from mlops_install.operations.interview import Interview
from mlops_install.operations.prepare import Prepared, Request, prepare
from mlops_install.prompts.guided import ask_all
from mlops_install.prompts.review_list import list_items
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens.parameters import ParametersScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.row import FieldRow
from tests.tui.conftest import Wizard, settled


@dataclass(frozen=True)
class Script:
    """What an operator answers: modules switched, then values given, in turn."""

    preset: str
    toggles: tuple[str, ...] = ()
    values: tuple[tuple[str, Value], ...] = ()


def files(prepared: Prepared) -> tuple[str, str]:
    """Return answers.yaml and terraform.tfvars.json as a plan of these answers writes them."""
    tfvars = candidate_tfvars(prepared.deployment, prepared.catalogue, prepared.answers, prepared.secrets.values)
    return dump_answers(prepared.answers, comment=""), json.dumps(tfvars, indent=2, sort_keys=True) + "\n"


def by_nobody(context: Context, script: Script) -> tuple[str, str]:
    """Give everything on the command line."""
    interview = Interview.from_preset(context, script.preset)
    before = set(interview.modules)
    for module in script.toggles:
        interview.toggle_module(module)
    chosen = set(interview.given.modules)
    return files(
        prepare(
            context,
            Request(
                preset=script.preset,
                sets=tuple(f"{name}={_as_text(value)}" for name, value in script.values),
                modules=tuple(sorted(chosen - before)),
                without=tuple(sorted(before - set(interview.modules))),
            ),
        )
    )


def _as_text(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def in_lines(context: Context, script: Script) -> tuple[str, str]:
    """Type numbers and values at the plain questions of a dumb terminal."""
    interview = Interview.from_preset(context, script.preset)
    output = Vt100_Output(io.StringIO(), lambda: Size(rows=40, columns=100), term="dumb", enable_cpr=False)
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=output):
        for line in [">", *_typed(context, script), ""]:
            pipe.send_text(f"{line}\n")
        ask_all(interview, lambda: None)
    return files(interview.prepared())


def _typed(context: Context, script: Script) -> list[str]:
    """Return the lines that answer the script in the review list; another interview tells the numbers."""
    guide = Interview.from_preset(context, script.preset)
    lines: list[str] = []
    if script.toggles:
        lines.append(_number(guide, "the modules"))
        for module in script.toggles:
            lines.append(str(list(guide.catalogue.modules).index(module) + 1))
            if guide.toggle_module(module):
                lines.append("yes")
        lines.append("")
    for name, value in script.values:
        lines += [_number(guide, name), *_answer(guide.catalogue.parameters[name], value)]
        guide.set_value(name, value)
    return lines


def _number(guide: Interview, key: str) -> str:
    return str([item.key for item in list_items(guide)].index(key) + 1)


def _answer(parameter: Parameter, value: Value) -> list[str]:
    if parameter.choices:
        return [str(list(parameter.choices).index(value) + 1)]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [", ".join(map(str, value)) if value else "-"]
    return [str(value) if value != "" else "-"]


def on_screens(context: Context, script: Script) -> tuple[str, str]:
    """Choose and fill in on the screens."""
    interview = Interview.from_preset(context, script.preset)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        for module in script.toggles:
            modules = app.screen.query_one("#modules", OptionList)
            modules.highlighted = modules.get_option_index(module)
            takes_along = bool(interview.departures(module))
            await pilot.press("space")
            if takes_along:
                await pilot.press("down", "enter")
            await pilot.pause()
        for name, value in script.values:
            app.show_parameter(name)
            await settled(app, pilot)
            assert isinstance(app.screen, ParametersScreen)
            row = next(row for row in app.screen.query(FieldRow) if row.parameter_name == name)
            field = row.field
            field.take_value(value)  # type: ignore[union-attr]  # a setting's field, never a secret's
            assert field.given_value() == value, "what it shows is what it was given"  # type: ignore[union-attr]
            field.tell(value)  # type: ignore[union-attr]
            await pilot.pause()

    Wizard(context).run(scene, interview, start_at=Step.MODULES, size=(120, 40))
    return files(interview.prepared())


ASKED_BY: Sequence[Callable[[Context, Script], tuple[str, str]]] = (in_lines, on_screens)


KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: one, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: one, user: {token: none}}]
contexts: [{name: one, context: {cluster: one, user: one}}]
"""


def test_every_preset_as_it_stands(context: Context) -> None:
    # Nothing is asked of the cluster: its name is a part of the answers.
    kubeconfig = context.environment.home / ".kube" / "config"
    kubeconfig.parent.mkdir(parents=True)
    kubeconfig.write_text(KUBECONFIG)
    names = [preset.id for preset in presets(context) if not set(preset.needs) - {"kube_context"}]
    assert set(names) >= {"laptop", "laptop-lite", "kind", "small-cluster"}
    for name in names:
        script = Script(name)
        wanted = by_nobody(context, script)
        for asked in ASKED_BY:
            assert asked(context, script) == wanted, f"{name} {asked.__name__}"


_PORTS = st.integers(20000, 60000)
_PACKAGES = st.lists(st.sampled_from(["polars", "seaborn", "lightgbm>=4", "pandas-gbq"]), unique=True, max_size=3)


def _value(parameter: Parameter) -> st.SearchStrategy[Value] | None:
    """Return values to give to a parameter; None for one whose values can't be made up."""
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    kinds = {"bool": st.booleans(), "number": _PORTS}
    if parameter.type.kind == "list" and parameter.type.element and parameter.type.element.kind == "string":
        return _PACKAGES
    return kinds.get(parameter.type.kind)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_chosen_and_answered(
    data: st.DataObject, context: Context, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fresh = replace(context.environment, data_home=home / "data", state_home=home / "state")
        own = Context(fresh, _catalogues=context._catalogues)
        guide = Interview.from_preset(own, data.draw(st.sampled_from(["laptop", "laptop-lite"])))
        script = _drawn(data, guide)
        assume(guide.modules and not guide.problems())
        wanted = by_nobody(own, script)
        for asked in ASKED_BY:
            assert asked(own, script) == wanted, asked.__name__


def _drawn(data: st.DataObject, guide: Interview) -> Script:
    """Draw what is answered, and answer it to `guide`, which knows what is asked next."""
    preset = guide.name
    toggles = data.draw(st.lists(st.sampled_from(list(guide.catalogue.modules)), unique=True, max_size=2))
    for module in toggles:
        guide.toggle_module(module)
    values: list[tuple[str, Value]] = []
    for _ in range(data.draw(st.integers(0, 3))):
        asked = [q.parameter for form in guide.questions() for q in form.questions() if not q.secret]
        named = {name for name, _ in values}
        known = [(p, made) for p in asked if p.name not in named and (made := _value(p)) is not None]
        if not known:
            break
        parameter, made = data.draw(st.sampled_from(known), label="parameter")
        value = data.draw(made)
        assume(not value_problems(parameter, value))
        guide.set_value(parameter.name, value)
        values.append((parameter.name, value))
    return Script(preset, tuple(toggles), tuple(values))
