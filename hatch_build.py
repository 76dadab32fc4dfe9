"""Build hook: the wheel carries each target's catalogue ready-made, so that a first start needn't parse HCL."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's class takes a configuration type
    """Adds `mlops_install/_data/catalogue/<digest>.json`, one a target."""

    _folder: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Parse the stacks and include what comes out; an editable installation caches in the user's folder."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "installer"))
        from mlops_install.catalogue.load import targets, warm

        self._folder = tempfile.TemporaryDirectory(prefix="mlops-install-catalogue-")
        folder = Path(self._folder.name)
        for target in targets(root / "terraform"):
            warm(target, folder, terraform_root=root / "terraform")
        for path in folder.glob("*.json"):
            build_data["force_include"][str(path)] = f"mlops_install/_data/catalogue/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the parsed stacks away: the wheel has them now."""
        if self._folder is not None:
            self._folder.cleanup()
