"""Examples in a home: there for new users, never written over once changed, renewed where they were not."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlops_environment import example_files

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    (folder / "loop").mkdir(parents=True)
    (folder / "loop" / "loop.ipynb").write_text("one")
    (folder / "loop" / "flow.py").write_text("one")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_new_user_finds_them(shipped: Path, home: Path) -> None:
    assert example_files.copy(shipped, home) == []
    assert _texts(home) == {"loop/loop.ipynb": "one", "loop/flow.py": "one"}


def test_what_the_user_changed_stays_and_the_rest_is_renewed(shipped: Path, home: Path) -> None:
    example_files.copy(shipped, home)
    mine = home / "examples" / "loop" / "loop.ipynb"
    mine.write_text("mine")
    for version in ("two", "three"):
        for path in shipped.rglob("*.*"):
            path.write_text(version)
        assert example_files.copy(shipped, home) == [mine]
        assert _texts(home) == {"loop/loop.ipynb": "mine", "loop/flow.py": version}


def test_a_file_of_the_users_own_with_the_same_name_stays(shipped: Path, home: Path) -> None:
    mine = home / "examples" / "loop" / "flow.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert example_files.copy(shipped, home) == [mine]
    assert _texts(home) == {"loop/loop.ipynb": "one", "loop/flow.py": "mine"}


def test_a_file_changed_to_what_comes_next_is_ours_again(shipped: Path, home: Path) -> None:
    example_files.copy(shipped, home)
    (home / "examples" / "loop" / "flow.py").write_text("two")
    (shipped / "loop" / "flow.py").write_text("two")
    assert example_files.copy(shipped, home) == []
    (shipped / "loop" / "flow.py").write_text("three")
    assert example_files.copy(shipped, home) == []
    assert _texts(home)["loop/flow.py"] == "three"


def test_a_removed_file_comes_back(shipped: Path, home: Path) -> None:
    example_files.copy(shipped, home)
    (home / "examples" / "loop" / "flow.py").unlink()
    example_files.copy(shipped, home)
    assert _texts(home) == {"loop/loop.ipynb": "one", "loop/flow.py": "one"}


def test_a_lost_memory_writes_over_nothing_changed(shipped: Path, home: Path) -> None:
    example_files.copy(shipped, home)
    mine = home / "examples" / "loop" / "flow.py"
    mine.write_text("mine")
    (home / ".local" / "share" / "mlops-environment" / "examples.json").write_text("torn {")
    assert example_files.copy(shipped, home) == [mine]


def test_a_link_of_the_users_is_not_followed_into_nothing(shipped: Path, home: Path) -> None:
    link = home / "examples" / "loop" / "flow.py"
    link.parent.mkdir(parents=True)
    link.symlink_to(home / "elsewhere.py")
    assert example_files.copy(shipped, home) == [link]
    assert not (home / "elsewhere.py").exists()


def test_the_package_has_every_file_of_the_example() -> None:
    there = {path.relative_to(ROOT / "examples"): path.read_bytes() for path in _files(ROOT / "examples")}
    carried = {path.relative_to(example_files.SHIPPED): path.read_bytes() for path in _files(example_files.SHIPPED)}
    assert carried == there
    # The build follows links to files, none to a folder.
    assert not any(path.is_symlink() for path in example_files.SHIPPED.rglob("*") if path.is_dir())


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _texts(home: Path) -> dict[str, str]:
    root = home / "examples"
    return {path.relative_to(root).as_posix(): path.read_text() for path in _files(root)}
