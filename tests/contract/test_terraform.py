"""The Terraform code: formatted, valid, and its own tests pass, with each Terraform that the engine finds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.contract.running import attempt, run

ROOT = Path(__file__).parents[2] / "terraform"
FOLDERS = sorted(path.parent.parent for path in ROOT.rglob("*.tftest.hcl") if "modules/modules" not in str(path))
_UNREACHABLE = ("could not connect to", "Failed to query available provider packages", "Failed to install provider")


def test_everything_is_formatted(terraform: list[str]) -> None:
    run([*terraform, "fmt", "-check", "-recursive", "-diff"], ROOT)


def test_every_module_has_tests_and_a_readme() -> None:
    modules = {path for path in (ROOT / "modules").iterdir() if (path / "main.tf").is_file()}
    assert {path for path in FOLDERS if path.parent.name == "modules"} == modules
    assert {path for path in modules if (path / "README.md").is_file()} == modules


@pytest.mark.parametrize("folder", dict.fromkeys(FOLDERS), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_terraform_tests_pass(any_terraform: list[str], folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "terraform"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(".terraform*"))
    # The environment's locks and plugins are linked from there.
    for name in ("installer", "plugins"):
        (tmp_path / name).symlink_to(ROOT.parent / name)
    place = copy / folder.relative_to(ROOT)
    begun = attempt([*any_terraform, "init", "-input=false", "-no-color"], place)
    said = " ".join((begun.stdout + begun.stderr).split())
    if begun.returncode != 0 and any(text in said for text in _UNREACHABLE):
        pytest.skip("Its providers can't be had here: neither a registry nor Terraform's local plugin folder has them.")
    assert begun.returncode == 0, said
    run([*any_terraform, "validate", "-no-color"], place)
    assert "Success!" in run([*any_terraform, "test", "-no-color"], place)
