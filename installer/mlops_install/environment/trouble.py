"""What uv and npm say when they fail, by its kind; what each kind means, and what to do about it.

The texts are those of uv 0.9 to 0.13 (the index, certificate, proxy and settings were each made to fail) and npm 11
("npm error code …"; earlier ones begin "npm ERR!"). Each is bound to its line's beginning: package names and build
logs may hold any words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UV = r"^\W*(?:error: |cause: |Caused by: |hint: )?"
_NPM = r"^npm (?:error|ERR!) code "


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of failure of a package program."""

    pattern: re.Pattern[str]
    """Searched in what the program said; its groups may be used in `cause`."""
    cause: str
    """Plain words, no capital at the beginning and no full stop."""
    remedy: str
    """What to do before it is tried again: a clause that begins with a capital and ends without a full stop."""


def _trouble(pattern: str, cause: str, remedy: str) -> Trouble:
    return Trouble(re.compile(pattern, re.MULTILINE), cause, remedy)


FULL_DISK = _trouble(
    r"(?:: |^\W*)(?:No space left on device \(os error 28\)|Disk quota exceeded \(os error 122\))"
    rf"|{_NPM}(?:ENOSPC|EDQUOT)\b",
    "the disk is full",
    "Free some space",
)
SETTINGS = _trouble(
    rf"{_UV}(?P<setting>Required uv version .+ does not match the running version"
    r"|Failed to parse: \S*(?:uv|pyproject)\.toml"
    r"|`\S+` was filtered by `exclude-newer`"
    r"|Packages were unavailable because the network was disabled)",
    "uv's own settings on this machine forbid it ({setting})",
    "Change them (uv.toml, `tool.uv` in a pyproject.toml, or a variable that begins with UV_)",
)
PYTHON = _trouble(
    rf"{_UV}(?:No interpreter found for Python \S+|Failed to download `\S+/cpython-\S+`)",
    "there is no Python here that the tools can use, and uv could not get one",
    "Install Python 3.11 or 3.12, or let uv download it (UV_PYTHON_DOWNLOADS, UV_PYTHON_INSTALL_MIRROR)",
)
CERTIFICATE = _trouble(
    rf"{_UV}invalid peer certificate: "
    rf"|{_NPM}(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE"
    r"|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b",
    "a package could not be downloaded: the certificate of the index, or of a proxy before it, is not trusted",
    "Name the file with your organisation's certificates in SSL_CERT_FILE",
)
REFUSED = _trouble(
    rf"{_UV}HTTP status client error \((?P<status>401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)\)"
    rf"|{_UV}An index .*(?:\(401 Unauthorized\)|returned a 403 Forbidden error)"
    rf"|{_UV}tunnel error: proxy authorization required"
    rf"|{_NPM}E40[137]\b",
    "a package could not be downloaded: the index, or a proxy before it, refuses the login",
    "Give the user name and password that it wants, in the address of the index (UV_DEFAULT_INDEX, PIP_INDEX_URL), in "
    "a .netrc, or in https_proxy",
)
DAMAGED = _trouble(
    rf"{_UV}Hash mismatch for `\S+`|{_NPM}EINTEGRITY\b",
    "a downloaded package is not the one that was locked: a broken or tampered download",
    "If it stays, your package index serves a changed file: tell its operator",
)
ABSENT = _trouble(
    rf"{_UV}No solution found when resolving dependencies"
    rf"|{_UV}HTTP status client error \(404 Not Found\)"
    rf"|{_NPM}(?:E404|ETARGET)\b",
    "the package index doesn't have a package that is wanted",
    "Have the index, or the mirror that you use, carry it, or name another one (UV_DEFAULT_INDEX, PIP_INDEX_URL)",
)
UNREACHABLE = _trouble(
    rf"{_UV}(?:error sending request for url \(|dns error$|tcp connect error|tunnel error: |operation timed out$"
    r"|error decoding response body|Failed to fetch: |Failed to download distribution due to network timeout"
    r"|HTTP status server error \(|HTTP status client error \(4)"
    rf"|{_NPM}(?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH|E429|E5\d\d)\b",
    "a package could not be downloaded: the package index can't be reached from here, or doesn't answer as it should",
    "Check the network, the proxy variables and the index (UV_DEFAULT_INDEX or PIP_INDEX_URL)",
)
TROUBLES = (FULL_DISK, SETTINGS, PYTHON, CERTIFICATE, REFUSED, DAMAGED, ABSENT, UNREACHABLE)
"""Every kind; where several fit, the first one is what the others follow from."""


def trouble_of(text: str) -> Trouble | None:
    """Return what kind of failure uv's or npm's words tell of; None where they tell of none that is known."""
    return next((trouble for trouble in TROUBLES if trouble.pattern.search(text)), None)


def cause_of(trouble: Trouble, text: str) -> str:
    """Return the cause in words, with what the program said of it."""
    match = trouble.pattern.search(text)
    return trouble.cause.format_map(match.groupdict(default="") if match else {})
