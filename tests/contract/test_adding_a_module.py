"""What a module of the cluster touches: the table in terraform/README.md, held against the files that name one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue

ROOT = Path(__file__).parents[2]
HEADING = "### What a module touches"
LOOKED_AT = ("installer", "terraform", "presets")
ELSEWHERE = ("terraform/stacks/local/*", "installer/mlops_install/targets/local/*", "*.md", "*/locks/*")
"""The other target's own, what only people read, and locks, which name every package there is."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue("kubernetes", cache_home=tmp_path_factory.mktemp("cache"))


def table() -> list[str]:
    """Return the paths in the table's first column."""
    text = (ROOT / "terraform" / "README.md").read_text(encoding="utf-8")
    section = text.partition(HEADING)[2].partition("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return [path for row in rows for path in re.findall(r"`([^`]+)`", row.split("|")[1])]


OF_NOTEBOOKS = (
    "installer/mlops_install/checks/jupyterhub.py",
    "installer/mlops_install/environment/*",
    "terraform/stacks/kubernetes/jupyterhub.tf",
)
"""What the text under the table says of tools that notebooks use."""


def expanded(pattern: str, module: str, catalogue: Catalogue) -> Iterator[str]:
    """Yield a path of the table for one module, once for each that needs it or that it needs."""
    users = [name for name, it in catalogue.modules.items() if any(need.module == module for need in it.needs)]
    needed = [need.module for need in catalogue.modules[module].needs]
    others = users if "<user>" in pattern else needed if "<needed>" in pattern else [""]
    for other in others:
        yield pattern.replace("<module>", module).replace("<user>", other).replace("<needed>", other)


def naming(module: str) -> Iterator[str]:
    """Yield the tracked files that name the module, by its id as a whole word or a part of an identifier."""
    words = re.compile(rf"(?<![a-z]){module}(?![a-z])")
    listed = subprocess.run(
        ["git", "ls-files", *LOOKED_AT], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for path in listed:
        file = ROOT / path
        if file.is_symlink() or not file.is_file() or any(fnmatchcase(path, pattern) for pattern in ELSEWHERE):
            continue
        if words.search(file.read_text(encoding="utf-8", errors="ignore")):
            yield path


@pytest.mark.parametrize(("module", "more"), [("postgresql", ()), ("valkey", ()), ("feast", OF_NOTEBOOKS)])
def test_a_module_is_named_only_where_the_table_says(module: str, more: tuple[str, ...], catalogue: Catalogue) -> None:
    allowed = [*more, *(path for pattern in table() for path in expanded(pattern, module, catalogue))]
    assert [path for path in naming(module) if not any(fnmatchcase(path, it) for it in allowed)] == []


def test_every_row_of_the_table_is_of_use(catalogue: Catalogue) -> None:
    named = {module: list(naming(module)) for module in catalogue.modules}
    for pattern in table():
        assert any(
            fnmatchcase(path, made)
            for module, paths in named.items()
            for made in expanded(pattern, module, catalogue)
            for path in paths
        ), f"no module touches {pattern}"
