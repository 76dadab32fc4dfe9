"""Terraform as the contract tests run it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from mlops_install.engine.process import child_environment


def attempt(argv: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Terraform in a folder, in the environment that the engine would give it."""
    return subprocess.run(
        argv,
        cwd=folder,
        env=child_environment(os.environ, secrets={}),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def run(argv: list[str], folder: Path) -> str:
    """Run Terraform in a folder and return what it said; it must succeed."""
    done = attempt(argv, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
