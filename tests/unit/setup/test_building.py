"""The layers of answers, the same for the verbs and the guided setup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.conftest import Install

from mlops_install.answers.model import Answers, Backend
from mlops_install.errors import UsageError
from mlops_install.setup.building import Layers
from mlops_install.setup.interview import Interview
from mlops_install.setup.prepare import Request, prepare
from mlops_install.targets.context import Context

STATES = Backend("s3", {"bucket": "states", "key": "team"})
PRESET = """\
format: 1
title: With a place for its state
target: local
modules: [jupyterhub]
parameters: {jupyterhub_port: 8100}
backend: {type: s3, config: {bucket: states, key: team}}
"""


@pytest.fixture
def preset(tmp_path: Path) -> str:
    path = tmp_path / "team.yaml"
    path.write_text(PRESET)
    return str(path)


def test_a_first_installation_takes_the_presets_backend(context: Context, preset: str) -> None:
    assert prepare(context, Request(preset)).answers.backend == STATES
    assert Interview.from_preset(context, preset).prepared().answers.backend == STATES


def test_what_is_installed_keeps_its_state_whoever_asks(context: Context, preset: str, install: Install) -> None:
    first = Interview.from_preset(context, preset).prepared()
    install(replace(first, answers=replace(first.answers, backend=Backend())))
    assert prepare(context, Request(preset)).answers.backend == Backend()
    assert Interview.from_preset(context, preset).prepared().answers.backend == Backend()
    assert prepare(context, Request(preset, from_preset=True)).answers.backend == STATES


def test_a_draft_takes_the_place_of_what_it_began_on() -> None:
    installed = Answers("demo", "local", ("mlflow",))
    draft = replace(installed, modules=("jupyterhub",))
    assert Layers(installed=installed, draft=draft).answers("demo") == draft


def test_there_is_a_layer_at_least() -> None:
    with pytest.raises(UsageError):
        Layers().answers("demo")
