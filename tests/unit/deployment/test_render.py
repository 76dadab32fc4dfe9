from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_install.answers.model import Answers, Backend
from mlops_install.deployment.files import read_json
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker, update_marker
from mlops_install.deployment.root.render import render_folder
from mlops_install.errors import InstallerError, UsageError

Render = Callable[..., None]

SERVICE = "mlops_install.targets.local.service"
_TERRAFORM = {
    "main.tf",
    "dask_variables.tf",
    "modules/service/main.tf",
    "modules/base/variables.tf",
    "modules/base/chart/templates/tests/pod.yaml",
}


@pytest.fixture
def render(deployment: Deployment, terraform_root: Path, answers: Answers) -> Render:
    def run(
        *, python: str = "/usr/bin/python3", target: str = "local", overwrite: bool = False, **over: object
    ) -> None:
        render_folder(
            deployment,
            target=target,
            terraform_root=terraform_root,
            python=Path(python),
            service_program=SERVICE if target == "local" else "",
            answers=replace(answers, **over),  # type: ignore[arg-type] # keyword names checked by replace itself
            overwrite=overwrite,
        )

    return run


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def _traces(folder: Path) -> dict[str, tuple[int, int]]:
    return {name: ((folder / name).stat().st_ino, (folder / name).stat().st_mtime_ns) for name in _files(folder)}


def test_links_are_followed_and_only_what_is_needed_is_copied(deployment: Deployment, render: Render) -> None:
    render()
    others = {".gitignore", "README.md", "bin/service", ".mlops-install.json"}
    assert _files(deployment.folder) == _TERRAFORM | others
    for path in deployment.folder.rglob("*"):
        assert not path.is_symlink()
        private = 0o700 if path.is_dir() or path.name == "service" else 0o600
        assert path.stat().st_mode & 0o7777 == private, path
    assert set(read_marker(deployment).stamp) == _TERRAFORM | {".gitignore", "README.md"}
    assert "mlops-install terraform --dir . -- ARGS" in (deployment.folder / "README.md").read_text()
    assert "/secrets.tfvars.json\n" in (deployment.folder / ".gitignore").read_text()


def test_a_second_time_touches_nothing(deployment: Deployment, render: Render) -> None:
    render()
    before = _traces(deployment.folder)
    render()
    assert _traces(deployment.folder) == before


def test_an_upgrade_writes_what_differs_and_removes_what_is_gone(
    deployment: Deployment, terraform_root: Path, render: Render
) -> None:
    render()
    update_marker(deployment, binary="terraform", secrets_revisions={"jupyterhub": 3}, extra={"later": 1})
    before = _traces(deployment.folder)
    (terraform_root / "modules/service/main.tf").write_text("# names no other module\n")
    (terraform_root / "modules/service/new.tf").write_text("# new\n")
    render()
    assert _files(deployment.folder) & {"modules/base/variables.tf"} == set()
    assert not (deployment.folder / "modules/base").exists()
    assert (deployment.folder / "modules/service/new.tf").read_text() == "# new\n"
    after = _traces(deployment.folder)
    assert {name for name in before if name in after and after[name] != before[name]} == {
        "modules/service/main.tf",
        ".mlops-install.json",
    }
    marker = read_marker(deployment)
    assert (marker.binary, marker.secrets_revisions, marker.extra) == ("terraform", {"jupyterhub": 3}, {"later": 1})


def test_every_file_changed_by_hand_is_named_and_nothing_written(
    deployment: Deployment, terraform_root: Path, render: Render
) -> None:
    render()
    for name in ("main.tf", "modules/base/variables.tf"):
        (deployment.folder / name).write_text("# mine\n")
    (terraform_root / "modules/service/main.tf").write_text('module "base" { source = "../base" }\n')
    before = _traces(deployment.folder)
    with pytest.raises(UsageError) as caught:
        render()
    assert [problem.subject for problem in caught.value.problems] == ["main.tf", "modules/base/variables.tf"]
    assert "main.tf, modules/base/variables.tf" in str(caught.value)
    assert "_override.tf" in caught.value.hint
    assert "--overwrite-terraform" in caught.value.hint
    assert _traces(deployment.folder) == before
    render(overwrite=True)
    assert "dask_service" in (deployment.folder / "main.tf").read_text()
    render()


