"""The last thing done to the installed laptop preset: its removal, first with its data kept, then purged."""

from __future__ import annotations

import pytest
from tests.local.conftest import Laptop
from tests.local.listeners import processes_of


@pytest.mark.parametrize("purge", [False, True], ids=["keeping data", "purging data"])
def test_destroy_leaves_nothing_running(laptop: Laptop, purge: bool) -> None:
    if purge:
        laptop.program.lines("apply", "laptop", "--yes", "--non-interactive")
    flags = ["--purge-data"] if purge else []
    laptop.program.run("destroy", "laptop", "--yes", "--non-interactive", *flags)
    assert processes_of(laptop.folder) == []
    data = laptop.folder / "services" / "mlflow" / "data" / "mlflow.db"
    assert data.exists() is not purge
    assert (laptop.folder / "secrets.tfvars.json").exists() is not purge
