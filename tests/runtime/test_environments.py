"""Environments made by the real uv, from a small package of the test's own: no network."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from mlops_install.errors import InstallerError
from mlops_install.targets.local.environments import Installer, is_complete
from mlops_install.targets.local.tool import EnvironmentSpec
from mlops_install.words.foreign import ForeignText

SPEC = EnvironmentSpec("environment", "tiny.txt")


def _wheel(folder: Path, name: str) -> str:
    """Make a wheel and return its SHA-256."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "VALUE = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


class _Site:
    """A folder of locks and one of wheels, and the installer that uses them as pip's settings say."""

    def __init__(self, folder: Path) -> None:
        self.locks, wheels, self.tool = folder / "locks", folder / "wheels", folder / "tool"
        for path in (self.locks, wheels, self.tool):
            path.mkdir()
        digest = _wheel(wheels, "tiny")
        _wheel(wheels, "more")
        self.lock = self.locks / "tiny.txt"
        self.lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n    # via nothing\n")
        self.said: list[str] = []
        self.variables = {
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "UV_CACHE_DIR": str(folder / "cache"),
        }

    def make(self, spec: EnvironmentSpec = SPEC) -> None:
        Installer(self.variables, redact=ForeignText(()), say=self.said.append, locks=self.locks).make(self.tool, spec)

    def imports(self, name: str) -> bool:
        python = self.tool / "environment/bin/python"
        return subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


@pytest.fixture
def site(tmp_path: Path) -> _Site:
    return _Site(tmp_path)


def test_makes_once_and_again_when_the_lock_changes(site: _Site) -> None:
    site.make()
    assert site.imports("tiny")
    kept = site.tool / "environment/kept"
    kept.touch()
    site.make()
    assert kept.exists()
    assert site.said == ["1 packages of tiny.txt", "environment is complete"]
    site.lock.write_text(site.lock.read_text() + "# changed\n")
    assert not is_complete(site.tool, SPEC, site.locks)
    site.make()
    assert not kept.exists()
    assert site.imports("tiny")


def test_a_half_made_environment_is_made_again(site: _Site) -> None:
    (site.tool / "environment/lib").mkdir(parents=True)
    (site.tool / "environment/lib/half").touch()
    site.make()
    assert is_complete(site.tool, SPEC, site.locks)
    assert not (site.tool / "environment/lib/half").exists()


def test_what_stays_in_the_shared_cache_can_be_read_by_others(site: _Site) -> None:
    before = os.umask(0o077)
    try:
        site.make()
    finally:
        os.umask(before)
    kept = list(Path(site.variables["UV_CACHE_DIR"]).rglob("tiny.py"))
    assert kept
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in kept)


def test_extra_packages_come_on_top(site: _Site) -> None:
    spec = EnvironmentSpec("environment", "tiny.txt", extra_packages=("more",))
    site.make(spec)
    assert site.imports("tiny")
    assert site.imports("more")
    assert not is_complete(site.tool, SPEC, site.locks)


def test_a_changed_download_is_refused(site: _Site) -> None:
    site.lock.write_text("tiny==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(InstallerError) as caught:
        site.make()
    assert "uv ended with" in caught.value.message
    assert not is_complete(site.tool, SPEC, site.locks)


def test_an_index_that_is_not_there_is_explained(site: _Site) -> None:
    del site.variables["PIP_NO_INDEX"], site.variables["PIP_FIND_LINKS"]
    site.variables |= {"PIP_INDEX_URL": "http://user:canary@127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    with pytest.raises(InstallerError) as caught:
        site.make()
    assert "Check the network, the proxy variables and the index" in caught.value.hint
    assert "canary" not in caught.value.message
