"""The table's rows for this machine: what `service` says of a tool that didn't come up, and of its packages.

`service`'s sentences are our own (`targets/local/service.py`, `starting.py`, `ports.py`); what uv and npm say is in
`environment/trouble.py`.
"""

from __future__ import annotations

from mlops_install.diagnosis.rules import AGAIN, Rule, Source, rule
from mlops_install.environment import trouble

_PACKAGES = (Source.PACKAGES, Source.TEAM_PACKAGES)


def _of_packages(kind: trouble.Trouble) -> Rule:
    return Rule(kind.pattern, _PACKAGES, kind.cause, f"{kind.remedy}, {AGAIN}.")


_ABSENT_BY_NAME = r"Because (?:there (?:is|are) no versions? of )?(?P<package>[^\s,]+) ?(?:was not found in|and you)"

SERVICE_RULES: tuple[Rule, ...] = (
    *(_of_packages(kind) for kind in trouble.TROUBLES[: trouble.TROUBLES.index(trouble.ABSENT)]),
    rule(
        _ABSENT_BY_NAME,
        Source.TEAM_PACKAGES,
        "the package index doesn't have {package}, which the team added",
        "Have the index carry it, " + AGAIN + "; or do without: {change}.",
        "singleuser_packages",
    ),
    rule(
        _ABSENT_BY_NAME,
        Source.PACKAGES,
        "the package index doesn't have {package}, which the tool is locked to",
        f"{trouble.ABSENT.remedy}, {AGAIN}.",
    ),
    *(_of_packages(kind) for kind in trouble.TROUBLES[trouble.TROUBLES.index(trouble.ABSENT) :]),
    rule(
        r"(?:is not running\. |^)The disk is full\.",
        Source.SERVICE,
        "the disk is full",
        "Free some space ({doctor} says how much is needed), " + AGAIN + ".",
    ),
    rule(
        # Python's OSError, SQLite, and node's.
        r"\[Errno 28\] No space left on device|\bsqlite3\.OperationalError: database or disk is full$"
        r"|\bENOSPC: no space left on device",
        Source.PROGRAM,
        "the disk is full",
        "Free some space ({doctor} says how much is needed), " + AGAIN + ".",
    ),
    rule(
        r"\b[Pp]ort (?P<port>\d+)(?: of \S+)? is taken by the deployment in (?P<folder>.+): process \d+ \(",
        Source.SERVICE,
        "port {port} is taken by another deployment, in {folder}",
        "Stop that one with {stop}, or choose another port with {reconfigure}, " + AGAIN + ".",
    ),
    rule(
        r"\b[Pp]ort (?P<port>\d+)(?: of \S+)? is taken by a process of another user\b",
        Source.SERVICE,
        "port {port} is taken by a process of another user",
        "Choose another port with {reconfigure}, or ask the other user to end that process, " + AGAIN + ".",
    ),
    rule(
        r"\b[Pp]ort (?P<port>\d+)(?: of \S+)? is taken by process (?P<holder>\d+ \(.*?\))",
        Source.SERVICE,
        "port {port} is taken by process {holder}",
        "End that process or choose another port with {reconfigure}, " + AGAIN + ".",
    ),
    rule(
        r"^\S.* was interrupted; what is installed stays\.",
        Source.SERVICE,
        "the run was interrupted",
        "Nothing is lost: {again} carries on from here.",
    ),
    rule(
        r"The program (?P<program>\S+) did not start: it was not healthy in time: (?P<waited>.+)$",
        Source.SERVICE,
        "{program} started but did not answer as it should: {waited}",
        "Its last lines are shown here; the whole log is in the deployment's folder `services`. If it was only slow, "
        "or once it is mended, run {again}: what works stays.",
    ),
    rule(
        r"The program (?P<program>\S+) did not start: it ended (?P<times>\d+) times while starting",
        Source.SERVICE,
        "{program} ended right after each of its {times} starts",
        "Its last lines are shown here and say why; when that is mended, run {again}: what works stays.",
    ),
    rule(
        r"The program (?P<program>\S+) did not start: (?P<why>.+?)\.?$",
        Source.SERVICE,
        "{program} did not start: {why}",
        "Its last lines are shown here; when it is mended, run {again}: what works stays.",
    ),
    rule(
        r"^\S.* is not running\. (?P<why>(?!Its packages could not be installed: ).+?)\.?$",
        Source.SERVICE,
        "{why}",
        "When that is mended, run {again}: what works stays.",
    ),
    rule(
        r"Its packages could not be installed: (?P<program>uv|npm) ended with \d+\.$",
        Source.SERVICE,
        "its packages could not be installed: {program} failed",
        "Its last lines are shown here; when that is mended, run {again}: what was downloaded stays.",
    ),
)
