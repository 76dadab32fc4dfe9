"""The snapshot of the process environment, and where the shipped data lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Environment:
    """One snapshot of the process's surroundings, taken by `cli` and passed down.

    No other room reads `os.environ`, the working directory or the user's folders.
    """

    variables: Mapping[str, str]
    """The environment variables as the process got them."""
    working_directory: Path
    home: Path
    data_home: Path
    """Folder of the deployments: the XDG data folder's `mlops-install`."""
    state_home: Path
    """The XDG state folder's `mlops-install`: drafts of deployments that don't exist yet."""
    cache_home: Path
    """The XDG cache folder's `mlops-install`: catalogues, downloads."""
    python: Path
    """The interpreter that runs this program."""
    uid: int

    def path(self, text: str) -> Path:
        """Return the path that a person wrote: `~` is the home, a relative one begins at the working directory."""
        expanded = self.home / text[2:] if text == "~" or text.startswith("~/") else Path(text)
        return self.working_directory / expanded


def shipped_data(name: str) -> Path:
    """Return the folder `terraform` or `presets`, from the installed wheel or from a checkout.

    Raises FileNotFoundError when neither holds it: a broken installation.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation lacks its folder {name!r}; install mlops-install again")
