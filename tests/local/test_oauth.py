"""GitHub OAuth on this machine: the authenticator is GitHub's, and the client's secret is only where it belongs."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

from tests.local.conftest import Laptop
from tests.local.listeners import processes_of

CANARY = "canary0123456789abcdef0123456789abcdef01"
QUICK = ("quick", "laptop", "--yes", "--non-interactive", "--no-verify")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def login_goes_to(address: str) -> str:
    """Return where JupyterHub's OAuth login sends a browser."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
    try:
        opener.open(f"{address}/hub/oauth_login", timeout=30)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("no redirect")


def places_of(canary: str, laptop: Laptop) -> set[Path]:
    """Return the deployment's files that hold the canary, environments left out."""
    return {
        path
        for path in laptop.folder.rglob("*")
        if path.is_file() and not path.is_symlink() and "environment" not in path.parts
        if canary.encode() in path.read_bytes()
    }


def test_a_github_secret_reaches_the_hub_and_nothing_else(laptop: Laptop) -> None:
    given = [
        "--set=oauth_github_enable=true",
        "--set=oauth_github_client_id=Iv1.0123456789abcdef",
        "--set=oauth_github_client_secret=env:GITHUB_CANARY",
        "--set=oauth_github_admin_users=octocat",
        "--set=oauth_github_allowed_organizations=example",
    ]
    program = replace(laptop.program, extra={"GITHUB_CANARY": CANARY})
    said = program.run(*QUICK, *given, "-o", "json").stdout
    assert CANARY not in said
    location = login_goes_to(f"http://127.0.0.1:{laptop.ports['jupyterhub_port']}")
    assert location.startswith("https://github.com/login/oauth/authorize")
    assert "read%3Aorg" in location

    places = places_of(CANARY, laptop)
    hub = laptop.folder / "services" / "jupyterhub"
    assert laptop.folder / "secrets.tfvars.json" in places
    assert {path.parent for path in places} <= {laptop.folder, hub / "config", hub / "guard"}
    assert {path.stat().st_mode & 0o777 for path in places} == {0o600}
    carriers = [
        process.pid
        for process in processes_of(laptop.folder)
        if CANARY.encode() in Path(f"/proc/{process.pid}/environ").read_bytes()
        or CANARY.encode() in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    ]
    assert carriers == []

    laptop.program.run(*QUICK, "--set=oauth_github_enable=false")
    assert laptop.program.document("status", "laptop")["healthy"] is True


def test_an_enabled_oauth_with_nobody_allowed_in_is_refused(laptop: Laptop) -> None:
    program = replace(laptop.program, extra={"GITHUB_CANARY": CANARY})
    done = program.run(
        *QUICK,
        "--set=oauth_github_enable=true",
        "--set=oauth_github_client_id=Iv1.0123456789abcdef",
        "--set=oauth_github_client_secret=env:GITHUB_CANARY",
        "--set=oauth_github_admin_users=",
        "--set=oauth_github_allowed_organizations=",
        code=2,
    )
    assert "oauth_github" in done.stderr
    assert CANARY not in done.stderr


def test_everything_missing_is_reported_at_once(laptop: Laptop) -> None:
    quick = ("quick", "laptop", "--name=fresh", "--set=oauth_github_enable=true", "--non-interactive")
    done = laptop.program.run(*quick, code=2)
    assert "oauth_github_client_id" in done.stderr
    assert "oauth_github_client_secret" in done.stderr
    assert "--set oauth_github_client_secret=env:NAME or file:PATH" in done.stderr
