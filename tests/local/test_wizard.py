"""The whole guided setup as an operator meets it: the installed command, a real terminal, typed keys, real tools."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.local.conftest import free_ports
from tests.program import Program
from tests.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="There is no tmux, which draws the terminal.")

LITE = ("jupyterhub_port", "jupyterhub_hub_port", "jupyterhub_proxy_api_port", "mlflow_port")


@pytest.fixture
def program(short_root: Path) -> Program:
    """The program in a folder of this test's own."""
    folder = short_root / f"w{len(list(short_root.iterdir()))}"
    (folder / "home").mkdir(parents=True)
    return Program(folder)


@pytest.fixture
def lite(program: Program) -> Path:
    """The preset `laptop-lite` on free ports, as a file of the operator's own."""
    ports = dict(zip(LITE, free_ports(len(LITE)), strict=True))
    lines = [
        "format: 1",
        "title: Mine",
        "description: On free ports.",
        "target: local",
        "modules: [jupyterhub, mlflow]",
    ]
    lines += ["parameters:", *(f"  {name}: {port}" for name, port in ports.items())]
    preset = program.root / "mine.yaml"
    preset.write_text("\n".join(lines) + "\n")
    return preset


@contextmanager
def shown(program: Program, *arguments: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """Start the program in a terminal."""
    argv = program.argv(arguments)
    with terminal(argv, folder=program.root, environment=program.environment, size=size) as screen:
        yield screen


def to_the_plan(screen: Terminal) -> None:
    """Go from Target to a plan that is ready, changing nothing."""
    screen.wait_for("What is the deployment called?")
    screen.press("F3")
    screen.wait_for("Which modules?")
    screen.press("F3")
    screen.wait_for("Sign in with GitHub")
    screen.press("F3")
    screen.wait_for("F3 applies exactly this", timeout=60)


def change(screen: Terminal, parameter: str, text: str, *, label: str = "") -> None:
    """Find a parameter by its name, and type a value; with a label, the one that stands in its field goes first."""
    screen.press("C-f")
    screen.wait_for("Find a parameter")
    screen.type(parameter)
    screen.wait_for(f"  {parameter}")
    screen.press("Enter")
    screen.wait_for("Default:")
    if label:
        screen.wait_match(rf"█{label} +[0-9]")
        screen.press("C-a", "C-k")
        screen.wait_match(rf"█{label} +\(empty\)")
    screen.type(text)
    screen.press("Tab")
    screen.wait_for(text)


def test_from_the_preset_to_checked_tools_and_a_change_afterwards(program: Program, lite: Path) -> None:
    with shown(program, "wizard", str(lite)) as screen:
        to_the_plan(screen)
        assert "3 to create" in screen.screen()
        screen.press("F3")
        screen.wait_for("Apply exactly this plan?")
        screen.press("Enter")
        screen.wait_for("Installing", "installing", timeout=60)
        screen.wait_for("Checks by real clients", timeout=240)
        done = screen.screen()
        assert "mine is installed" in done
        secret = next(iter(program.run("secret", "show", "jupyterhub_shared_password").stdout.split()))
        assert secret not in screen.everything(), "no secret is shown unasked"
        screen.press("s")
        screen.wait_for(secret)
        screen.press("F3")
        screen.wait_for("exited with 0")
    assert program.document("status", "mine")["healthy"] is True

    port = str(free_ports(1)[0])
    with shown(program, "reconfigure", "mine", size=(120, 40)) as screen:
        screen.wait_for("JupyterHub")
        change(screen, "mlflow_port", port, label="Port")
        screen.press("F3")
        screen.wait_for("F3 applies exactly this", timeout=60)
        assert "MLflow" in screen.screen()
        screen.press("F3")
        screen.wait_for("Apply exactly this plan?")
        screen.press("Enter")
        screen.wait_for("Checks by real clients", timeout=240)
        screen.wait_for(f"http://127.0.0.1:{port}")
        screen.press("F3")
        screen.wait_for("exited with 0")
    assert f":{port}" in program.document("outputs", "mine")["addresses"]["mlflow"]
    program.run("destroy", "mine", "--yes", "--non-interactive", "--purge-data")


@contextmanager
def on_a_taken_port(lite: Path) -> Iterator[int]:
    """Let the preset have a port that somebody else listens on."""
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        lite.write_text(f"{lite.read_text().rpartition(':')[0]}: {taken}\n")
        yield taken


def test_a_taken_port_is_shown_before_anything_changes_and_leads_to_its_field(program: Program, lite: Path) -> None:
    with on_a_taken_port(lite) as taken, shown(program, "wizard", str(lite)) as screen:
        screen.wait_for("What is the deployment called?")
        screen.press("F3", "F3", "F3")
        screen.wait_for("to settle", timeout=60)
        assert f"{taken}" in screen.screen()
        screen.press("Enter")
        screen.wait_for("Port where MLflow", "mlflow_port")
    assert not program.folder("mine").joinpath("answers.yaml").exists()


def test_a_wrong_package_is_refused_before_anything_changes_and_leads_to_its_field(
    program: Program, lite: Path
) -> None:
    with shown(program, "wizard", str(lite), size=(120, 40)) as screen:
        screen.wait_for("What is the deployment called?")
        screen.press("F3")
        screen.wait_for("Which modules?")
        screen.press("F3")
        screen.wait_for("Sign in with GitHub")
        change(screen, "singleuser_packages", "no-such-package-anywhere")
        screen.press("F3")
        screen.wait_for("to settle", timeout=240)
        assert "no-such-package-anywhere" in screen.screen()
        screen.press("Enter")
        screen.wait_for("Default: none")
        screen.press("C-c")
        screen.wait_for("Leave?")
        screen.press("Down", "Enter")
        screen.wait_for("exited with")
    assert not program.folder("mine").joinpath("answers.yaml").exists()


def test_a_killed_terminal_loses_nothing_that_was_answered(program: Program, lite: Path) -> None:
    with shown(program, "wizard", str(lite)) as screen:
        screen.wait_for("What is the deployment called?")
        screen.press("F3")
        screen.wait_for("Which modules?")
        screen.press("F3")
        screen.wait_for("Sign in with GitHub")
        change(screen, "mlflow_port", "15432", label="Port")
        screen.kill()
    with shown(program) as screen:
        screen.wait_for("Go on with a draft")
        screen.press("Enter")
        screen.wait_for("Sign in with GitHub")
        screen.press("C-f")
        screen.wait_for("Find a parameter")
        screen.type("mlflow_port")
        screen.wait_for("  mlflow_port")
        screen.press("Enter")
        screen.wait_for("15432")


def test_plain_lines_ask_the_same_and_end_in_the_same_plan(program: Program, lite: Path) -> None:
    dumb = replace(program, extra={"TERM": "dumb"})
    with shown(dumb, "wizard", str(lite), "--ui", "plain") as screen:
        screen.wait_for("What is the deployment called?")
        screen.type(">")
        screen.press("Enter")
        screen.wait_for("A number to change it")
        everything = screen.everything()
        assert not set("│─╭╮━▔▁") & set(everything), "no box is drawn"
        screen.press("Enter")
        screen.wait_for("Apply exactly this plan?", timeout=60)
        screen.type("no")
        screen.press("Enter")
        screen.wait_for("exited with 4")
    assert not dumb.folder("mine").joinpath("answers.yaml").exists()


def test_a_taken_port_leads_back_to_the_list_in_plain_lines(program: Program, lite: Path) -> None:
    with on_a_taken_port(lite) as taken, shown(program, "wizard", str(lite), "--ui", "plain", size=(120, 60)) as screen:
        screen.wait_for("What is the deployment called?")
        screen.type(">")
        screen.press("Enter")
        screen.wait_for("A number to change it")
        screen.press("Enter")
        seen = screen.wait_for(f"Port {taken} is taken")
        line = next(line for line in seen.splitlines() if line.endswith(f"Port: {taken} (not the default)"))
        screen.wait_match(r"is taken[^?]*(\n.*)*A number to change it, or Enter to plan:")
        screen.type(line.strip().partition(".")[0])
        screen.press("Enter")
        screen.wait_for("MLflow: Port")
        screen.type(str(free_ports(1)[0]))
        screen.press("Enter")
        screen.wait_match(r"MLflow: Port(.*\n)+.*A number to change it, or Enter to plan:")
        screen.press("Enter")
        screen.wait_for("Apply exactly this plan?", timeout=60)
        screen.press("C-c")
        screen.wait_for("exited with")
    assert not program.folder("mine").joinpath("answers.yaml").exists()


def test_a_run_goes_on_without_its_terminal_and_is_watched_again(program: Program, lite: Path) -> None:
    with shown(program, "wizard", str(lite)) as screen:
        to_the_plan(screen)
        screen.press("F3")
        screen.wait_for("Apply exactly this plan?")
        screen.press("Enter")
        screen.wait_for("Installing", timeout=60)
        screen.kill()
    with shown(program) as screen:
        screen.wait_for("Watch a run that goes on", "Change what is installed")
        screen.press("Enter")
        screen.wait_for("mine", timeout=30)
    program.run("attach", "mine")
    assert program.document("status", "mine")["healthy"] is True
    program.run("destroy", "mine", "--yes", "--non-interactive", "--purge-data")
