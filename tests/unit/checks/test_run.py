"""Checks are started clean, watched and read; the scripts here are small real ones."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from pathlib import Path

import pytest

from mlops_install.catalogue.model import Value
from mlops_install.checks import run

BODY = """
from probe.checks.steps import CheckError, main


def check(payload, steps):
{body}

main(check)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `probe` with the real `steps` and whatever script a test adds."""
    folder = tmp_path / "probe"
    (folder / "checks").mkdir(parents=True)
    for file in (folder / "__init__.py", folder / "checks" / "__init__.py"):
        file.write_text("", encoding="utf-8")
    shutil.copy(run.PACKAGE / "checks" / "steps.py", folder / "checks")
    monkeypatch.setattr(run, "PACKAGE", folder)
    return folder / "checks"


def check(
    package: Path,
    body: str,
    *,
    timeout: float = 60,
    environment: dict[str, str] | None = None,
    secrets: dict[str, Value] | None = None,
) -> run.CheckResult:
    text = BODY.format(body=textwrap.indent(textwrap.dedent(body), "    "))
    (package / "mlflow.py").write_text(text, encoding="utf-8")
    payload: dict[str, Value] = {"modules": ["mlflow"], "secrets": secrets or {}}
    return run.run_check(
        "mlflow", python=Path(sys.executable), payload=payload, timeout=timeout, environment=environment or {}
    )


def test_steps_are_reported_in_order(package: Path) -> None:
    found = check(
        package,
        """
        with steps.step("connect") as note:
            note.detail = "there"
        with steps.step("predict"):
            print("a library prints what it likes")
        """,
    )
    assert (found.status, found.message) == ("passed", "")
    assert [(step.name, step.ok, step.detail) for step in found.steps] == [
        ("connect", True, "there"),
        ("predict", True, ""),
    ]


def test_what_is_not_chosen_is_not_started(package: Path) -> None:
    found = run.run_check("dask", python=Path("/nowhere"), payload={"modules": ["mlflow"]}, timeout=1, environment={})
    assert found == run.CheckResult("dask", "not installed", 0.0, (), "")


def test_a_failing_step_names_itself_and_cleaning_up_goes_on(package: Path) -> None:
    found = check(
        package,
        """
        try:
            with steps.step("read back"):
                raise CheckError("expected 1, read 2")
        finally:
            with steps.step("clean up"):
                pass
        """,
    )
    assert (found.status, found.message) == ("failed", "read back: expected 1, read 2")
    assert [(step.name, step.ok) for step in found.steps] == [("read back", False), ("clean up", True)]


def test_nothing_is_inherited(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "of the caller")
    found = check(
        package,
        """
        import os, pathlib
        with steps.step("look") as note:
            note.detail = " ".join([*sorted(os.environ), str(pathlib.Path.home() == pathlib.Path.cwd())])
        """,
        environment={"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"},
    )
    names = found.steps[0].detail.split()
    assert "CANARY" not in names
    assert {"MLFLOW_TRACKING_URI", "HOME", "True"} <= set(names)


def test_the_home_is_gone_afterwards(package: Path) -> None:
    found = check(
        package,
        """
        import pathlib
        with steps.step("write") as note:
            (pathlib.Path.home() / "left").write_text("x")
            note.detail = str(pathlib.Path.home())
        """,
    )
    assert found.status == "passed"
    assert not Path(found.steps[0].detail).exists()


def test_secrets_never_come_back(package: Path) -> None:
    found = check(
        package,
        """
        with steps.step("log in"):
            raise ValueError(f"refused: {payload['secrets']['password']}")
        """,
        secrets={"password": "canary0123456789"},
    )
    assert "canary" not in repr(found)
    assert found.message == "log in: ValueError: refused: (hidden)"


def test_a_time_limit_ends_the_step_and_lets_it_clean_up(package: Path) -> None:
    found = check(
        package,
        """
        import signal
        try:
            with steps.step("wait for the worker"):
                signal.pause()
        finally:
            with steps.step("clean up"):
                pass
        """,
        timeout=3,
    )
    assert (found.status, found.message) == ("failed", "no result after 3 s, at the step: wait for the worker")
    assert [(step.name, step.ok) for step in found.steps] == [("wait for the worker", False), ("clean up", True)]


def test_a_script_that_never_ends_is_ended_with_its_children(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "GRACE", 0.1)
    found = check(
        package,
        """
        import os, signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = os.fork()
        if not child:
            while True:
                signal.pause()
        with steps.step(f"stuck {child}"):
            while True:
                signal.pause()
        """,
        timeout=3,
    )
    assert found.message.startswith("no result after 3 s, at the step: stuck ")
    child = Path("/proc", found.steps[0].name.split()[1], "stat")
    # Where no init reaps it, a zombie may stay.
    assert not child.exists() or child.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


def test_a_crash_shows_its_last_words(package: Path) -> None:
    found = check(
        package,
        """
        import os, sys
        with steps.step("import the client"):
            print("no such library", file=sys.stderr, flush=True)
            os._exit(3)
        """,
    )
    assert found.status == "failed"
    assert found.message.endswith("at the step: import the client. no such library")


def test_an_environment_that_is_not_there(package: Path, tmp_path: Path) -> None:
    payload: dict[str, Value] = {"modules": ["mlflow"]}
    found = run.run_check("mlflow", python=tmp_path / "python", payload=payload, timeout=1, environment={})
    assert found.status == "failed"
    assert "does not start" in found.message


@pytest.mark.parametrize("module", run.MODULES)
def test_every_module_has_a_check_that_says_what_it_lacks(module: str) -> None:
    payload: dict[str, Value] = {"modules": [module], "addresses": {}}
    found = run.run_check(module, python=Path(sys.executable), payload=payload, timeout=60, environment={})
    assert (found.status, found.steps[0].name) == ("failed", "connect")
    assert "no address" in found.message
    assert os.environ.get("HOME", "") not in found.message
