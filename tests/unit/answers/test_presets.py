from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops_install.answers.check import complete, missing
from mlops_install.answers.presets import list_presets, load_preset
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.errors import UsageError
from mlops_install.paths import shipped_data


@pytest.fixture
def catalogue_of(catalogue: Catalogue) -> Callable[[str], Catalogue]:
    def find(target: str) -> Catalogue:
        if target != "sample":
            raise UsageError(f"There is no target {target!r}.")
        return catalogue

    return find


def test_presets_are_listed_with_what_they_hold(presets_root: Path) -> None:
    (preset,) = list_presets(presets_root)
    assert (preset.id, preset.title, preset.description) == ("small", "Small", "The hub alone.")
    assert (preset.answers.name, preset.answers.modules) == ("small", ("hub",))
    assert preset.answers.parameters == {"store_path": "/data"}


def test_a_preset_is_found_by_name_by_path_and_by_file(
    presets_root: Path, tmp_path: Path, catalogue_of: Callable[[str], Catalogue]
) -> None:
    shutil.copy(presets_root / "small.yaml", tmp_path / "My Lab.yaml")
    shutil.copy(presets_root / "small.yaml", tmp_path / "lab")
    for name, deployment in (
        ("small", "small"),
        ("My Lab.yaml", "my-lab"),
        (str(tmp_path / "lab"), "lab"),
        ("lab", "lab"),
    ):
        preset = load_preset(name, root=presets_root, working_directory=tmp_path, catalogue_of=catalogue_of)
        assert preset.answers.name == deployment


@pytest.mark.parametrize(
    ("name", "part"), [("smal", "Did you mean small?"), ("x", "Presets: small"), ("no/x.yaml", "no/x.yaml")]
)
def test_an_unknown_preset_names_the_known_ones(
    name: str, part: str, presets_root: Path, tmp_path: Path, catalogue_of: Callable[[str], Catalogue]
) -> None:
    with pytest.raises(UsageError) as caught:
        load_preset(name, root=presets_root, working_directory=tmp_path, catalogue_of=catalogue_of)
    assert part in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("format: 1\ntarget: smple\nparamters: {}", ["paramters", "target"]),
        ("format: 1\nparamters: {}", ["paramters", "target"]),
        ("format: 1\ntarget: sample\nsecrets: {hub_token: typed}\nparameters: {hub_prt: 1}", ["hub_token", "hub_prt"]),
        ("format: 1\ntarget: sample\ntitle: 3\nparameters: {hub_token: aaaa}", ["title", "hub_token"]),
    ],
)
def test_a_wrong_preset_is_refused_with_all_its_problems(
    text: str, subjects: list[str], tmp_path: Path, catalogue_of: Callable[[str], Catalogue]
) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(UsageError) as caught:
        load_preset("bad.yaml", root=tmp_path, working_directory=tmp_path, catalogue_of=catalogue_of)
    assert [problem.subject for problem in caught.value.problems] == subjects


def test_every_shipped_preset_is_right_and_those_of_this_machine_lack_nothing(tmp_path: Path) -> None:
    root = shipped_data("presets")
    presets = list_presets(root)
    assert {"laptop", "laptop-lite"} <= {preset.id for preset in presets}
    for preset in presets:
        catalogue = load_catalogue(preset.answers.target, cache_home=tmp_path)
        loaded = load_preset(
            preset.id,
            root=root,
            working_directory=tmp_path,
            catalogue_of=lambda target: load_catalogue(target, cache_home=tmp_path),
        )
        if preset.answers.target == "local":
            assert missing(complete(loaded.answers, catalogue), catalogue, secrets=()) == []
