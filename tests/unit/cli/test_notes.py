"""What is found before a run, for who reads its events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlops_install.catalogue.model import Catalogue
from mlops_install.cli.environment import snapshot
from mlops_install.cli.options import OutputFormat
from mlops_install.cli.reporting import RunReport
from mlops_install.cli.session import Session
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.context import Context


def test_a_note_is_the_first_of_a_runs_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(Context(snapshot()), OutputFormat.JSON, streams_events=True)
    session.note("Note: the nodes were not looked at.")
    with RunReport(session, Deployment(tmp_path / "none"), Catalogue("kubernetes", "", {}, {}, {})):
        pass
    first, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["type"], first["message"]) == ("note", "Note: the nodes were not looked at.")
    assert last["type"] == "result"
