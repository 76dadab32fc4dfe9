"""Nothing outside `targets/` asks which target it is, and rooms stay small."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mlops_install.catalogue.load import targets

PACKAGE = Path(__file__).parents[2] / "installer" / "mlops_install"
NAMED_IN = ("targets", "catalogue")
BACKENDS = "answers/model.py"
"""Terraform's backends have the same names as targets, and stand there as constants."""
MOST = 16
"""Python files of a room."""


def sources() -> Iterator[tuple[str, Path]]:
    """Yield each source file with its path in the package."""
    yield from ((path.relative_to(PACKAGE).as_posix(), path) for path in sorted(PACKAGE.rglob("*.py")))


def test_no_room_but_the_targets_own_knows_a_target_by_name() -> None:
    names = set(targets())
    found = [
        f"{name}:{node.lineno}"
        for name, path in sources()
        if name.partition("/")[0] not in NAMED_IN and name != BACKENDS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert found == []


def test_the_targets_rooms_stay_small() -> None:
    sizes = Counter(
        path.parent.relative_to(PACKAGE).as_posix() for name, path in sources() if name.startswith("targets/")
    )
    assert {room: size for room, size in sizes.items() if size > MOST} == {}
