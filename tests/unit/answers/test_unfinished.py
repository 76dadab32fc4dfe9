"""Answers that are being written, and what an installed deployment can't change any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlops_install.answers.check import fixed_problems
from mlops_install.answers.document import dump_answers, read_answers, read_unfinished
from mlops_install.answers.model import Answers
from mlops_install.answers.presets import list_presets, load_preset, preset_names
from mlops_install.catalogue.model import Catalogue
from mlops_install.errors import UsageError


def test_wrong_and_missing_values_stay(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "answers.yaml"
    answers = Answers("demo", "sample", ("hub",), {"hub_port": "80x", "store_mode": None}, {"hub_token": "typed"})
    path.write_text(dump_answers(answers, comment="A draft."))
    assert read_unfinished(path, catalogue) == (answers, [])
    with pytest.raises(UsageError):
        read_answers(path, catalogue)


def test_what_the_target_does_not_know_is_left_out_by_name(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "answers.yaml"
    answers = Answers("demo", "sample", ("hub", "gone"), {"gone_port": 1, "hub_port": 9000}, {"gone_token": "typed"})
    path.write_text(dump_answers(answers, comment=""))
    kept, problems = read_unfinished(path, catalogue)
    assert kept == Answers("demo", "sample", ("hub",), {"hub_port": 9000})
    assert [problem.subject for problem in problems] == ["gone", "gone_port", "gone_token"]


@pytest.mark.parametrize("text", ["", "format: 2\nname: demo\ntarget: sample", "format: 1\nname: demo\nmodules: {}"])
def test_a_broken_outline_is_refused(tmp_path: Path, catalogue: Catalogue, text: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text)
    with pytest.raises(UsageError):
        read_unfinished(path, catalogue)


def test_an_immutable_value_stays_once_its_module_is_installed(catalogue: Catalogue) -> None:
    parameter = replace(catalogue.parameters["store_path"], immutable=True)
    fixed = replace(catalogue, parameters={**catalogue.parameters, "store_path": parameter})
    installed = Answers("demo", "sample", ("store",), {"store_path": "/a"})
    (problem,) = fixed_problems(replace(installed, parameters={"store_path": "/b"}), installed, fixed)
    assert problem.subject == "store_path"
    assert fixed_problems(installed, installed, fixed) == []
    elsewhere = replace(installed, modules=("store_cache",))
    assert fixed_problems(replace(installed, parameters={"store_path": "/b"}), elsewhere, fixed) == []


def test_the_first_folder_of_presets_wins(tmp_path: Path, presets_root: Path, catalogue: Catalogue) -> None:
    mine = tmp_path / "mine"
    roots = (mine, presets_root)
    assert preset_names(roots) == ("small",)
    mine.mkdir()
    for name in ("small", "own"):
        (mine / f"{name}.yaml").write_text("format: 1\ntitle: Mine\ntarget: sample\nmodules: [store]\n")
    assert [(preset.id, preset.title) for preset in list_presets(roots)] == [("own", "Mine"), ("small", "Mine")]
    preset = load_preset("small", root=roots, working_directory=tmp_path, catalogue_of=lambda _: catalogue)
    assert preset.answers.modules == ("store",)
