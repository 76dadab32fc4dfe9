from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlops_install.deployment.files import make_private, read_json, write_json, write_private
from mlops_install.deployment.secrets import write_secrets
from mlops_install.errors import InstallerError


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_modes_do_not_come_from_the_umask(tmp_path: Path, umask: int) -> None:
    os.umask(umask)
    folder = tmp_path / "a" / "b"
    make_private(folder)
    write_private(folder / "file", "text")
    os.umask(0)
    assert [path.stat().st_mode & 0o777 for path in (folder.parent, folder, folder / "file")] == [0o700, 0o700, 0o600]


def test_a_folder_that_is_there_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InstallerError, match="file is a file"):
        make_private(tmp_path / "file")


def test_what_cannot_be_made_again_is_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []

    def fsync(descriptor: int) -> None:
        # A loss of power can't be provoked; whether the file had its final name already can be seen.
        synced.append((str(Path(f"/proc/self/fd/{descriptor}").readlink()), (tmp_path / "secrets").exists()))

    monkeypatch.setattr("os.fsync", fsync)
    write_secrets(tmp_path / "secrets", {"token": "canary-1234"})
    (content, named), folder = synced
    assert Path(content).parent == tmp_path
    assert not named
    assert folder == (str(tmp_path), True)


def test_a_failed_write_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.mkdir()  # a folder can't be replaced by a file
    with pytest.raises(OSError, match="file"):
        write_private(path, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_damaged_file_is_refused_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text('{"token": "canary-1234" oops')
    with pytest.raises(InstallerError) as caught:
        read_json(path)
    assert "line 1" in str(caught.value)
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert not any("canary" in repr(getattr(error, "__dict__", "")) for error in chain if error)


def test_json_round_trip(tmp_path: Path) -> None:
    value = {"a": [1, 2.5, None, True], "ü": {"b": "c"}}
    write_json(tmp_path / "f.json", value)
    assert read_json(tmp_path / "f.json") == value
