"""The table: what Terraform or a tool says → cause in plain words → what to do (DESIGN §6).

Texts matched were seen with Terraform 1.11, uv 0.9 to 0.13, npm 11 and the tools of the local target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    pattern: re.Pattern[str]
    """Searched in the diagnostic's summary and detail; named groups may be used in the texts."""
    cause: str
    """Plain words; `{name}` stands for a named group."""
    action: str
    """What to do next; `{deployment}` stands for the deployment's name, `{again}` for the command that goes on with
    what failed, `{replan}` for the one that plans it anew, `{change}` for the one that sets the parameter and applies,
    `{changed}` for the module's parameters that were changed."""
    parameter: str = ""
    """The parameter that does it; may use named groups, and `{module}`."""
    setting: str = ""
    """What the module's parameter decides that does it (`image`, `memory`, …: the overlay's `pods`)."""


def rule(pattern: str, cause: str, action: str, parameter: str = "", setting: str = "") -> Rule:
    """Return a row; the pattern ignores case and reads across lines."""
    return Rule(re.compile(pattern, re.IGNORECASE | re.DOTALL), cause, action, parameter, setting)


AGAIN = "then run `{again}`: it carries on from here"

RULES: tuple[Rule, ...] = (
    rule(
        # The backend `http` puts itself into what Terraform then says of the holder.
        r"HTTP remote state already locked:\s+ID=(?P<id>\S*)",
        "Terraform's state is locked by another Terraform (lock {id})",
        "Wait for the other Terraform to end. If it is gone for certain, `mlops-install unlock {deployment}` takes its "
        "lock away, " + AGAIN + ".",
    ),
    rule(
        r"Error acquiring the state lock.*?ID:\s+(?P<id>\S+).*?Who:\s+(?P<who>\S+)",
        "Terraform's state is locked by {who} (lock {id})",
        "Wait for the other Terraform to end. If it is gone for certain, `mlops-install unlock {deployment}` takes its "
        "lock away, " + AGAIN + ".",
    ),
    rule(
        r"Saved plan is stale|\bstale\b",
        "the state or a secret changed since the plan was made",
        "Make a new plan with `{replan}` and look at what differs.",
    ),
    rule(
        r"No space left on device|Disk quota exceeded|os error 28",
        "the disk is full",
        "Free some space (`mlops-install doctor` says how much is needed), " + AGAIN + ".",
    ),
    rule(
        r"do not match the expected hash|hash(es)? (mismatch|do(es)? not match)|EINTEGRITY",
        "a downloaded package is not the one that was locked: a broken or tampered download",
        "Run it again; if it stays, your package index serves a changed file: tell its operator.",
    ),
    rule(
        r"SELF_SIGNED_CERT|CERTIFICATE_VERIFY_FAILED|UNABLE_TO_VERIFY|UnknownIssuer|invalid peer certificate",
        "a package could not be downloaded: the certificate of the index, or of a proxy before it, is not trusted",
        "Name the file with your organisation's certificates in SSL_CERT_FILE, " + AGAIN + ".",
    ),
    rule(
        r"Failed to fetch|dns error|Could not resolve|Connection refused.*index|Network is unreachable|ENOTFOUND|"
        r"EAI_AGAIN|ECONNREFUSED|operation timed out|tcp connect error|error sending request",
        "a package could not be downloaded: the package index can't be reached from here",
        "Check the network, the proxy variables and the index (UV_DEFAULT_INDEX or PIP_INDEX_URL), " + AGAIN + ".",
    ),
    rule(
        r"No solution found when resolving|was not found in the package registry|No matching distribution",
        "a package that was asked for does not exist, or does not fit the locked ones",
        "Correct `singleuser_packages` with `--set`, " + AGAIN + ".",
        "singleuser_packages",
    ),
    rule(
        r"port (?P<port>\d+)[^.]*?(?:held|taken|answered|in use)[^.]*?(?:by )(?P<holder>[^.\n]+)",
        "port {port} is taken by {holder}",
        "End that program or choose another port with `--set`, " + AGAIN + ".",
    ),
    rule(
        r"execution halted|operation canceled|interrupt",
        "the run was interrupted",
        "Nothing is lost: `{again}` carries on from here.",
    ),
    rule(
        r"never (became|got) healthy|did not become healthy",
        "the tool started but never answered as it should",
        "Read its last lines below; the whole log is in the deployment's services folder. When it is mended, run "
        "`{again}`: what works stays.",
    ),
    rule(
        r"exited|kept (ending|dying)|died",
        "the tool ended right after its start",
        "Read its last lines below; when it is mended, run `{again}`: what works stays.",
    ),
)

UNKNOWN = rule(
    "",
    "{summary}",
    "Read the lines below; `{again}` tries again what failed, what is done stays.",
)
HELD_UP = "See in the lines below and by `kubectl get events -A` what it waits for; then run `{again}`: it carries on."
"""What to do in a destroy where a row would have a parameter changed: that would install all again."""
