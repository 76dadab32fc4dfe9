"""Who besides the user and root could change what a path leads to: asked before secrets and Terraform go there.

The rule is sudo's and OpenSSH's for files that they trust: every folder and link on the way belongs to the user or to
root, and no one else may write in it. A shared folder with the sticky bit (/tmp) is fine on the way, as nobody but its
owner can rename what is in it.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import shlex
import stat
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mlops_install.errors import PreflightError

_MOST_LINKS = 40
"""As many as the kernel follows in one path (path_resolution(7))."""
_ACL = "system.posix_acl_access"
_ACL_USER, _ACL_GROUP, _ACL_MASK = 0x02, 0x08, 0x10
"""Tags of the entries that name a user, name a group, and bound both (acl(5), linux/posix_acl_xattr.h)."""


def refuse_unsafe(path: Path, *, way_only: bool = False) -> None:
    """Refuse a path that another user could lead elsewhere; what isn't there yet is left out.

    The folder at its end must not be a shared one either; with `way_only` it may be open to others, but not theirs.
    Raises PreflightError that names the folder in the way and how to mend it.
    """
    passed = list(_passed(path.absolute()))
    end = passed[-1][0] if path.exists() else None
    for folder, status in passed:
        last = folder == end
        if not _is_trusted(status.st_uid, on_the_way=not last):
            raise _refusal(path, f"{folder} belongs to {_user(status.st_uid)}", _elsewhere(status.st_uid))
        if not stat.S_ISDIR(status.st_mode) or not (writers := _writers(folder, status)):
            continue
        shared = status.st_mode & stat.S_ISVTX
        if last and shared:
            raise _refusal(path, f"{writers} may write in it", "Choose a new folder in it (--dir).")
        if not shared and not (last and way_only):
            raise _refusal(path, f"{writers} may write in {folder}", _close(folder, status))


def _passed(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield every folder and link that the kernel passes on the way to an absolute path, and the path itself."""
    done = Path("/")
    yield done, done.lstat()
    ahead = list(reversed(path.parts[1:]))
    links = 0
    while ahead:
        part = ahead.pop()
        if part == "..":
            done = done.parent
            continue
        try:
            status = (done / part).lstat()
        except FileNotFoundError:
            return
        yield done / part, status
        if not stat.S_ISLNK(status.st_mode):
            done = done / part
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        target = (done / part).readlink()
        done = Path("/") if target.is_absolute() else done
        ahead += reversed([piece for piece in target.parts if piece != "/"])


def _is_trusted(owner: int, *, on_the_way: bool) -> bool:
    if owner in (os.geteuid(), 0):
        return True
    return on_the_way and _is_unmapped(owner)


def _is_unmapped(owner: int) -> bool:
    """Return whether it stands for users outside this user namespace, root among them (user_namespaces(7))."""
    with suppress(OSError, ValueError):
        overflow = int(Path("/proc/sys/kernel/overflowuid").read_text())
        mapped = sum(int(line.split()[2]) for line in Path("/proc/self/uid_map").read_text().splitlines())
        return owner == overflow and mapped < 2**32 - 1
    return False


def _writers(folder: Path, status: os.stat_result) -> str:
    """Return in words who else may write in the folder; empty when it is nobody."""
    if status.st_mode & stat.S_IWOTH:
        return "every user"
    # With an access control list these bits are its mask: without them, nobody whom it names may write.
    if not status.st_mode & stat.S_IWGRP:
        return ""
    if named := _named_writer(folder):
        return named
    return "" if _is_private_group(status) else f"the group {_group(status.st_gid)}"


def _is_private_group(status: os.stat_result) -> bool:
    """Return whether the group is the owner's alone, as most distributions make one for each user (umask 002)."""
    try:
        owner, group = pwd.getpwuid(status.st_uid), grp.getgrgid(status.st_gid)
    except KeyError:
        return False
    return (group.gr_gid, group.gr_name) == (owner.pw_gid, owner.pw_name) and set(group.gr_mem) <= {owner.pw_name}


def _named_writer(folder: Path) -> str:
    """Return whom the folder's access control list lets write, beside its owner and its group."""
    try:
        data = os.getxattr(folder, _ACL)
    except OSError:
        return ""
    entries = list(struct.iter_unpack("<HHI", data[4:]))
    mask = next((rights for tag, rights, _ in entries if tag == _ACL_MASK), 0o7)
    for tag, rights, number in entries:
        if tag == _ACL_USER and rights & mask & 0o2 and number not in (os.geteuid(), 0):
            return _user(number)
        if tag == _ACL_GROUP and rights & mask & 0o2:
            return f"the group {_group(number)}"
    return ""


def _refusal(path: Path, reason: str, hint: str) -> PreflightError:
    return PreflightError(f"{path} is no safe place for secrets: {reason}.", hint=hint)


def _elsewhere(owner: int) -> str:
    if os.geteuid() == 0:
        return f"Run it as {_user(owner)}, without sudo, or choose a folder (--dir) that only root can change."
    return "Choose a folder (--dir) that only you and root can change."


def _close(folder: Path, status: os.stat_result) -> str:
    command = f"chmod go-w {shlex.quote(str(folder))}"
    if status.st_uid == os.geteuid():
        return f"See what is in it, then close it: {command}"
    return f"Choose another folder (--dir), or have root close it: {command}"


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"the user {number}"


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
