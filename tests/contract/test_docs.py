"""The README keeps up with the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlops_install.cli.main import run

ROOT = Path(__file__).parents[2]


def test_every_verb_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    verbs = re.findall(r"^  ([a-z][a-z-]+) ", said.partition("Commands:")[2], re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert len(verbs) > 15
    assert [verb for verb in verbs if not re.search(rf"`{verb}\b", readme)] == []


def test_files_named_in_the_documentation_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    links = re.findall(r"\]\(([^)#]+)\)", text + (ROOT / "README.md").read_text())
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []
