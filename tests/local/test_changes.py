"""Changes to the installed laptop preset that touch one tool and leave the others alone."""

from __future__ import annotations

from tests.local.conftest import Laptop, started


def test_a_rotated_secret_recreates_its_own_tool_alone(laptop: Laptop) -> None:
    before, old = started(laptop), laptop.secrets()
    laptop.program.run("secret", "rotate", "jupyterhub_shared_password", "-n", "laptop", "--yes", "--non-interactive")
    after, new = started(laptop), laptop.secrets()
    assert not before.pop("jupyterhub") & after.pop("jupyterhub")
    assert after == before
    assert new.pop("jupyterhub_shared_password") != old.pop("jupyterhub_shared_password")
    assert new == old


def test_undo_goes_back_to_an_earlier_runs_answers(laptop: Laptop) -> None:
    quick = ("quick", "laptop", "--yes", "--non-interactive", "--no-verify")
    laptop.program.lines(*quick, "--set", "dask_workers=1")
    laptop.program.run("undo", "1", "-n", "laptop", "--yes", "--non-interactive")
    answers = (laptop.folder / "answers.yaml").read_text()
    assert "dask_workers: 2" in answers
    assert laptop.program.document("status", "laptop")["healthy"] is True
