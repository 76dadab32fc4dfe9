"""The same answers give the same files, whoever asked: the screens, the plain lines, or nobody."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlops_install.answers.model import Backend
from mlops_install.answers.values import value_problems
from mlops_install.catalogue.model import Parameter, TypeSpec, Value
from mlops_install.catalogue.strict_yaml import parse_yaml
from mlops_install.deployment.root.backend import note_backend
from mlops_install.inspect.inspection import presets
from mlops_install.setup import drafts
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from tests.tui.kinds import kinds_context, leave_approved
from tests.tui.ways import Script, by_nobody, files, in_lines, on_screens

ASKED_BY: Sequence[Callable[[Context, Script], tuple[str, str]]] = (in_lines, on_screens)

KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: one, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: one, user: {token: none}}]
contexts: [{name: one, context: {cluster: one, user: one}}]
"""
"""A cluster that nothing is asked of: its name is a part of the answers."""

NEEDED: dict[str, Value] = {
    "domain": "ml.example.org",
    "ingress_class": "nginx",
    "jhub_proxy_https_hosts": ["hub.example.org"],
    "jhub_proxy_https_letsencrypt_contact_email": "ops@example.org",
    "oauth_github_client_id": "Iv1.0123456789abcdef",
    "postgresql_external_host": "db.example.org",
    "object_store_external_endpoint": "https://s3.example.org",
}
"""What the presets that ask for values are answered."""

MORE: dict[str, Value] = {
    "oauth_github_allowed_organizations": ["example-org", "other-org:team-a"],
    "singleuser_profile_list": [
        {"display_name": "Small", "description": "One core", "default": True, "kubespawner_override": {"cpu_limit": 1}},
        {"display_name": "GPU: large", "kubespawner_override": {"image": "team/gpu:1.2"}},
    ],
    "singleuser_image_pull_secrets": [{"name": "pull-one"}, {"name": "pull-two"}],
    "prefect_annotations": {"team": "data, science", "prometheus.io/scrape": "true"},
}
"""Who may sign in, lists of objects and a map, given to each of these presets."""


@pytest.fixture
def connected(context: Context) -> Context:
    """A machine with a kubeconfig of one context."""
    kubeconfig = context.environment.home / ".kube" / "config"
    kubeconfig.parent.mkdir(parents=True)
    kubeconfig.write_text(KUBECONFIG)
    return context


def compare(context: Context, script: Script) -> None:
    wanted = by_nobody(context, script)
    for asked in ASKED_BY:
        assert asked(context, script) == wanted, f"{script} {asked.__name__}"


def test_every_preset_that_asks_for_nothing(connected: Context) -> None:
    names = [preset.id for preset in presets(connected) if not set(preset.needs) - {"kube_context"}]
    assert set(names) >= {"laptop", "laptop-lite", "kind", "small-cluster"}
    for name in names:
        compare(connected, Script(name))


def test_every_preset_that_asks_for_values_and_secrets(connected: Context) -> None:
    for script, context in asking_scripts(connected):
        compare(context, script)


def asking_scripts(connected: Context) -> Iterator[tuple[Script, Context]]:
    """Yield for each preset that asks what it is answered, and where that can be read."""
    asking = {p.id: set(p.needs) - {"kube_context"} for p in presets(connected) if set(p.needs) - {"kube_context"}}
    assert set(asking) >= {"team-github", "production"}
    for name, needs in asking.items():
        guide = Interview.from_preset(connected, name)
        values = []
        given = {key: value for key, value in NEEDED.items() if key in needs}
        for key, value in {**given, **MORE}.items():
            if key in {q.parameter.name for form in guide.questions() for q in form.questions()}:
                guide.set_value(key, value)
                values.append((key, value))
        secrets = sorted(n for n in needs if guide.catalogue.parameters[n].sensitive)
        script = Script(
            name,
            values=tuple(values),
            secrets=tuple((secret, f"env:A_{secret.upper()}") for secret in secrets),
        )
        assert needs <= {key for key, _ in (*script.values, *script.secrets)}, f"{name} asks for something new"
        yield script, with_variables(connected, {f"A_{secret.upper()}": f"of {secret}" for secret in secrets})


