from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_install.catalogue.cache import decode, encode
from mlops_install.catalogue.load import load_catalogue, targets, warm
from mlops_install.catalogue.model import Catalogue, Release, Right, TypeSpec
from mlops_install.catalogue.schema import answers_schema
from mlops_install.errors import InstallerError, UsageError


@pytest.fixture
def copied_root(terraform_root: Path, tmp_path: Path) -> Path:
    root = tmp_path / "data" / "terraform"
    shutil.copytree(terraform_root, root, symlinks=True)
    return root


def test_targets_are_the_stacks_with_an_overlay(terraform_root: Path) -> None:
    assert targets(terraform_root) == ("sample",)


def test_parameters_are_read_with_types_defaults_and_descriptions(catalogue: Catalogue) -> None:
    port = catalogue.parameters["hub_port"]
    assert (port.type, port.default, port.nullable, port.label) == (TypeSpec("number"), 8000, False, "Port")
    assert port.description == "Port of the hub,\n  on loopback."
    assert port.widget == {"kind": "port"}
    profiles = catalogue.parameters["hub_profiles"]
    assert profiles.type.element is not None
    assert profiles.type.element.optional == {"image": 'a"b\\c${d}', "extra": None}
    assert profiles.default == [{"name": "one", "extra": {"a.b": -1.5, "c": 1000.0}}]
    path = catalogue.parameters["store_path"]
    assert (path.has_default, path.default) == (False, None)
    assert catalogue.parameters["store_mode"].choices == ("fast", "safe")
    assert catalogue.parameters["hub_token"].sensitive
    assert catalogue.parameters["hub_token"].required_when == ({"install_hub": True},)


def test_a_parameter_s_module_is_the_longest_that_its_file_begins_with(catalogue: Catalogue) -> None:
    modules = {name: parameter.module for name, parameter in catalogue.parameters.items()}
    assert modules["oauth_enable"] == modules["hub_token"] == modules["hub_port"] == "hub"
    assert (modules["store_mode"], modules["store_cache_size"], modules["labels"]) == ("store", "store_cache", "")


def test_switches_are_no_parameters_and_the_rest_is_in_the_order_it_is_asked(catalogue: Catalogue) -> None:
    names = list(catalogue.parameters)
    assert not [name for name in names if name.startswith("install_")]
    assert names.index("store_mode") < names.index("hub_port") < names.index("hub_profiles") < names.index("labels")


def test_internal_parameters_are_neither_settings_nor_in_the_schema(catalogue: Catalogue) -> None:
    assert "hub_secrets_revision" not in {parameter.name for parameter in catalogue.settings()}
    schema = answers_schema(catalogue)
    assert "hub_secrets_revision" not in schema["properties"]["parameters"]["properties"]
    assert set(schema["properties"]["secrets"]["properties"]) == {"hub_token", "hub_password", "oauth_client_secret"}


def test_the_cached_catalogue_equals_the_built_one(catalogue: Catalogue) -> None:
    assert decode(encode(catalogue)) == catalogue


