"""`singleuser_packages` resolved by the real uv against an index of this test's own."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlops_install.environment.lockfile import read_lock
from mlops_install.environment.packages import Pins, key_of, pin, requirements
from mlops_install.errors import PreflightError, UsageError


def wheel(folder: Path, name: str, version: str, needs: tuple[str, ...] = ()) -> None:
    """Write a wheel of nothing but its metadata."""
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {need}\n" for need in needs)
    files = {
        f"{about}/METADATA": metadata,
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text)}\n")
    files[f"{about}/RECORD"] = "".join(lines) + f"{about}/RECORD,,\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


@pytest.fixture
def locks(tmp_path: Path) -> Path:
    """Locks of two environments: `shared` in both, `web` at different versions, `servant` in the second alone."""
    folder = tmp_path / "locks"
    folder.mkdir()
    (folder / "environment.txt").write_text("shared==2.0 --hash=sha256:aa\nweb==3.0 --hash=sha256:bb\n")
    (folder / "serving.txt").write_text(
        "servant==1.0 --hash=sha256:cc\nshared==2.0 --hash=sha256:aa\nweb==1.0 --hash=sha256:dd\n"
    )
    (folder / "serving-differs.txt").write_text("# names\nweb  the servant wants an old one\n")
    (folder / "overrides.in").write_text("never ; sys_platform == 'never'\n")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Mapping[str, str]:
    """The surroundings of a uv that knows a folder of wheels and nothing else."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name, version, needs in (
        ("shared", "2.0", ()),
        ("shared", "3.0", ()),
        ("web", "1.0", ()),
        ("web", "3.0", ()),
        ("servant", "1.0", ()),
        ("fast", "1.2", ("helper>=1",)),
        ("helper", "1.5", ()),
        ("aged", "0.1", ()),
        ("aged", "9.0", ("shared>=3",)),
        ("modern", "1.0", ("web>=2",)),
        ("heavy", "1.0", ("never",)),
        ("never", "1.0", ()),
    ):
        wheel(wheels, name, version, needs)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "UV_FIND_LINKS": str(wheels),
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "PIP_CONFIG_FILE": "/dev/null",
    }


def names(text: str) -> dict[str, str]:
    return {entry.name: entry.version for entry in read_lock(text)}


def test_both_environments_get_the_package_and_what_it_needs(locks: Path, index: Mapping[str, str]) -> None:
    pins = pin(["fast"], index, locks=locks)
    assert names(pins.environment) == names(pins.serving) == {"fast": "1.2", "helper": "1.5"}
    assert all("--hash=sha256:" in entry.text for entry in read_lock(pins.serving))
    assert pins.key == key_of(["fast"], locks)


def test_what_only_serving_lacks_comes_at_the_environments_version(locks: Path, index: Mapping[str, str]) -> None:
    (locks / "environment.txt").write_text("helper==1.5 --hash=sha256:aa\nshared==2.0 --hash=sha256:aa\n")
    pins = pin(["fast"], index, locks=locks)
    assert names(pins.environment) == {"fast": "1.2"}
    assert names(pins.serving) == {"fast": "1.2", "helper": "1.5"}


def test_an_old_release_is_refused_unless_it_is_asked_for(locks: Path, index: Mapping[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        pin(["aged"], index, locks=locks)
    [problem] = caught.value.problems
    assert problem.subject == "singleuser_packages"
    assert "aged 9.0" in problem.message
    assert "aged==0.1" in problem.hint
    assert names(pin(["aged==0.1"], index, locks=locks).environment) == {"aged": "0.1"}


def test_a_package_that_fits_only_one_environment_is_refused(locks: Path, index: Mapping[str, str]) -> None:
    with pytest.raises(UsageError, match="serving environment") as caught:
        pin(["modern"], index, locks=locks)
    assert "web" in caught.value.problems[0].message


def test_a_locked_package_stays_as_it_is(locks: Path, index: Mapping[str, str]) -> None:
    assert pin(["shared"], index, locks=locks).environment == ""
    with pytest.raises(UsageError, match="environment of notebooks"):
        pin(["shared>=3"], index, locks=locks)


def test_what_is_never_wanted_is_left_out(locks: Path, index: Mapping[str, str]) -> None:
    heavy, never = read_lock(pin(["heavy"], index, locks=locks).environment)
    assert heavy.requirement == "heavy==1.0"
    assert never.requirement.endswith("; sys_platform == 'never'")


def test_nothing_asked_is_nothing_done(locks: Path) -> None:
    assert pin([], {}, locks=locks) == Pins()


@pytest.mark.parametrize("setting", ['required-version = ">=99"', "nonsense = ["])
def test_a_setting_of_uv_is_not_taken_for_a_fault_of_the_packages(
    locks: Path, index: Mapping[str, str], tmp_path: Path, setting: str
) -> None:
    (tmp_path / "uv.toml").write_text(f"{setting}\n")
    with pytest.raises(PreflightError, match="uv's own settings on this machine forbid it") as caught:
        pin(["fast"], {**index, "UV_CONFIG_FILE": str(tmp_path / "uv.toml")}, locks=locks)
    assert "uv.toml" in caught.value.hint


def test_a_package_index_that_nobody_answers_for_is_said_so(locks: Path, index: Mapping[str, str]) -> None:
    nowhere = {name: value for name, value in index.items() if name not in ("UV_OFFLINE", "UV_FIND_LINKS")}
    with pytest.raises(PreflightError, match="the package index can't be reached from here"):
        pin(["fast"], {**nowhere, "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}, locks=locks)


@pytest.mark.parametrize(
    "text", ["--index-url=x", "polars\r--index-url=https://example.org", "a b", "polars\x0bx", "", "polars\u2028--pre"]
)
def test_what_is_no_requirement_is_named(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        requirements([text, "polars>=1.30"])
    assert len(caught.value.problems) == 1
