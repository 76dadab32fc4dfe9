"""Private, atomically replaced files: what a deployment is made of, whatever the umask (DESIGN §4)."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.errors import InstallerError

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_private(path: Path) -> None:
    """Make the folder and its missing parents with mode 0700; take others' rights off one that is there.

    A folder of another user, or a shared one (sticky bit, like /tmp), keeps its mode.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        with suppress(FileExistsError):
            folder.mkdir(mode=FOLDER_MODE)
            # mkdir's mode is cut by the umask, which may even take the owner's rights.
            folder.chmod(FOLDER_MODE)
    status = path.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise InstallerError(f"{path} is a file, a folder is needed.", hint="Move it away, or choose another folder.")
    if status.st_mode & 0o7777 != FOLDER_MODE and status.st_uid == os.geteuid() and not status.st_mode & stat.S_ISVTX:
        path.chmod(FOLDER_MODE)


def write_private(path: Path, text: str | bytes, *, mode: int = FILE_MODE) -> None:
    """Replace the file at once by one with this content and mode 0600; a reader sees the old or the new one.

    The folder must exist. Raises OSError when the disk refuses; then the old file stays.
    """
    data = text.encode() if isinstance(text, str) else text
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Value) -> None:
    """Write a JSON document as `write_private` does, two spaces deep, ending with a newline."""
    write_private(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


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
