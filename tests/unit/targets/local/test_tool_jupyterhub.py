"""What JupyterHub's tool file and that of the team's environment render, and their locks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlops_install.catalogue.model import Value
from mlops_install.environment.lockfile import LOCKS
from mlops_install.targets.local.tool import ToolContext
from mlops_install.targets.local.tools import environment, jupyterhub

SECRETS = {name: f"canary-{name}-0123456789" for name in jupyterhub.TOOL.secret_names}
SETTINGS: dict[str, Value] = {
    "port": 8000,
    "hub_port": 8081,
    "proxy_api_port": 8001,
    "secrets_revision": 1,
    "oauth_github_enable": False,
    "oauth_github_client_id": "",
    "oauth_github_admin_users": [],
    "oauth_github_callback_url": "",
    "oauth_github_allowed_organizations": [""],
    "environment": {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"},
}
GITHUB: dict[str, Value] = {
    "oauth_github_enable": True,
    "oauth_github_client_id": "Iv1.0123",
    "oauth_github_admin_users": ["octocat"],
}


class Sections(dict[str, Any]):
    """Stands for the `c` of a configuration file: any section, any trait."""

    def __missing__(self, key: str) -> Sections:
        self[key] = section = Sections()
        return section

    __setattr__ = dict.__setitem__

    def __getattribute__(self, name: str) -> Any:
        return self[name] if name[0].isupper() else super().__getattribute__(name)


def context(folder: Path, settings: dict[str, Value] | None = None, *, root: bool = False) -> ToolContext:
    given = SETTINGS | (settings or {})
    return ToolContext("jupyterhub", folder / "services/jupyterhub", folder / "services", given, SECRETS, root)


def load(tool_context: ToolContext) -> Sections:
    """Write what is rendered and read it as JupyterHub would."""
    tool_context.config.mkdir(parents=True)
    for path, text in jupyterhub.TOOL.render(tool_context).items():
        path.write_text(text, encoding="utf-8")
    file = tool_context.config / "jupyterhub_config.py"
    sections = Sections()
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), {"c": sections})
    return sections


def test_secrets_stand_in_their_own_file_alone(tmp_path: Path) -> None:
    rendered = jupyterhub.TOOL.render(context(tmp_path))
    holding = {path.name for path, text in rendered.items() for secret in SECRETS.values() if secret in text}
    assert holding == {"secrets.json"}
    for program in jupyterhub.TOOL.programs(context(tmp_path)):
        shown = " ".join([*program.argv, *program.environment.values()])
        assert not [secret for secret in SECRETS.values() if secret in shown]
        assert set(program.secret_environment.values()) <= set(jupyterhub.TOOL.secret_names)


def test_rendering_is_pure(tmp_path: Path) -> None:
    assert jupyterhub.TOOL.render(context(tmp_path)) == jupyterhub.TOOL.render(context(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_password_authenticator(tmp_path: Path) -> None:
    config = load(context(tmp_path))
    assert config.JupyterHub["authenticator_class"] == "shared-password"
    assert config.Authenticator["allow_all"] is True
    assert config.Authenticator["admin_users"] == ["admin"]
    assert config.SharedPasswordAuthenticator == {
        "user_password": SECRETS["jupyterhub_shared_password"],
        "admin_password": SECRETS["jupyterhub_admin_password"],
    }
    assert config.ConfigurableHTTPProxy["auth_token"] == SECRETS["jhub_proxy_secret_token"]


def test_github_restricted_to_organizations(tmp_path: Path) -> None:
    settings: dict[str, Value] = {**GITHUB, "oauth_github_allowed_organizations": ["", "acme", "acme:team"]}
    config = load(context(tmp_path, settings))
    github = config.GitHubOAuthenticator
    assert config.JupyterHub["authenticator_class"] == "github"
    assert github["client_id"] == "Iv1.0123"
    assert github["client_secret"] == SECRETS["oauth_github_client_secret"]
    assert github["oauth_callback_url"] == "http://127.0.0.1:8000/hub/oauth_callback"
    assert github["allowed_organizations"] == ["acme", "acme:team"]
    assert github["scope"] == ["read:org"]
    assert config.Authenticator["admin_users"] == ["octocat"]
    written = (tmp_path / "services/jupyterhub/config/secrets.json").read_text(encoding="utf-8")
    assert SECRETS["jupyterhub_shared_password"] not in written


def test_github_without_organizations_admits_administrators_only(tmp_path: Path) -> None:
    settings: dict[str, Value] = {**GITHUB, "oauth_github_callback_url": "https://hub.example.org/hub/oauth_callback"}
    config = load(context(tmp_path, settings))
    assert "allowed_organizations" not in config.GitHubOAuthenticator
    assert "scope" not in config.GitHubOAuthenticator
    assert "allow_all" not in config.Authenticator
    assert config.GitHubOAuthenticator["oauth_callback_url"] == "https://hub.example.org/hub/oauth_callback"


def test_verify_token_reaches_one_user(tmp_path: Path) -> None:
    config = load(context(tmp_path))
    [service], [role] = config.JupyterHub["services"], config.JupyterHub["load_roles"]
    assert role["services"] == [service["name"]]
    assert service["api_token"] == SECRETS["jupyterhub_verify_token"]
    assert {scope.partition("!")[2] for scope in role["scopes"]} == {"user=mlops-verify"}


def test_everything_listens_on_loopback(tmp_path: Path) -> None:
    config = load(context(tmp_path))
    urls = [config.JupyterHub["bind_url"], config.JupyterHub["hub_bind_url"], config.ConfigurableHTTPProxy["api_url"]]
    assert urls == [f"http://127.0.0.1:{port}" for port in (8000, 8081, 8001)]
    assert config.Spawner["ip"] == "127.0.0.1"
    programs = jupyterhub.TOOL.programs(context(tmp_path))
    assert {port for program in programs for port in program.ports} == {8000, 8081, 8001}
    proxy = programs[0].argv
    assert proxy[proxy.index("--ip") + 1] == proxy[proxy.index("--api-ip") + 1] == "127.0.0.1"


@pytest.mark.parametrize(("root", "arguments"), [(True, ["--allow-root"]), (False, [])])
def test_servers_run_in_the_teams_environment(tmp_path: Path, root: bool, arguments: list[str]) -> None:
    spawner = load(context(tmp_path, root=root)).Spawner
    scripts = tmp_path / "services/environment/environment/bin"
    assert spawner["cmd"] == [str(scripts / "python"), "-P", "-m", "mlops_environment.singleuser"]
    assert spawner["args"] == arguments
    assert spawner["environment"]["MLFLOW_TRACKING_URI"] == "http://127.0.0.1:5000"
    assert spawner["environment"]["PATH"].startswith(f"{scripts}:")


def test_odd_folder_names_survive(tmp_path: Path) -> None:
    folder = tmp_path / "it's {an} odd % folder"
    config = load(context(folder))
    homes = folder / "services/jupyterhub/data/homes"
    assert config.SimpleLocalProcessSpawner["home_dir_template"].format(username="ann") == str(homes / "ann")


def test_only_the_home_of_verify_is_removed(tmp_path: Path) -> None:
    class User:
        def __init__(self, name: str) -> None:
            self.name = name

    class Spawner:
        def __init__(self, name: str) -> None:
            self.user, self.home_dir = User(name), str(tmp_path / name)
            Path(self.home_dir, "work").mkdir(parents=True)

    remove = load(context(tmp_path / "deployment")).Spawner["post_stop_hook"]
    for name in ("mlops-verify", "ann"):
        remove(Spawner(name))
    assert not (tmp_path / "mlops-verify").exists()
    assert (tmp_path / "ann/work").is_dir()


def test_the_environment_gets_what_the_team_added() -> None:
    [made] = environment.TOOL.environments({"pins": "polars==1.30.0 --hash=sha256:ab\n"})
    assert made.pins == "polars==1.30.0 --hash=sha256:ab\n"
    assert made.plugins == ("mlflow-seldon", "mlops-environment")
    assert environment.TOOL.environments({})[0].pins == ""


def test_proxy_lock_is_hashed_and_names_no_registry() -> None:
    packages = json.loads((LOCKS / "chp/package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = {name: entry for name, entry in packages.items() if name}
    assert locked["node_modules/configurable-http-proxy"]["version"] == "5.3.0"
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())
    assert not [name for name, entry in locked.items() if "resolved" in entry]


@pytest.mark.parametrize("name", ["jupyterhub.txt", "environment.txt"])
def test_locks_leave_out_the_slow_format_checker(name: str) -> None:
    text = (LOCKS / name).read_text(encoding="utf-8")
    assert "\njupyterhub==6.1.1 " in text
    assert "rfc3987-syntax" not in text
    assert "://" not in text
