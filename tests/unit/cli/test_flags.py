"""Flags mean the same before a verb and after it, and an impossible value is refused by every verb alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from mlops_install.cli import main, options
from mlops_install.cli.main import run
from mlops_install.cli.session import current_session
from mlops_install.errors import ExitCode

_NEVER_THERE = "/nonexistent/terraform"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    (tmp_path / "HOME").mkdir()


def _verbs(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each verb as it is typed, and the parser's command."""
    inner = getattr(command, "commands", {})
    if not inner:
        yield path, command
    for name, verb in inner.items():
        yield from _verbs(verb, (*path, name))


VERBS = list(_verbs(typer.main.get_command(main._application())))


def _arguments(command: Any) -> list[str]:
    """Return something for each argument that the verb requires."""
    return ["1" for item in command.params if item.param_type_name == "argument" and item.required]


@pytest.mark.parametrize(("path", "command"), VERBS, ids=[" ".join(path) for path, _ in VERBS])
def test_a_program_that_is_not_there_is_a_usage_error_of_every_verb(
    path: tuple[str, ...], command: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    flag = ["--terraform-bin", _NEVER_THERE]
    verb = [*path, *_arguments(command)]
    said = set()
    for line in ([*flag, *verb], [*verb, *flag]):
        assert run(line) == ExitCode.USAGE, line
        captured = capsys.readouterr()
        assert captured.out == ""
        said.add(captured.err)
    assert len(said) == 1
    assert f"there is no program {_NEVER_THERE}" in said.pop()


def test_without_a_verb_and_a_terminal_it_is_refused_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--terraform-bin", _NEVER_THERE]) == ExitCode.USAGE
    assert _NEVER_THERE in capsys.readouterr().err


def test_a_file_that_may_not_be_executed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "terraform").write_text("text")
    assert run(["presets", "--terraform-bin", str(tmp_path / "terraform")]) == ExitCode.USAGE
    assert "may not be executed" in capsys.readouterr().err


def test_a_refusal_is_a_document_where_the_verb_writes_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--terraform-bin", _NEVER_THERE, "presets", "-o", "json"]) == ExitCode.USAGE
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "usage"


def test_two_is_kept_for_changes_under_detailed_exitcode() -> None:
    assert run(["--terraform-bin", _NEVER_THERE, "plan", "--detailed-exitcode"]) == ExitCode.FAILED


def test_a_kubeconfig_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("status", "doctor", "plan", "models"):
        assert run([verb, "--kubeconfig", "/nonexistent/config"]) == ExitCode.USAGE
        assert "there is no file /nonexistent/config" in capsys.readouterr().err


def test_flags_before_a_verb_hold_for_it() -> None:
    assert run(["--ui", "plain", "--no-color", "presets"]) == 0
    assert (current_session().ui, current_session().no_color) == (options.UserInterface.PLAIN, True)
    assert run(["--ui", "plain", "--no-color", "preset", "show", "laptop"]) == 0
    assert (current_session().ui, current_session().no_color) == (options.UserInterface.PLAIN, True)


def test_what_stands_after_the_verb_wins() -> None:
    assert run(["--ui", "plain", "presets", "--ui", "tui"]) == 0
    assert current_session().ui is options.UserInterface.TUI
    assert run(["presets"]) == 0
    assert current_session().ui is options.UserInterface.AUTO


@pytest.mark.parametrize("flags", [[], ["--ui", "plain"], ["--no-color", "--ui=plain"]])
def test_terraforms_own_arguments_are_found_after_any_flags(
    flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*flags, "terraform", "demo", "--", "state", "list", "--", "-x"]) == ExitCode.USAGE
    assert "There is no deployment demo." in capsys.readouterr().err


def test_the_shared_flags_are_declared_once() -> None:
    """Wherever a verb has a flag of this name, it is the same one: name, short form, help and default."""
    kinds: dict[str, set[str]] = {}
    for _, command in VERBS:
        for item in command.params:
            if item.param_type_name == "option":
                kinds.setdefault(item.name, set()).add(repr((item.opts, item.help, item.default)))
    del kinds["name"], kinds["directory"]  # an argument of one verb is an option of another
    assert {name: declared for name, declared in kinds.items() if len(declared) > 1} == {}
    assert all(set(options.EVERYWHERE) <= {item.name for item in command.params} for _, command in VERBS)