def test_a_gone_file_that_was_changed_is_named_too(
    deployment: Deployment, terraform_root: Path, render: Render
) -> None:
    render()
    (deployment.folder / "dask_variables.tf").write_text("# mine\n")
    (terraform_root / "stacks/local/dask_variables.tf").unlink()
    with pytest.raises(UsageError, match=r"dask_variables\.tf"):
        render()
    render(overwrite=True)
    assert not (deployment.folder / "dask_variables.tf").exists()


def test_a_file_of_ours_in_a_foreign_folder_is_not_overwritten(deployment: Deployment, render: Render) -> None:
    (deployment.folder / "main.tf").write_text("# somebody's own root\n")
    with pytest.raises(UsageError, match=r"main\.tf"):
        render()
    assert _files(deployment.folder) == {"main.tf"}


def test_own_files_and_texts_are_left_alone(deployment: Deployment, render: Render) -> None:
    render()
    own = {"main_override.tf": "# mine\n", "modules/service/extra.tf": "# mine\n", "README.md": "mine\n"}
    for name, text in own.items():
        (deployment.folder / name).write_text(text)
    render()
    render(overwrite=True)
    assert {name: (deployment.folder / name).read_text() for name in own} == own


def test_a_deleted_file_and_a_deleted_folder_come_back(deployment: Deployment, render: Render) -> None:
    render()
    before = _files(deployment.folder)
    (deployment.folder / "main.tf").unlink()
    shutil.rmtree(deployment.folder / "modules")
    shutil.rmtree(deployment.folder / "bin")
    render()
    assert _files(deployment.folder) == before


def test_half_an_upgrade_is_carried_on(deployment: Deployment, terraform_root: Path, render: Render) -> None:
    render()
    (terraform_root / "stacks/local/main.tf").write_text("# next\n")
    (deployment.folder / "main.tf").write_text("# next\n")  # written, then killed before the stamp
    render()
    assert not (deployment.folder / "modules").exists()


def test_the_backend_comes_and_goes(deployment: Deployment, render: Render) -> None:
    path = deployment.folder / "backend.tf.json"
    render()
    assert not path.exists()
    render(backend=Backend("kubernetes", {"secret_suffix": "demo"}))
    assert read_json(path) == {"terraform": {"backend": {"kubernetes": {"secret_suffix": "demo"}}}}
    render()
    assert not path.exists()


def test_the_shim_starts_the_service_program_from_a_folder_with_odd_characters(
    tmp_path: Path, terraform_root: Path, answers: Answers
) -> None:
    deployment = Deployment(tmp_path / 'it\'s $HOME "here"')
    fake = tmp_path / "py thon's"
    fake.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\n")
    fake.chmod(0o700)
    render_folder(
        deployment,
        target="local",
        terraform_root=terraform_root,
        python=fake,
        service_program=SERVICE,
        answers=answers,
    )
    shim = deployment.folder / "bin/service"
    printed = subprocess.run([shim, "up", "a b"], capture_output=True, text=True, check=True).stdout
    expected = ["-P", "-m", SERVICE, "--deployment", str(deployment.folder), "up", "a b"]
    assert printed == f"{expected}\n"


def test_the_shim_follows_the_interpreter(deployment: Deployment, render: Render) -> None:
    render()
    render(python="/opt/new/python")
    assert "exec /opt/new/python " in (deployment.folder / "bin/service").read_text()


def test_another_target_is_refused(deployment: Deployment, terraform_root: Path, render: Render) -> None:
    render()
    shutil.copytree(terraform_root / "stacks/local", terraform_root / "stacks/kubernetes")
    with pytest.raises(UsageError, match="of the target local"):
        render(target="kubernetes")


def test_a_broken_installation(terraform_root: Path, render: Render) -> None:
    shutil.rmtree(terraform_root / "modules/base")
    with pytest.raises(InstallerError, match="lacks its Terraform module base"):
        render()
    with pytest.raises(InstallerError, match="ships no stack"):
        render(target="nomad")


@pytest.mark.parametrize("step", range(6))
def test_a_file_that_a_killed_process_wrote_was_not_changed_by_hand(
    deployment: Deployment, render: Render, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while a backend was written, then another one is wanted."""
    render()
    original, left = Path.replace, [step]

    def replace_or_die(self: Path, target: Path) -> Path:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return original(self, target)

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "replace", replace_or_die)
        render(backend=Backend("s3", {"bucket": "one"}))
    render(backend=Backend("s3", {"bucket": "two"}))
    assert "two" in (deployment.folder / "backend.tf.json").read_text()
    render()
    assert not (deployment.folder / "backend.tf.json").exists()
    assert "rendering" not in read_marker(deployment).extra
