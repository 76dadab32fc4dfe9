"""Build hook: the wheel carries each target's catalogue ready-made, so that a first start needn't parse HCL."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's class takes a configuration type
    """Adds `mlops_install/_data/catalogue/<digest>.json`, one a target."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Parse the stacks and include what comes out; an editable installation caches in the user's folder."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "installer"))
        from mlops_install.catalogue.load import targets, warm

        folder = Path(tempfile.mkdtemp(prefix="mlops-install-catalogue-"))
        for target in targets(root / "terraform"):
            warm(target, folder, terraform_root=root / "terraform")
        for path in folder.glob("*.json"):
            build_data["force_include"][str(path)] = f"mlops_install/_data/catalogue/{path.name}"
