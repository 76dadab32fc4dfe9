"""The three ways of answering the same questions: by nobody, in plain lines, on the screens."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, OptionList

from mlops_install.answers.document import dump_answers
from mlops_install.catalogue.model import Parameter, TypeSpec, Value
from mlops_install.deployment.prepared import Prepared
from mlops_install.errors import CancelledError
from mlops_install.prompts.guided import ask_all
from mlops_install.prompts.review_list import list_items
from mlops_install.prompts.secret_field import ways_of
from mlops_install.setup.candidate import candidate_tfvars
from mlops_install.setup.interview import Interview
from mlops_install.setup.prepare import Request, prepare
from mlops_install.targets.context import Context
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens.object import AttributeRow, ObjectScreen, value_at
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.choice import ChoiceField, Menu
from mlops_install.tui.widgets.fields.field import Field
from mlops_install.tui.widgets.fields.items import ItemsField
from mlops_install.tui.widgets.fields.json_text import JsonField
from mlops_install.tui.widgets.fields.mapping import Entry, MapField
from mlops_install.tui.widgets.fields.objects import ObjectsField
from mlops_install.tui.widgets.fields.row import FieldRow
from mlops_install.tui.widgets.fields.secret import SecretField
from mlops_install.tui.widgets.fields.switch import SwitchField
from mlops_install.tui.widgets.fields.text import TextField
from tests.tui.conftest import Wizard


@dataclass(frozen=True)
class Script:
    """What an operator answers: modules switched, then values given, then how secrets come, each in turn."""

    preset: str
    """A preset's name or file."""
    toggles: tuple[str, ...] = ()
    values: tuple[tuple[str, Value], ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()
    """References: `env:NAME`, `file:PATH`; `typed:VALUE` stands for a secret that is typed."""
    backend: str = ""
    """Where Terraform's state is kept, as it is typed; empty where nothing is said. Only a preset says it otherwise."""


def files(prepared: Prepared) -> tuple[str, str]:
    """Return answers.yaml and terraform.tfvars.json as a plan of these answers writes them."""
    tfvars = candidate_tfvars(prepared.deployment, prepared.catalogue, prepared.answers, prepared.secrets.values)
    return dump_answers(prepared.answers, comment=""), json.dumps(tfvars, indent=2, sort_keys=True) + "\n"


def by_nobody(context: Context, script: Script) -> tuple[str, str]:
    """Give everything on the command line; a typed secret comes as from its hidden question."""
    interview = Interview.from_preset(context, script.preset)
    before = set(interview.modules)
    for module in script.toggles:
        interview.toggle_module(module)
    typed = {name: reference.removeprefix("typed:") for name, reference in script.secrets if _is_typed(reference)}
    given = [*script.values, *(pair for pair in script.secrets if pair[0] not in typed)]
    return files(
        prepare(
            context,
            Request(
                preset=script.preset,
                sets=tuple(f"{name}={_as_text(value)}" for name, value in given),
                modules=tuple(sorted(set(interview.given.modules) - before)),
                without=tuple(sorted(before - set(interview.modules))),
                references=dict.fromkeys(typed, "typed"),
                typed=typed,
            ),
        )
    )


def _is_typed(reference: str) -> bool:
    return reference.startswith("typed:")


def _as_text(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def in_lines(context: Context, script: Script) -> tuple[str, str]:
    """Type numbers and values at the plain questions of a dumb terminal."""
    interview = Interview.from_preset(context, script.preset)
    said = io.StringIO()
    output = Vt100_Output(said, lambda: Size(rows=40, columns=100), term="dumb", enable_cpr=False)
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=output):
        for line in [">", *_typed(context, script), ""]:
            pipe.send_text(f"{line}\n")
        # One question too many ends it, rather than waiting for ever.
        pipe.close()
        try:
            ask_all(interview, lambda: None)
        except CancelledError:
            raise AssertionError(f"it went on asking:\n{said.getvalue()[-16000:]}") from None
    return files(interview.prepared())


def _typed(context: Context, script: Script) -> list[str]:
    """Return the lines that answer the script in the review list; another interview tells the numbers."""
    guide = Interview.from_preset(context, script.preset)
    lines: list[str] = [_number(guide, "the state"), script.backend] if script.backend else []
    if script.toggles:
        lines.append(_number(guide, "the modules"))
        for module in script.toggles:
            lines.append(str(list(guide.catalogue.modules).index(module) + 1))
            if guide.toggle_module(module):
                lines.append("yes")
        lines.append("")
    for name, value in script.values:
        lines += [_number(guide, name), *_answer(guide.catalogue.parameters[name], guide.value_of(name), value)]
        guide.set_value(name, value)
    for name, reference in script.secrets:
        way, _, rest = reference.partition(":")
        question = next(q for form in guide.questions() for q in form.questions() if q.parameter.name == name)
        ways = [key for key, _ in ways_of(guide, question, guide.secret_state(name))]
        lines += [_number(guide, name), str(ways.index(way) + 1), rest]
        guide.set_secret(name, way if way == "typed" else reference, rest if way == "typed" else None)
    return lines


def _number(guide: Interview, key: str) -> str:
    return str([item.key for item in list_items(guide)].index(key) + 1)


def _answer(parameter: Parameter, before: Value, value: Value) -> list[str]:
    if parameter.choices:
        return [str(list(parameter.choices).index(value) + 1)]
    return list(_said(parameter.type, before, value))


def _said(spec: TypeSpec, before: Value, value: Value) -> Iterator[str]:
    """Yield what is typed to make one value of another: the parts one by one where one line can't say it."""
    if isinstance(value, bool):
        yield "yes" if value else "no"
    elif spec.kind == "list" and spec.element:
        if spec.element.kind == "string" and not any("," in item for item in [*value, *(before or ())]):
            yield ", ".join(value) or "-"
            return
        if spec.element.kind == "string":
            yield "*"
        yield from ["remove 1"] * len(before or ())
        for item in value:
            yield "add"
            yield from _said(spec.element, None, item)
        yield ""
    elif spec.kind == "map":
        yield from ["remove 1"] * len(before or {})
        for key, item in value.items():
            yield from ("add", key, item)
        yield ""
    elif spec.kind == "object":
        for name, inner in spec.attributes.items():
            if name in value:
                yield from _said(inner, None, value[name])
            else:
                yield from [""] * _questions(inner)
    else:
        yield (json.dumps(value) if spec.kind == "any" else str(value)) if value != "" else "-"


def _questions(spec: TypeSpec) -> int:
    """Return how many questions an untouched attribute asks."""
    return sum(map(_questions, spec.attributes.values())) if spec.attributes else 1


def on_screens(context: Context, script: Script) -> tuple[str, str]:
    """Choose and fill in on the screens."""
    interview = Interview.from_preset(context, script.preset)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        if script.backend:
            state = app.screen.query_one("#state", Input)
            state.focus()
            state.value = script.backend
            await pilot.press("enter")
            await pilot.pause()
        for module in script.toggles:
            modules = app.screen.query_one("#modules", OptionList)
            modules.highlighted = modules.get_option_index(module)
            takes_along = bool(interview.departures(module))
            await pilot.press("space")
            if takes_along:
                await pilot.press("down", "enter")
            await pilot.pause()
        for name, value in script.values:
            row = await _row(app, pilot, name)
            assert isinstance(row.field, Field)
            await _fill(app, pilot, row.field, value)
            assert row.field.given_value() == value, f"{name} shows {row.field.given_value()}"
        for name, reference in script.secrets:
            row = await _row(app, pilot, name)
            way, _, rest = reference.partition(":")
            assert isinstance(row.field, SecretField)
            row.field.query_one(Menu).value = way
            await pilot.pause()
            row.field.query_one(Input).value = rest
            await pilot.pause()

    Wizard(context).run(scene, interview, start_at=Step.TARGET if script.backend else Step.MODULES, size=(120, 40))
    return files(interview.prepared())


async def _row(app: WizardApp, pilot: Pilot[int], name: str) -> FieldRow:
    """Go to a parameter; what workers find out meanwhile isn't waited for, as nobody would."""
    app.show_parameter(name)
    for _ in range(100):
        await pilot.pause()
        found = [row for row in app.screen.query(FieldRow) if row.parameter_name == name and row.has_focus_within]
        if found:
            return found[0]
    raise AssertionError(f"the cursor never came to {name}")


async def _fill(app: WizardApp, pilot: Pilot[int], field: Field, value: Value) -> None:
    """Answer a field by its own keys and lines."""
    if isinstance(field, ObjectsField):
        await _fill_objects(app, pilot, field, value)
    elif isinstance(field, MapField | ItemsField):
        await _fill_lines(pilot, field, value)
    elif isinstance(field, SwitchField):
        field.focus()
        await pilot.press("y" if value else "n")
    elif isinstance(field, ChoiceField):
        field.value = str(list(field.facts.choices).index(value))
    elif isinstance(field, JsonField):
        field.text = json.dumps(value)
    else:
        assert isinstance(field, TextField)
        field.value = str(value)
    await pilot.pause()


async def _fill_lines(pilot: Pilot[int], field: MapField | ItemsField, value: Value) -> None:
    kind: type[Widget] = Entry if isinstance(field, MapField) else Input
    field.query(Input).first().focus()
    await pilot.pause()
    for _ in range(len(field.query(kind)) - 1):
        await pilot.press("f8")
        await pilot.pause()
    for item in value.items() if isinstance(field, MapField) else value:
        for line, text in zip(list(field.query(Input))[-2 if kind is Entry else -1 :], _texts(item), strict=True):
            line.value = text
            await pilot.pause()


def _texts(item: Value) -> tuple[str, ...]:
    return item if isinstance(item, tuple) else (item,)


async def _fill_objects(app: WizardApp, pilot: Pilot[int], field: ObjectsField, value: Value) -> None:
    field.focus()
    for _ in field.given_value():
        field.cursor = 0
        await pilot.press("f8")
    for place, item in enumerate(value):
        field.cursor = place
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ObjectScreen)
        for row in app.screen.query(AttributeRow):
            inner = value_at(item, row.attribute)
            if inner != row.attribute.default:
                await _fill(app, pilot, row.query_one(".field", Field), inner)
        await pilot.press("escape")
        await pilot.pause()