def every_script(connected: Context) -> Iterator[tuple[Script, Context]]:
    """Yield one script for each preset, and the surroundings in which its answers can be read."""
    for preset in presets(connected):
        if not set(preset.needs) - {"kube_context"}:
            yield Script(preset.id), connected
    yield from asking_scripts(connected)


def answered(context: Context, script: Script) -> Interview:
    """Return a setup on the preset in which the script was answered."""
    interview = Interview.from_preset(context, script.preset)
    for name, value in script.values:
        interview.set_value(name, value)
    for name, reference in script.secrets:
        interview.set_secret(name, reference)
    return interview


def test_every_preset_on_what_is_installed(connected: Context) -> None:
    """Installed with other answers than the preset's, and with its state in a place of its own."""
    for number, (script, context) in enumerate(every_script(connected)):
        prepared = answered(context, script).prepared()
        other = Backend() if number % 2 else Backend("s3", {"bucket": "states", "key": script.preset})
        more = {"singleuser_packages": ["polars"]}
        changed = replace(prepared.answers, backend=other, parameters={**prepared.answers.parameters, **more})
        deployment = leave_approved(replace(prepared, answers=changed))
        note_backend(deployment, other)
        compare(context, Script(script.preset))
        answers, _ = by_nobody(context, Script(script.preset))
        backend = parse_yaml(answers, source="answers.yaml").value["backend"]
        assert backend["type"] == other.type


def test_every_preset_beside_a_draft(connected: Context) -> None:
    """A preset that is asked for begins anew; the draft, resumed, is what the same answers give to `quick`."""
    for script, context in every_script(connected):
        draft = answered(context, script)
        drafts.save(draft)
        resumed = Interview.resume(context, draft.draft)
        assert files(resumed.prepared()) == by_nobody(context, script), script
        other = answered(context, script)
        other.set_value("singleuser_packages", ["polars"])
        drafts.save(other)
        compare(context, script)


def with_variables(context: Context, variables: dict[str, str]) -> Context:
    known = {**context.environment.variables, **variables}
    return replace(context, environment=replace(context.environment, variables=known))


@contextmanager
def place_of_its_own(context: Context) -> Iterator[Context]:
    """Yield the context with empty places of its own for what it writes."""
    # A draft may still be being written beside the event loop when the wizard has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        yield replace(
            context, environment=replace(context.environment, data_home=home / "data", state_home=home / "state")
        )


STATE = """\
format: 1
title: With its state elsewhere
description: As a team has it.
target: local
modules: [mlflow]
"""


@pytest.mark.parametrize(
    ("line", "document"),
    [
        ("local path=kept/state.tfstate", "{type: local, config: {path: kept/state.tfstate}}"),
        ("s3 bucket=states use_lockfile=true", "{type: s3, config: {bucket: states, use_lockfile: true}}"),
    ],
)
def test_where_the_state_is_kept(context: Context, line: str, document: str) -> None:
    presets = {}
    for place, text in {"given": f"{STATE}backend: {document}\n", "asked": STATE}.items():
        presets[place] = context.environment.home / place / "mine.yaml"
        presets[place].parent.mkdir()
        presets[place].write_text(text)
    wanted = by_nobody(context, Script(str(presets["given"])))
    for asked in ASKED_BY:
        assert asked(context, Script(str(presets["asked"]), backend=line)) == wanted, asked.__name__


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_chosen_and_answered(data: st.DataObject, context: Context) -> None:
    with place_of_its_own(context) as own:
        preset = data.draw(st.sampled_from(["laptop", "laptop-lite"]))
        guide = Interview.from_preset(own, preset)
        toggles = data.draw(st.lists(st.sampled_from(list(guide.catalogue.modules)), unique=True, max_size=2))
        for module in toggles:
            guide.toggle_module(module)
        script = Script(preset, tuple(toggles), drawn_values(data, guide, of_local, most=3))
        # What the stack's own rules refuse, as a port for two, nobody gets as far as a plan with.
        assume(guide.modules and not guide.problems() and not guide.check_with_terraform())
        compare(own, script)


