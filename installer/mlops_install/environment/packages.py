"""`singleuser_packages` pinned: resolved once, for the team's environment and the serving environment together.

A plan carries the result, so that notebooks, flows, Dask and served models get the same packages, today and when one
of them is made again in a month.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from mlops_install.environment.indexes import install_environment
from mlops_install.environment.lockfile import (
    ENVIRONMENT,
    LOCKS,
    OVERRIDES,
    SERVING,
    Locked,
    constraints,
    differing,
    normalised,
    read_lock,
    shipped,
)
from mlops_install.environment.uv import ProgramError, run, uv_argv
from mlops_install.errors import PreflightError, Problem, UsageError

PARAMETER = "singleuser_packages"
_COMPILE = (
    *("pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)
"""As the shipped locks are made (Makefile, `locks`)."""
_LAST_LINES = 4


@dataclass(frozen=True, slots=True)
class Pins:
    """What comes on top of the two locks, as requirements with hashes."""

    environment: str = ""
    serving: str = ""
    key: str = ""
    """SHA-256 (hexadecimal) over the packages asked for and the locks that they were resolved against."""


def key_of(packages: Sequence[str], locks: Path = LOCKS) -> str:
    """Return what decides whether earlier pins still hold; empty without packages."""
    if not packages:
        return ""
    digest = hashlib.sha256(json.dumps(list(packages)).encode())
    for name in (ENVIRONMENT, SERVING, OVERRIDES):
        digest.update((locks / name).read_bytes())
    return digest.hexdigest()


def pin(packages: Sequence[str], variables: Mapping[str, str], *, locks: Path = LOCKS) -> Pins:
    """Resolve the packages against both locks and return what each environment gets on top.

    `variables` are the surroundings, of which the settings of package indexes are used. Raises UsageError, which names
    the parameter, for a text that is no requirement, a package that doesn't fit one of the environments, or one that
    would come at an older version than its newest without having been asked for at that version; and PreflightError
    for what isn't theirs: an index that can't be reached, uv's settings, a certificate.
    """
    if not packages:
        return Pins()
    wanted = requirements(packages)
    with tempfile.TemporaryDirectory(prefix="mlops-install-") as folder:
        resolver = _Resolver(Path(folder), install_environment(variables), locks)
        team = shipped(ENVIRONMENT, locks)
        found = resolver.resolve(wanted, constraints(team), "the environment of notebooks, flows and Dask")
        _refuse_outdated(resolver, wanted, team, found)
        added = _without(found, team)
        served = shipped(SERVING, locks)
        fixed = constraints([*served, *_without([*team, *added], served, differing(locks))])
        both = resolver.resolve(wanted, fixed, "the serving environment, in which models run")
    return Pins(_text(added), _text(_without(both, served)), key_of(packages, locks))


def requirements(packages: Iterable[str]) -> list[Requirement]:
    """Return each text as the requirement that it is (PEP 508); raises UsageError for every one that is none."""
    found, problems = [], []
    for package in packages:
        try:
            # One line of a file: whatever a reader may take for the end of a line is no part of a requirement.
            if len(package.splitlines()) != 1 or any(ord(letter) < 32 for letter in package):
                raise InvalidRequirement("it has control characters")
            found.append(Requirement(package))
        except InvalidRequirement as error:
            what = f"{package!r} is not a package requirement: {str(error).splitlines()[0]}."
            problems.append(Problem(PARAMETER, what, "Write for example polars, polars>=1.30 or pandas[excel]==2.3.3."))
    if problems:
        raise UsageError(f"{PARAMETER} can't be installed", problems=problems)
    return found


class _Resolver:
    """uv's resolver in a folder of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str], locks: Path) -> None:
        self._folder, self._environment, self._overrides = folder, environment, locks / OVERRIDES

    def resolve(self, wanted: Sequence[Requirement], fixed: str, where: str) -> list[Locked]:
        """Return everything that the requirements bring; raises UsageError when they don't fit."""
        try:
            return self._compile(wanted, "--constraints", str(self._written("fixed.txt", fixed)))
        except ProgramError as error:
            if not error.about_packages:
                raise _unresolved(error) from error
            raise _does_not_fit(wanted, where, error) from error

    def newest(self, wanted: Sequence[Requirement]) -> dict[str, str]:
        """Return the newest version of each package alone, by name."""
        try:
            return {entry.name: entry.version for entry in self._compile(wanted, "--no-deps")}
        except ProgramError as error:
            raise _unresolved(error) from error

    def _compile(self, wanted: Sequence[Requirement], *options: str) -> list[Locked]:
        # In files: a requirement may be an address with a password, and arguments are public.
        asked = self._written("wanted.in", "".join(f"{requirement}\n" for requirement in wanted))
        argv = uv_argv(*_COMPILE, "--override", str(self._overrides), *options, str(asked))
        return read_lock(run("uv", argv, self._environment))

    def _written(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return path


def _refuse_outdated(
    resolver: _Resolver, wanted: Sequence[Requirement], team: Sequence[Locked], found: Sequence[Locked]
) -> None:
    """Raise UsageError for packages that the locked ones push back to an older release than their newest.

    Without it a resolver goes back until something fits: `feast` once became 0.1.2 of 2018.
    """
    locked = {entry.name for entry in team}
    free = [it for it in wanted if not it.specifier and not it.url and normalised(it.name) not in locked]
    if not free:
        return
    newest = resolver.newest(free)
    chosen = {entry.name: entry.version for entry in found}
    problems = []
    for name in (normalised(requirement.name) for requirement in free):
        if name in chosen and name in newest and _older(chosen[name], newest[name]):
            problems.append(
                Problem(
                    PARAMETER,
                    f"{name} {newest[name]}, its newest release, does not fit the packages that the environment has; "
                    f"what would fit is {name} {chosen[name]}.",
                    f"If that one is what you want, ask for it: {name}=={chosen[name]}",
                )
            )
    if problems:
        raise UsageError(f"{PARAMETER} would be installed at old versions", problems=problems)


def _older(one: str, other: str) -> bool:
    try:
        return Version(one) < Version(other)
    except InvalidVersion:
        return False


def _does_not_fit(wanted: Sequence[Requirement], where: str, error: ProgramError) -> UsageError:
    names = ", ".join(requirement.name for requirement in wanted)
    said = " ".join(line.strip() for line in error.lines if line.strip())
    problem = Problem(
        PARAMETER,
        f"{names} can't be installed together with what {where} has: {said}",
        "Ask for another version, or leave the package out.",
    )
    return UsageError(f"{PARAMETER} does not fit {where}", problems=[problem])


def _unresolved(error: ProgramError) -> PreflightError:
    said = "\n".join(f"  {line}" for line in error.lines[-_LAST_LINES:])
    why = error.cause or "uv failed"
    return PreflightError(f"{PARAMETER} can't be resolved: {why}.\n{said}", hint=error.hint)


def _without(entries: Iterable[Locked], others: Iterable[Locked], also: Iterable[str] = ()) -> list[Locked]:
    known = {entry.name for entry in others} | set(also)
    return [entry for entry in entries if entry.name not in known]


def _text(entries: Iterable[Locked]) -> str:
    return "".join(f"{entry.text}\n" for entry in entries)
