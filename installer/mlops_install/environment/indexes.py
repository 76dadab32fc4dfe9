"""Where packages come from: uv and npm get the operator's settings, and pip's own where uv has none.

uv reads neither pip.conf nor PIP_* (docs.astral.sh/uv/pip/compatibility, uv 0.9), and a machine behind a mirror is
usually set up for pip.
"""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_PASSED = re.compile(
    r"(UV_|npm_config_|NPM_CONFIG_|SSL_CERT_|(https?|all|no)_proxy$|NODE_EXTRA_CA_CERTS$|XDG_|NETRC$|LANG$|TMPDIR$|HOME$)",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"(UV_(CONSTRAINT|OVERRIDE|BUILD_CONSTRAINT|EXCLUDE|TARGET|PREFIX|PYTHON$|SYSTEM_PYTHON|BREAK_SYSTEM|REQUIRE_HASHES"
    r"|NO_VERIFY_HASHES|COMPILE_BYTECODE|PROJECT|WORKING_DIR|VENV|NO_BINARY|NO_BUILD|RESOLUTION|PRERELEASE|INIT_)"
    r"|npm_config_(prefix|global|omit|include|location|workspace|ignore_scripts|local_prefix))",
    re.IGNORECASE,
)
"""What would make another environment than the lock says."""
_MAPPED = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "trusted-host": "UV_INSECURE_HOST",
    "no-index": "UV_NO_INDEX",
    "proxy": "ALL_PROXY",
}
"""pip's option → uv's variable."""
_NPM_PATIENCE = {
    "npm_config_fetch_timeout": "20000",
    "npm_config_fetch_retries": "5",
    "npm_config_fetch_retry_mintimeout": "500",
    "npm_config_fetch_retry_maxtimeout": "5000",
}
"""Milliseconds; npm itself waits 300 s for a stalled reply and 10 to 60 s before a retry (npm 11 docs, config)."""
_OLDER = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}
"""uv's earlier names, which the operator may have set."""


def install_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of `uv` and `npm`: built from what concerns packages, with pip's settings translated.

    No `TF_VAR_` (they are secrets) and nothing that would change what the lock says passes. HOME stays the
    operator's: the caches and the configuration files of uv and npm are there.
    """
    built = {name: value for name, value in variables.items() if _PASSED.match(name) and not _DROPPED.match(name)}
    built["PATH"] = variables.get("PATH") or "/usr/local/bin:/usr/bin:/bin"
    for option, value in pip_settings(variables).items():
        target = _MAPPED[option]
        if value and not built.get(target) and not built.get(_OLDER.get(target, target)):
            built[target] = _translate(option, value)
    # node has its own list of authorities and adds a file only under this name (nodejs.org/api/cli, v24).
    if built.get("SSL_CERT_FILE"):
        built.setdefault("NODE_EXTRA_CA_CERTS", built["SSL_CERT_FILE"])
    # Seconds without a byte: a connection that stalls is soon tried again instead of holding the whole tool up.
    built.setdefault("UV_HTTP_TIMEOUT", "20")
    built.setdefault("UV_HTTP_RETRIES", "5")
    for name, value in _NPM_PATIENCE.items():
        built.setdefault(name, value)
    return {**built, "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}


def pip_settings(variables: Mapping[str, str]) -> dict[str, str]:
    """Return pip's options that matter here, from its configuration files and, over them, its variables.

    Files and order: pip 25 docs, topics/configuration.
    """
    settings: dict[str, str] = {}
    for path in _pip_files(variables):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                settings |= {key.replace("_", "-"): value for key, value in parser.items(section)}
    named = {option: variables.get("PIP_" + option.upper().replace("-", "_")) for option in _MAPPED}
    settings |= {option: value for option, value in named.items() if value}
    return {option: settings[option] for option in _MAPPED if option in settings}


def _pip_files(variables: Mapping[str, str]) -> list[Path]:
    home = Path(variables["HOME"]) if variables.get("HOME") else None
    chosen = variables.get("PIP_CONFIG_FILE")
    if chosen == "/dev/null":
        return []
    config = Path(variables["XDG_CONFIG_HOME"]) if variables.get("XDG_CONFIG_HOME") else home and home / ".config"
    files = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf")]
    files += [home / ".pip" / "pip.conf"] if home else []
    files += [config / "pip" / "pip.conf"] if config else []
    files.append(Path(sys.prefix) / "pip.conf")
    return [*files, Path(chosen)] if chosen else files


def _translate(option: str, value: str) -> str:
    words = value.split()
    if option == "find-links":
        return ",".join(words)
    if option == "no-index":
        return "1" if value.strip().lower() in ("1", "true", "yes", "on") else "0"
    if option == "timeout":
        return str(int(float(words[0])))
    return " ".join(words)
