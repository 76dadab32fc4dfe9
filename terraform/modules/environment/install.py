"""Install an environment into a pod's volume: the locked packages, those asked for beside them, the plugins.

Usage: install.py FOLDER. Runs in an init container, by its image's Python, and needs pip there; everything else lies
beside this file: lock.txt.gz, uv.txt (uv's own hashes), packages.txt (what the team added, with hashes), plugins.json
(path to text). PACKAGE_INDEX is where packages come from; UV_INDEX_PACKAGES_USERNAME and UV_INDEX_PACKAGES_PASSWORD are
there where it asks for them.
"""

from __future__ import annotations

import ctypes
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

FILES = Path(__file__).resolve().parent
INDEX = "packages"
"""The index's name for uv, which its variables of user and password carry."""
HINTS = {
    r"No space left|Disk quota exceeded": "the volume is full: raise environment_storage_size",
    r"\b(401|403)\b|Unauthorized|Forbidden": (
        "the index refuses this user: see package_index_user and package_index_password"
    ),
    r"[Hh]ash mismatch|DO NOT MATCH THE HASHES": (
        "the index serves other files than the lock names: it is no true mirror"
    ),
    r"dns error|Temporary failure|Name or service not known|error sending request|Connection refused|timed out|Timeout"
    r"|NewConnectionError|Failed to fetch|Could not fetch|No matching distribution|no version of|tls handshake"
    r"|certificate": (
        "it can't be reached from this pod, or lacks a package: set package_index to one that can, or have the"
        " environment built into an image (environment_image, serving_image)"
    ),
}
"""What pip and uv say, and what to do about it; the first that fits counts."""


def main(folder: Path) -> None:
    started = time.monotonic()
    wanted = digest()
    stamp = folder / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        say("the environment is there already")
        return
    for name in (".tmp", ".home", ".files"):
        (folder / name).mkdir(exist_ok=True)
    uv = get_uv(folder)
    environment = uv_environment(folder)
    python = folder / "bin" / "python"
    run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, folder], environment)
    pip = [uv, "pip", "install", "--quiet", "--python", python]
    lock = folder / ".files" / "lock.txt"
    lock.write_bytes(gzip.decompress((FILES / "lock.txt.gz").read_bytes()))
    run([*pip, "--no-deps", "--require-hashes", "-r", lock], environment)
    say(f"installed the lock after {time.monotonic() - started:.0f} s")
    add_packages(pip, environment)
    add_plugins([*pip, "--no-deps", "--no-index"], folder / ".files" / "plugins", environment)
    add_libraries(folder)
    # What uv unpacked is linked from here into the environment: only the names go.
    for name in (".cache", ".tmp", ".home", ".files", ".uv"):
        shutil.rmtree(folder / name, ignore_errors=True)
    stamp.write_text(wanted)
    say(f"the environment is ready after {time.monotonic() - started:.0f} s")


def digest() -> str:
    """Return the digest of all files beside this one: a pod whose node started again finds its environment whole."""
    found = hashlib.sha256()
    for path in sorted(path for path in FILES.iterdir() if path.is_file()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def index() -> str:
    return os.environ["PACKAGE_INDEX"]


def get_uv(folder: Path) -> Path:
    """Have pip fetch uv, by its hash, and return it."""
    target = folder / ".uv"
    parts = urlsplit(index())
    user, password = (os.environ.get(f"UV_INDEX_{INDEX.upper()}_{name}", "") for name in ("USERNAME", "PASSWORD"))
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    environment = {
        **os.environ,
        # Here and not among the arguments, which every process of the node may read.
        "PIP_INDEX_URL": parts._replace(netloc=login + parts.netloc).geturl(),
        "PIP_TRUSTED_HOST": parts.netloc if parts.scheme == "http" else "",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INPUT": "1",
        "TMPDIR": str(folder / ".tmp"),
        "HOME": str(folder / ".home"),
    }
    options = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-deps", "--upgrade"]
    options += ["--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "install", *options, "--require-hashes", "--target", target]
    run([*command, "-r", FILES / "uv.txt"], environment)
    return target / "bin" / "uv"


def uv_environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "UV_DEFAULT_INDEX": f"{INDEX}={index()}",
        # In the same volume, so that uv links files instead of copying them.
        "UV_CACHE_DIR": str(folder / ".cache"),
        "UV_LINK_MODE": "hardlink",
        "UV_NO_CONFIG": "1",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "TMPDIR": str(folder / ".tmp"),
        "HOME": str(folder / ".home"),
    }


def add_packages(pip: Sequence[str | Path], environment: Mapping[str, str]) -> None:
    """Install what the team added, as it was resolved when the deployment was planned: with versions and hashes."""
    packages = FILES / "packages.txt"
    if packages.is_file() and packages.read_text().strip():
        run([*pip, "--no-deps", "--require-hashes", "-r", packages], environment)
        say("installed the team's packages")


def add_plugins(pip: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
    found = json.loads((FILES / "plugins.json").read_text())
    for path, text in found.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    projects = sorted(path.parent for path in folder.glob("*/pyproject.toml"))
    if projects:
        run([*pip, *projects], environment)
        say(f"installed {', '.join(path.name for path in projects)}")


def add_libraries(folder: Path) -> None:
    """Give LightGBM the GNU OpenMP library that it takes from the system, where the image has none: scikit-learn's."""
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        found = sorted((folder / "lib").glob("python3*/site-packages/scikit_learn.libs/libgomp-*"))
        for library in found[:1]:
            (folder / "lib" / "native").mkdir(exist_ok=True)
            shutil.copy(library, folder / "lib" / "native" / "libgomp.so.1")


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
    """Run a program and pass its output on; when it fails, say what to do about it and end."""
    arguments = [str(part) for part in command]
    # No shell, and every part is ours.
    child = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    assert child.stdout is not None
    for line in child.stdout:
        said.append(line)
        say(line.rstrip())
    if child.wait() == 0:
        return
    text = "".join(said)
    hint = next((hint for pattern, hint in HINTS.items() if re.search(pattern, text)), "see the lines above")
    sys.exit(f"The environment could not be installed from the package index {index()}: {hint}.")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
