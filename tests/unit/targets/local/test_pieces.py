"""The pure pieces of the local runtime."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlops_install.environment.indexes import install_environment, pip_settings
from mlops_install.environment.lockfile import constraints, read_lock
from mlops_install.errors import UsageError
from mlops_install.targets.local import registry
from mlops_install.targets.local.environments import python_request
from mlops_install.targets.local.ports import Listener
from mlops_install.targets.local.programs import (
    ProgramRecord,
    base_environment,
    read_records,
    record_file,
    record_text,
    supervisor_text,
    telling_lines,
)
from mlops_install.targets.local.status import address_of
from mlops_install.targets.local.tool import Health, Program, ToolContext

NO_FILES = {"PIP_CONFIG_FILE": "/dev/null"}


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert Listener(host, 1, None).loopback is loopback


def test_locks_become_constraints() -> None:
    lock = "# made by uv\nnumpy==2.1 ; python_version < '4' \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n"
    assert constraints(read_lock(lock)) == "numpy==2.1 ; python_version < '4'\n"


def test_python_is_the_running_one_where_the_locks_cover_it() -> None:
    assert python_request((3, 11), "/x/python") == "/x/python"
    assert python_request((3, 14), "/x/python") == "3.12"


def test_installs_get_no_secret_and_nothing_that_bends_the_lock() -> None:
    variables = {
        **NO_FILES,
        "TF_VAR_token": "canary",
        "UV_REQUIRE_HASHES": "0",
        "UV_CONSTRAINT": "x",
        "UV_CACHE_DIR": "/cache",
        "https_proxy": "http://proxy",
        "npm_config_registry": "http://mirror",
        "PATH": "/bin",
        "HOME": "/nowhere",
    }
    built = install_environment(variables)
    kept = {name: built.get(name) for name in variables if name not in NO_FILES}
    assert kept == {
        **dict.fromkeys(("TF_VAR_token", "UV_REQUIRE_HASHES", "UV_CONSTRAINT")),
        **{name: variables[name] for name in ("UV_CACHE_DIR", "https_proxy", "npm_config_registry", "PATH", "HOME")},
    }


def test_pip_settings_serve_uv_unless_it_has_its_own(tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = http://file/simple\ntimeout = 60\n[install]\nfind-links =\n  /a\n  /b\n")
    variables = {"PIP_CONFIG_FILE": str(config), "PIP_INDEX_URL": "http://variable/simple", "HOME": str(tmp_path)}
    assert pip_settings(variables)["index-url"] == "http://variable/simple"
    built = install_environment(variables)
    assert built["UV_DEFAULT_INDEX"] == "http://variable/simple"
    assert built["UV_FIND_LINKS"] == "/a,/b"
    assert built["UV_HTTP_TIMEOUT"] == "60"
    own = install_environment({**variables, "UV_INDEX_URL": "http://uv/simple"})
    assert "UV_DEFAULT_INDEX" not in own


def _context(folder: Path) -> ToolContext:
    return ToolContext("dask", folder / "dask", folder, {}, {}, root=False)


def test_program_environment_is_built(tmp_path: Path) -> None:
    variables = {"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": "intern", "AWS_SECRET": "canary", "TZ": "UTC"}
    built = base_environment(_context(tmp_path), tmp_path / "tmp", variables)
    assert built["https_proxy"] == built["HTTPS_PROXY"] == "http://proxy:1"
    assert built["no_proxy"] == "intern,127.0.0.1,localhost,::1"
    assert built["TZ"] == "UTC"
    assert "AWS_SECRET" not in built
    assert "no_proxy" not in base_environment(_context(tmp_path), tmp_path, {})


def test_supervisor_text_doubles_percent_signs(tmp_path: Path) -> None:
    text = supervisor_text(tmp_path / "100%" / "dask", ["dask"], Path("/py%thon"))
    assert "/py%%thon -I -S" in text
    assert "100%%/dask/dask" in text
    assert "autorestart=true" in text


def test_records_round_trip_without_secrets(tmp_path: Path) -> None:
    health = Health("http://127.0.0.1:8787/health", "ok", 5.0)
    program = Program("dask", ("dask",), secret_environment={"A": "name"}, ports=(8786, 8787), health=health)
    assert read_records(tmp_path) is None
    record_file(tmp_path).write_text(record_text([program]))
    assert read_records(tmp_path) == (ProgramRecord("dask", (8786, 8787), health, ""),)
    assert json.loads(record_text([program])) == json.loads(record_text([program]))


def test_address_is_http_where_health_is_asked_on_the_first_port() -> None:
    health = Health("http://127.0.0.1:8787/health", "ok")
    assert address_of([ProgramRecord("dask", (8786, 8787), health)]) == "tcp://127.0.0.1:8786"
    assert address_of([ProgramRecord("dask", (8787,), health)]) == "http://127.0.0.1:8787"
    assert address_of([]) == ""


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(UsageError, match="no tool 'kubeflow'"):
        registry.tool("kubeflow")


def test_the_line_that_matters_is_found_behind_a_polite_shutdown(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    lines = [*(f"starting {n}" for n in range(30)), "ModuleNotFoundError: No module named 'no'"]
    lines += [f"INFO: closing {n}" for n in range(40)]
    (tmp_path / "logs" / "seldon.log").write_text("\n".join(lines))
    found = telling_lines(tmp_path, "seldon")
    assert "ModuleNotFoundError: No module named 'no'" in found
    assert found[-1] == "INFO: closing 39"
    assert len(found) <= 12
    assert telling_lines(tmp_path, "unknown") == []


def test_what_an_earlier_run_said_is_not_quoted_for_this_one(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "seldon.log"
    log.write_text("ModuleNotFoundError: No module named 'no'\n")
    before = log.stat().st_size
    assert telling_lines(tmp_path, "seldon", since=before) == []
    with log.open("a") as file:
        file.write("INFO: closing\n")
    assert telling_lines(tmp_path, "seldon", since=before) == ["INFO: closing"]
    # Supervisor has begun a new file.
    log.write_text("INFO: new\n")
    assert telling_lines(tmp_path, "seldon", since=before) == ["INFO: new"]
