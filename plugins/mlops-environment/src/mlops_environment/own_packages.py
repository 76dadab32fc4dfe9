"""A user's own packages beside the shared environment's.

`pip` is made to work for a small environment in the user's home that sees the shared one's packages but doesn't own
them (pip's option `--python`, as the variable PIP_PYTHON): it installs, upgrades and uninstalls the user's alone, and
refuses to uninstall a shared one ("outside environment"). `--prefix` would not do: with it pip can't uninstall what the
user installed, and does uninstall shared packages. Constraints keep it from putting another version of a shared package
in front. PYTHONPATH shows the packages to kernels, terminals and what they start. Tried with pip 25 and 26.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

PERSISTENT = "MLOPS_PERSISTENT_HOME"
"""Optional: the folder of the home that outlives the server, where that is not all of it."""


def lasting_home(environment: Mapping[str, str]) -> Path:
    """Return the folder in which a user's things outlive the server."""
    return Path(environment.get(PERSISTENT) or Path.home())


def folder(home: Path) -> Path:
    """Return where a user's packages are: one folder for each minor version of Python, since homes outlive images."""
    return home / ".local" / "share" / "mlops-environment" / f"python{sys.version_info.major}.{sys.version_info.minor}"


def site_packages(home: Path) -> Path:
    """Return the folder that Python imports a user's packages from."""
    return Path(sysconfig.get_path("purelib", "posix_prefix", {"base": str(folder(home))}))


def prepare(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Make or renew the user's environment and return the variables that make pip and Python use it.

    Raises OSError where the home can't be written.
    """
    own, packages = folder(home), site_packages(home)
    packages.mkdir(parents=True, exist_ok=True)
    (own / "bin").mkdir(exist_ok=True)
    # Renewed at each start: in a cluster the next image may have its Python elsewhere.
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    _link(own / "bin" / "python", base)
    _write(own / "pyvenv.cfg", f"home = {base.parent}\ninclude-system-site-packages = false\n")
    _write(packages / "_shared_environment.pth", f"{sysconfig.get_path('purelib')}\n")
    constraints = own / "constraints.txt"
    _write(constraints, _installed())
    python_path = [str(packages), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    path = environment.get("PATH", os.defpath)
    return {
        "PIP_PYTHON": str(own / "bin" / "python"),
        # As an address: pip takes a blank in a variable for the end of a file's name.
        "PIP_CONSTRAINT": constraints.as_uri(),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(python_path)),
        # Last: its `python` is for pip, and must not be the one that a terminal finds.
        "PATH": path if str(own / "bin") in path.split(os.pathsep) else f"{path}{os.pathsep}{own / 'bin'}",
    }


def _installed() -> str:
    """Return the shared environment's packages and versions as constraints."""
    shared = importlib.metadata.distributions(path=[sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    found = {str(item.metadata["Name"]): item.version for item in shared if item.metadata["Name"]}
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def _link(path: Path, target: Path) -> None:
    if path.is_symlink() and path.readlink() == target:
        return
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _write(path: Path, text: str) -> None:
    """Write at once: two servers of a user may start together."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