def test_a_cached_catalogue_is_read_without_the_slow_libraries(terraform_root: Path, tmp_path: Path) -> None:
    load_catalogue("sample", cache_home=tmp_path, terraform_root=terraform_root)
    code = (
        "import sys; from pathlib import Path; from mlops_install.catalogue.load import load_catalogue;"
        "load_catalogue('sample', cache_home=Path(sys.argv[1]), terraform_root=Path(sys.argv[2]));"
        "print([m for m in ('hcl2', 'yaml', 'jsonschema') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), str(terraform_root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"target": "sample"}', b"\xff", b'{"modules": 3}'])
def test_an_unusable_cache_is_built_again(
    content: bytes, catalogue: Catalogue, terraform_root: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "catalogue" / f"{catalogue.digest}.json"
    kept.parent.mkdir()
    kept.write_bytes(content)
    assert load_catalogue("sample", cache_home=tmp_path, terraform_root=terraform_root) == catalogue
    assert kept.stat().st_size > len(content)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_an_unwritable_cache_changes_nothing(catalogue: Catalogue, terraform_root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert load_catalogue("sample", cache_home=tmp_path / "file", terraform_root=terraform_root) == catalogue


def test_a_warm_catalogue_beside_the_stacks_is_used(copied_root: Path, tmp_path: Path) -> None:
    path = warm("sample", copied_root.parent / "catalogue", terraform_root=copied_root)
    loaded = load_catalogue("sample", cache_home=tmp_path / "cache", terraform_root=copied_root)
    assert loaded.digest == path.stem
    assert not (tmp_path / "cache").exists()


def test_links_and_copies_have_the_same_digest(catalogue: Catalogue, terraform_root: Path, tmp_path: Path) -> None:
    shutil.copytree(terraform_root, tmp_path / "terraform")
    loaded = load_catalogue("sample", cache_home=tmp_path, terraform_root=tmp_path / "terraform")
    assert loaded == catalogue


def test_a_changed_variable_is_noticed(catalogue: Catalogue, copied_root: Path, tmp_path: Path) -> None:
    file = copied_root / "modules" / "hub" / "shared_variables.tf"
    file.write_text(file.read_text().replace("false\n  nullable", "true\n  nullable"))
    loaded = load_catalogue("sample", cache_home=tmp_path, terraform_root=copied_root)
    assert (loaded.parameters["oauth_enable"].default, catalogue.parameters["oauth_enable"].default) == (True, False)


def test_an_unknown_target_names_the_known_ones(terraform_root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_catalogue("cloud", cache_home=tmp_path, terraform_root=terraform_root)
    assert "sample" in caught.value.hint


def test_a_broken_overlay_is_refused_with_everything_wrong(copied_root: Path, tmp_path: Path) -> None:
    overlay = copied_root / "stacks" / "sample" / "wizard.yaml"
    overlay.write_text(
        "format: 2\ncolours: {}\nmodules:\n  hub: {title: 3, summary: s, version: '1', "
        "needs: [{module: x, reason: r}]}\n"
        "parameters:\n  hub_port: {lable: Port, order: first}\n  hub_token: {generate: dice, advanced: maybe}\n"
    )
    with pytest.raises(InstallerError) as caught:
        load_catalogue("sample", cache_home=tmp_path, terraform_root=copied_root)
    assert {problem.subject for problem in caught.value.problems} == {
        "format",
        "colours",
        "modules.hub.title",
        "modules.hub.needs.0.module",
        "parameters.hub_port.lable",
        "parameters.hub_port.order",
        "parameters.hub_token.generate",
        "parameters.hub_token.advanced",
    }
    assert any("line 6" in problem.source for problem in caught.value.problems)


def test_a_stack_that_contradicts_itself_is_refused(copied_root: Path, tmp_path: Path) -> None:
    stack = copied_root / "stacks" / "sample"
    (stack / "more_variables.tf").write_text(
        'variable "hub_port" {}\nvariable "leak" {\n  sensitive = true\n}\n'
        'variable "odd" {\n  type = tuple([string])\n}\n'
    )
    (stack / "broken.tf").write_text('variable "x" {')
    overlay = stack / "wizard.yaml"
    overlay.write_text(overlay.read_text() + "  ghost: {ask_when: {nobody: 1}}\n  labels: {ask_when: {nobody: 1}}\n")
    with pytest.raises(InstallerError) as caught:
        load_catalogue("sample", cache_home=tmp_path, terraform_root=copied_root)
    assert [problem.subject for problem in caught.value.problems] == [
        "", "hub_port", "leak", "odd", "parameters.ghost", "parameters.labels",
    ]  # fmt: skip


def test_releases_and_rights_are_read_and_kept_in_the_cache(copied_root: Path, tmp_path: Path) -> None:
    overlay = copied_root / "stacks" / "sample" / "wizard.yaml"
    text = overlay.read_text()
    first = text.index("  hub:\n", text.index("modules:")) + len("  hub:\n")
    overlay.write_text(
        text[:first]
        + "    releases: [{name: hub, namespace: hub_port}]\n"
        + "    rights: [{group: apps, resource: deployments, verbs: [get, create], namespaced: true}]\n"
        + '    kubernetes: "1.28"\n'
        + text[first:]
    )
    for _ in ("built", "cached"):
        hub = load_catalogue("sample", cache_home=tmp_path, terraform_root=copied_root).modules["hub"]
        assert hub.releases == (Release("hub", "hub_port"),)
        assert hub.kubernetes == "1.28"
        assert hub.rights == (Right("apps", "deployments", ("get", "create"), True),)


def test_releases_rights_and_conditions_that_say_nothing_are_refused(copied_root: Path, tmp_path: Path) -> None:
    overlay = copied_root / "stacks" / "sample" / "wizard.yaml"
    overlay.write_text(
        "format: 1\nmodules:\n  hub: {title: t, summary: s, version: '1', releases: [{name: 1, chart: x}], "
        "rights: [{group: apps, resource: pods, verbs: get, namespaced: 1}], kubernetes: new}\n"
        "parameters:\n  hub_port: {ask_when: {hub_token: {above: 3}}}\n"
    )
    with pytest.raises(InstallerError) as caught:
        load_catalogue("sample", cache_home=tmp_path, terraform_root=copied_root)
    assert {problem.subject for problem in caught.value.problems} == {
        "modules.hub.releases.0.name",
        "modules.hub.releases.0.namespace",
        "modules.hub.releases.0.chart",
        "modules.hub.rights.0.verbs",
        "modules.hub.rights.0.namespaced",
        "modules.hub.kubernetes",
        "parameters.hub_port.ask_when",
    }
