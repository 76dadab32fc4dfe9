"""The distributions of our own that go into the environments, as folders of sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mlops_install.paths import shipped_data

DEPLOYMENTS, TEAM = "mlflow-seldon", "mlops-environment"
"""By which models are deployed and served, in both environments; what a notebook server starts with, in the team's."""
_LEFT_OUT = ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", "dist", "build")


def plugin_folder(name: str) -> Path:
    """Return the folder of a distribution's sources; raises FileNotFoundError: a broken installation."""
    folder = shipped_data("plugins") / name
    if not (folder / "pyproject.toml").is_file():
        raise FileNotFoundError(f"the installation lacks its plugin {name!r}; install mlops-install again")
    return folder


def plugin_contents(names: Iterable[str]) -> bytes:
    """Return what decides about the distributions, for a digest."""
    files = (path for name in names for path in plugin_files(name))
    return b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)


def plugin_files(name: str) -> list[Path]:
    """Return every file that decides about the distribution, in a steady order."""
    folder = plugin_folder(name)
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not set(path.relative_to(folder).parts) & set(_LEFT_OUT))
