"""The smallest preset on a Terraform that plans and applies at once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from tests.engine.support import fake
from tests.unit.conftest import Install

from mlops_install.deployment.layout import Deployment
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context

Traces = dict[str, str]


@pytest.fixture
def quick_terraform(context: Context, tmp_path: Path) -> Path:
    """The folder of what Terraform says, where every plan creates one resource and every apply does it."""
    folder = tmp_path / "terraform-says"
    folder.mkdir()
    change = {"address": "terraform_data.one", "mode": "managed", "type": "terraform_data", "name": "one"}
    shown = {"format_version": "1.2", "resource_changes": [{**change, "change": {"actions": ["create"]}}]}
    (folder / "show.json").write_text(json.dumps(shown))
    context._binary = fake(folder)
    return folder


@pytest.fixture
def installed(context: Context, install: Install, quick_terraform: Path) -> Deployment:
    """The smallest preset, approved."""
    return install(Interview.from_preset(context, "laptop-lite").prepared())


def traces(folder: Path) -> Traces:
    """Return what every file of a folder holds, as digests, with its mode; a lock's own words aside."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() + oct(path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".mlops-install.lock"
    }
