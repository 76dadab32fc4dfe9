"""The installed program as a child process, in surroundings of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import hints

KEPT = ("PATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
KEPT_PREFIXES = ("UV_", "PIP_", "NPM_", "npm_", "http_proxy", "https_proxy", "no_proxy")


def user_cache() -> Path:
    """Return the cache folder of the user who runs the tests: downloads are shared, nothing else is."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@dataclass(frozen=True)
class Program:
    """`mlops-install` with a HOME below `root`; package caches are the user's."""

    root: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith(KEPT_PREFIXES)}
        own = {
            "HOME": str(self.root / "home"),
            "XDG_DATA_HOME": str(self.root / "data"),
            "XDG_STATE_HOME": str(self.root / "state"),
            "XDG_CACHE_HOME": str(self.root / "cache"),
            # Where this very program is found by its name: texts name it so.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR") or str(user_cache() / "uv"),
            "npm_config_cache": str(Path.home() / ".npm"),
            "TERM": "dumb",
        }
        npmrc = Path.home() / ".npmrc"
        if npmrc.is_file():
            own["npm_config_userconfig"] = str(npmrc)
        return {**kept, **own, **self.extra}

    def folder(self, name: str) -> Path:
        """Return the folder of a deployment."""
        return self.root / "data" / "mlops-install" / name

    def argv(self, arguments: Sequence[str]) -> list[str]:
        """Return how the program is started with these arguments."""
        return [sys.executable, "-m", "mlops_install", *arguments]

    def link_providers(self) -> None:
        """Keep Terraform's local plugin directory in reach: providers come from there where no registry is."""
        terraform = self.root / "home" / ".terraform.d"
        terraform.mkdir(parents=True, exist_ok=True)
        plugins = Path.home() / ".terraform.d" / "plugins"
        if plugins.is_dir() and not (terraform / "plugins").is_symlink():
            (terraform / "plugins").symlink_to(plugins)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start it and return the child; both streams are piped unless told otherwise."""
        self.link_providers()
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options
        return subprocess.Popen(self.argv(arguments), env=self.environment, cwd=self.root, text=True, **options)

    def run(self, *arguments: str, timeout: float = 600, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run it to its end; `code` is the exit code it must have, None for any."""
        child = self.start(*arguments)
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            raise
        done = subprocess.CompletedProcess(child.args, child.returncode, out, err)
        for text in (out, err):
            hints.check(text)
        if code is not None:
            assert done.returncode == code, f"exit {done.returncode}\n{out[-4000:]}\n{err[-4000:]}"
        return done

    def document(self, *arguments: str, timeout: float = 600, code: int | None = 0) -> Any:
        """Run it with `-o json` and return the one document on stdout."""
        return json.loads(self.run(*arguments, "-o", "json", timeout=timeout, code=code).stdout)

    def lines(self, *arguments: str, timeout: float = 600, code: int | None = 0) -> list[Any]:
        """Run it with `-o json` and return its NDJSON objects."""
        out = self.run(*arguments, "-o", "json", timeout=timeout, code=code).stdout
        return [json.loads(line) for line in out.splitlines()]
