"""Private, atomically replaced files: what a deployment is made of, whatever the umask."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.deployment.ownership import refuse_unsafe
from mlops_install.errors import InstallerError, PreflightError

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_private(path: Path) -> None:
    """Make the folder and its missing parents with mode 0700; take others' rights off one that is there.

    Raises InstallerError when another user owns the folder, or can change it or a folder above it, or could when it
    was filled (`ownership.refuse_unsafe`); then nothing was written.
    """
    there = path.exists()
    if there and not path.is_dir():
        raise InstallerError(f"{path} is a file, a folder is needed.", hint="Move it away, or choose another folder.")
    # An empty folder that others may write in is closed below; what a filled one holds may be theirs.
    empty = there and not any(path.iterdir())
    refuse_unsafe(path, way_only=empty)
    if not there:
        for folder in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
            with suppress(FileExistsError):
                folder.mkdir(mode=FOLDER_MODE)
                # mkdir's mode is cut by the umask, which may even take the owner's rights.
                folder.chmod(FOLDER_MODE)
    before = path.stat()
    if before.st_uid == os.geteuid() and stat.S_IMODE(before.st_mode) != FOLDER_MODE:
        _close(path, stat.S_IMODE(before.st_mode), empty=empty)
    if empty or not there:
        # In a shared folder, others may have been quicker to make one of this name, or to put something into it.
        refuse_unsafe(path)


def _close(path: Path, mode: int, *, empty: bool) -> None:
    """Take others' rights off a folder of ours; an empty one that was filled meanwhile is left as it was."""
    with suppress(PermissionError):
        path.chmod(FOLDER_MODE)
    if path.stat().st_mode & 0o077:
        raise PreflightError(
            f"{path} is no safe place for secrets: its file system gives everything in it the same rights.",
            hint="Choose a folder (--dir) on another file system.",
        )
    if empty and any(path.iterdir()):
        path.chmod(mode)


def write_private(path: Path, text: str | bytes, *, mode: int = FILE_MODE, durable: bool = False) -> None:
    """Replace the file at once by one with this content and mode 0600; a reader sees the old or the new one.

    The folder must exist. With `durable` the new file outlives a loss of power from here on, as what can't be made
    again must. Raises OSError when the disk refuses; then the old file stays.
    """
    data = text.encode() if isinstance(text, str) else text
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Wait until the names in the folder are on the disk: a file that was renamed there is found after a crash."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: Value, *, durable: bool = False) -> None:
    """Write a JSON document as `write_private` does, two spaces deep, ending with a newline."""
    write_private(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n", durable=durable)


def read_json(path: Path) -> Value:
    """Return the JSON document of the file.

    Raises FileNotFoundError when there is none, and InstallerError without a word of the content (it may be secret)
    when it isn't JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
    raise InstallerError(
        f"{path} is damaged: it isn't JSON{where}.", hint="Put back a copy of it, or move the file away and run again."
    )
