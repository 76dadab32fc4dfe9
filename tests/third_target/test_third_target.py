"""A target is one folder, one stack and one preset: a copy of the program gets these, and nothing else changes."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import Program
from tests.terminal import terminal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COPIED = ("installer", "terraform", "presets", "plugins")
ADDED = {
    "targets/sleepers": "installer/mlops_install/targets/sleepers",
    "stacks/sleepers": "terraform/stacks/sleepers",
    "presets/dormitory.yaml": "presets/dormitory.yaml",
}
"""All that makes the third target: where it stands here, and where in the copy."""
_NO_CACHE = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the third target."""
    copy = tmp_path_factory.mktemp("house")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=_NO_CACHE)
    for source, place in ADDED.items():
        if (HERE / source).is_dir():
            shutil.copytree(HERE / source, copy / place, ignore=_NO_CACHE)
        else:
            shutil.copyfile(HERE / source, copy / place)
    return copy


@pytest.fixture
def program(house: Path) -> Iterator[Program]:
    """The copied program in short surroundings of this test's own."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as name:
        root = Path(name)
        (root / "home").mkdir()
        own = Program(root, extra={"PYTHONPATH": str(house / "installer"), "PYTHONDONTWRITEBYTECODE": "1"})
        yield own
        for deployment in (root / "data" / "mlops-install").glob("*/answers.yaml"):
            own.run("destroy", deployment.parent.name, "--yes", "--non-interactive", "--purge-data", code=None)


def states(program: Program, name: str, code: int = 0) -> dict[str, str]:
    """Return each module's state by `status`."""
    found = program.document("status", name, code=code)
    return {module["module"]: module["state"] for module in found["modules"]}


def test_quick_status_verify_stop_start_and_destroy(program: Program) -> None:
    assert "dormitory" in program.run("presets").stdout
    program.run("quick", "dormitory", "--yes", "--non-interactive", "--set", "night_seconds=1800")
    assert states(program, "dormitory") == {"night": "healthy"}
    (checked,) = program.document("verify", "dormitory")["modules"]
    assert checked["status"] == "passed"
    program.run("stop", "dormitory")
    assert states(program, "dormitory", code=1) == {"night": "down"}
    program.run("start", "dormitory")
    assert states(program, "dormitory") == {"night": "healthy"}
    pid = int((program.folder("dormitory") / "night.pid").read_text())
    program.run("destroy", "dormitory", "--yes", "--non-interactive")
    assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()


def test_values_that_the_stack_refuses_are_refused(program: Program) -> None:
    done = program.run("quick", "dormitory", "--yes", "--non-interactive", "--set", "night_seconds=5", code=2)
    assert "at least 60" in done.stderr


def test_flags_for_clusters_are_not_for_it(program: Program) -> None:
    done = program.run("quick", "dormitory", "--yes", "--context", "one", code=2)
    assert "the target here is sleepers" in done.stderr


def test_the_doctor_knows_it(program: Program) -> None:
    assert "any machine takes sleepers" in program.run("doctor", code=None).stdout


@pytest.mark.skipif(shutil.which("tmux") is None, reason="There is no tmux, which draws the terminal.")
def test_the_guided_setup_installs_it(program: Program) -> None:
    argv = [sys.executable, "-m", "mlops_install", "wizard", "dormitory"]
    with terminal(argv, folder=program.root, environment=program.environment, size=(100, 40)) as screen:
        screen.wait_for("What is the deployment called?")
        assert "(x) sleepers  processes that only sleep" in screen.screen()
        screen.press("F3")
        screen.wait_for("Which modules?")
        screen.press("F3")
        screen.wait_for("Seconds of the night")
        screen.press("F3")
        screen.wait_for("F3 applies exactly this")
        assert "1 to create" in screen.screen()
        screen.press("F3")
        screen.wait_for("Apply exactly this plan?")
        screen.press("Enter")
        screen.wait_for("do not wake them")
        screen.wait_for("breathes")
        screen.press("F3")
        screen.wait_for("exited with 0")
    assert states(program, "dormitory") == {"night": "healthy"}


@pytest.mark.skipif(shutil.which("tmux") is None, reason="There is no tmux, which draws the terminal.")
def test_plain_lines_install_it(program: Program) -> None:
    argv = [sys.executable, "-m", "mlops_install", "wizard", "dormitory", "--ui", "plain"]
    with terminal(argv, folder=program.root, environment=program.environment, size=(100, 60)) as screen:
        screen.wait_for("What is the deployment called?")
        screen.type(">")
        screen.press("Enter")
        screen.wait_for("A number to change it")
        assert "Target: sleepers" in screen.screen()
        screen.press("Enter")
        screen.wait_for("Apply exactly this plan?")
        screen.type("yes")
        screen.press("Enter")
        screen.wait_for("exited with 0")
    assert states(program, "dormitory") == {"night": "healthy"}
