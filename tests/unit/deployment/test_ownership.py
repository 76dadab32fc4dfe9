"""Secrets and Terraform go where nobody but the user and root can change anything."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops_install.deployment.files import make_private
from mlops_install.errors import PreflightError

OTHER = 54321
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")


def _folder(path: Path, mode: int = 0o755, owner: int | None = None) -> Path:
    path.mkdir()
    path.chmod(mode)
    if owner is not None:
        os.chown(path, owner, owner)
    return path


def _refused(path: Path) -> PreflightError:
    before = _modes(path)
    with pytest.raises(PreflightError) as caught:
        make_private(path)
    assert _modes(path) == before, "it was changed, though it was refused"
    return caught.value


def _modes(path: Path) -> list[tuple[str, int]]:
    there = [folder for folder in (path, *path.parents) if folder.exists()]
    return [(str(folder), folder.stat().st_mode) for folder in there]


@needs_root
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777, 0o1777])
def test_a_folder_of_another_user_is_refused(tmp_path: Path, mode: int) -> None:
    folder = _folder(tmp_path / "theirs", mode, OTHER)
    error = _refused(folder)
    assert f"{folder} belongs to the user {OTHER}" in error.message
    assert "without sudo" in error.hint


@needs_root
def test_root_is_kept_out_of_the_home_of_a_user(tmp_path: Path) -> None:
    """As `sudo mlops-install quick laptop --dir stack` in one's home: its owner could swap the folder."""
    home = _folder(tmp_path / "home", 0o750, OTHER)
    assert f"{home} belongs to" in _refused(home / "stack").message
    mine = _folder(home / "there", 0o700)
    assert f"{home} belongs to" in _refused(mine).message


@pytest.mark.parametrize("mode", [0o777, 0o757])
def test_a_parent_that_others_may_write_in_is_refused(tmp_path: Path, mode: int) -> None:
    parent = _folder(tmp_path / "a b", mode)
    error = _refused(parent / "stack" / "deeper")
    assert f"every user may write in {parent}" in error.message
    assert f"chmod go-w '{parent}'" in error.hint
    parent.chmod(0o755)
    make_private(parent / "stack" / "deeper")


def test_a_shared_folder_with_the_sticky_bit_is_fine_on_the_way_only(tmp_path: Path) -> None:
    shared = _folder(tmp_path / "shared", 0o1777)
    make_private(shared / "stack")
    assert "every user may write in it" in _refused(shared).message
    empty = _folder(tmp_path / "empty", 0o1777)
    _refused(empty)


@needs_root
def test_a_folder_that_another_user_made_first_in_a_shared_one_is_refused(tmp_path: Path) -> None:
    shared = _folder(tmp_path / "shared", 0o1777)
    theirs = _folder(shared / "stack", 0o777, OTHER)
    assert "belongs to" in _refused(theirs).message
    assert "belongs to" in _refused(theirs / "inside").message


def test_what_an_open_folder_holds_may_be_anybodys(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "open", 0o777)
    make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o777)
    (folder / "evil_override.tf").write_text("")
    assert "See what is in it" in _refused(folder).hint


def test_a_folder_that_others_could_only_read_is_closed_with_what_it_holds(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "readable", 0o755)
    (folder / "answers.yaml").write_text("")
    make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@needs_root
def test_a_link_of_another_user_is_refused_and_one_of_ours_is_followed(tmp_path: Path) -> None:
    shared = _folder(tmp_path / "shared", 0o1777)
    real = _folder(tmp_path / "real")
    (tmp_path / "ours").symlink_to(real)
    make_private(tmp_path / "ours" / "stack")
    assert (real / "stack").is_dir()
    (shared / "theirs").symlink_to(real)
    os.chown(shared / "theirs", OTHER, OTHER, follow_symlinks=False)
    assert f"{shared / 'theirs'} belongs to" in _refused(shared / "theirs" / "stack").message


def test_where_a_link_leads_is_looked_at_too(tmp_path: Path) -> None:
    loose = _folder(tmp_path / "loose", 0o777)
    _folder(loose / "inner")
    (tmp_path / "link").symlink_to("loose/inner")
    (tmp_path / "up").symlink_to(loose / "inner" / ".." / "inner")
    for link in ("link", "up"):
        assert f"may write in {loose}" in _refused(tmp_path / link / "stack").message
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OSError, match="round"):
        make_private(tmp_path / "round" / "stack")


def test_a_group_of_the_owner_alone_may_write(tmp_path: Path, group_of: Callable[..., None]) -> None:
    parent = _folder(tmp_path / "parent", 0o775)
    group_of(parent, name="alice", members=[])
    make_private(parent / "stack")
    group_of(parent, name="alice", members=["alice"])
    make_private(parent / "stack")


@pytest.mark.parametrize(
    ("name", "members"), [("users", []), ("alice", ["bob"]), ("alice", ["alice", "bob"]), (None, [])]
)
def test_a_group_that_others_are_in_may_not(
    tmp_path: Path, group_of: Callable[..., None], name: str | None, members: list[str]
) -> None:
    parent = _folder(tmp_path / "parent", 0o775)
    group_of(parent, name=name, members=members)
    error = _refused(parent / "stack")
    assert f"may write in {parent}" in error.message
    assert "chmod go-w" in error.hint


@pytest.fixture
def group_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the user `alice`, and the folder's group the named one: a test can't add users and groups."""
    import grp
    import pwd

    user = pwd.getpwuid(os.geteuid())

    def set_group(folder: Path, *, name: str | None, members: list[str]) -> None:
        number = folder.stat().st_gid

        def getgrgid(gid: int) -> grp.struct_group:
            if name is None or gid != number:
                raise KeyError(gid)
            return grp.struct_group((name, "x", gid, members))

        def getpwuid(uid: int) -> pwd.struct_passwd:
            if uid != os.geteuid():
                raise KeyError(uid)
            return pwd.struct_passwd(("alice", *user[1:3], number, *user[4:]))

        monkeypatch.setattr(grp, "getgrgid", getgrgid)
        monkeypatch.setattr(pwd, "getpwuid", getpwuid)

    return set_group


@pytest.mark.parametrize(("mask", "refused"), [(0o7, True), (0o5, False)])
def test_whom_an_access_control_list_lets_write_counts(
    tmp_path: Path, group_of: Callable[..., None], mask: int, refused: bool
) -> None:
    parent = _folder(tmp_path / "parent", 0o775)
    group_of(parent, name="alice", members=[])
    nobody = 0xFFFFFFFF
    entries = [(0x01, 7, nobody), (0x02, 7, OTHER), (0x04, 7, nobody), (0x10, mask, nobody), (0x20, 5, nobody)]
    try:
        os.setxattr(
            parent, "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in entries)
        )
    except OSError as error:
        pytest.skip(f"the file system has no access control lists: {error}")
    if refused:
        assert f"the user {OTHER} may write in {parent}" in _refused(parent / "stack").message
    else:
        make_private(parent / "stack")