PRESET = """\
format: 1
title: Everything of every kind
description: Asks for a key.
target: kinds
modules: [tool]
parameters: {tool_text: named, tool_names: ["a, with a comma", b]}
secrets: {tool_token: generated}
"""


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_answered_of_any_kind(data: st.DataObject, kinds: Context) -> None:
    preset = kinds.environment.home / "kinds-of-all.yaml"
    preset.write_text(PRESET)
    with place_of_its_own(kinds) as own:
        guide = Interview.from_preset(own, str(preset))
        values = drawn_values(data, guide, of_any_kind, most=4)
        secrets = [("tool_key", data.draw(_SOURCES)), *data.draw(st.sampled_from([[], [("tool_token", "env:KEY")]]))]
        for name, reference in secrets:
            way, _, value = reference.partition(":")
            guide.set_secret(name, way if way == "typed" else reference, value)
        assume(not guide.problems() and not guide.check_with_terraform())
        compare(own, Script(str(preset), (), values, tuple(secrets)))


@pytest.fixture
def kinds(context: Context) -> Context:
    """The made-up target, with a variable and a file that hold a secret."""
    made = kinds_context(context)
    (context.environment.working_directory / "key.txt").write_text("from a file\n")
    return with_variables(made, {"KEY": "from a variable"})


_SOURCES = st.sampled_from(["env:KEY", "file:key.txt", "typed:Some thing long, and typed!"])
_PORTS = st.integers(20000, 60000)
_PACKAGES = st.lists(st.sampled_from(["polars", "seaborn", "lightgbm>=4", "pandas>=2,<3"]), unique=True, max_size=3)
_TEXTS = st.sampled_from(["plain", "two words", "1.10", "true", "null", "a=b: c # d", "- dash", "ünïcode ✓", "{}"])
_JSON = st.recursive(_PORTS | st.booleans() | _TEXTS, lambda inner: st.dictionaries(_TEXTS, inner, max_size=2))


Made = Callable[[Parameter], st.SearchStrategy[Value] | None]


def drawn_values(data: st.DataObject, guide: Interview, made_up: Made, *, most: int) -> tuple[tuple[str, Value], ...]:
    """Draw what is answered, and answer it to `guide`, which knows what is asked next."""
    values: dict[str, Value] = {}
    for _ in range(data.draw(st.integers(0, most))):
        asked = [q.parameter for form in guide.questions() for q in form.questions() if not q.secret]
        known = [(p, made) for p in asked if p.name not in values and (made := made_up(p)) is not None]
        if not known:
            break
        parameter, made = data.draw(st.sampled_from(known), label="parameter")
        value = data.draw(made)
        assume(not value_problems(parameter, value))
        guide.set_value(parameter.name, value)
        values[parameter.name] = value
    return tuple(values.items())


def of_local(parameter: Parameter) -> st.SearchStrategy[Value] | None:
    """Return values of a real parameter; None for one whose values can't be made up."""
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    element = parameter.type.element.kind if parameter.type.element else ""
    free = parameter.type.kind in ("bool", "number") or (parameter.type.kind == "list" and element == "string")
    return _of_type(parameter.type) if free else None


def of_any_kind(parameter: Parameter) -> st.SearchStrategy[Value]:
    """Return values of the made-up target's parameters."""
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.type.element and parameter.type.element.attributes:
        return st.lists(_of_type(parameter.type.element), min_size=1, max_size=3).map(one_default)
    return _of_type(parameter.type)


def one_default(items: list[dict[str, Value]]) -> list[dict[str, Value]]:
    """Let the first object be the only default, as the form does."""
    return [
        {name: True if name == "default" else value for name, value in item.items() if place == 0 or name != "default"}
        for place, item in enumerate(items)
    ]


def _of_type(spec: TypeSpec) -> st.SearchStrategy[Value]:
    match spec.kind:
        case "string":
            return _TEXTS
        case "number":
            return _PORTS
        case "bool":
            return st.booleans()
        case "list":
            return _PACKAGES
        case "map":
            return st.dictionaries(_TEXTS, _TEXTS, max_size=2)
        case "object":
            needed = {"default"} | (spec.attributes.keys() - spec.optional.keys())
            required = {name: _of_type(inner) for name, inner in spec.attributes.items() if name in needed}
            optional = {name: _of_type(spec.attributes[name]) for name in spec.optional if name not in needed}
            made = st.fixed_dictionaries(required, optional=optional)
            return made.map(lambda item: {name: item[name] for name in spec.attributes if name in item})
        case _:
            return st.dictionaries(_TEXTS, _JSON, max_size=2)
