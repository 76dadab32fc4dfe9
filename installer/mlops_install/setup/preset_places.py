"""Where presets are found: the operator's own first, then the shipped ones."""

from __future__ import annotations

from pathlib import Path

from mlops_install.targets.context import Context


def saved_presets(context: Context) -> Path:
    """Return the folder of the operator's presets, which needn't exist.

    It lies among the deployments; its name can't be one of theirs, which have no underscore.
    """
    return context.environment.data_home / "saved_presets"


def preset_roots(context: Context) -> tuple[Path, ...]:
    """Return the folders in which presets are looked for by name, the first wins."""
    return saved_presets(context), context.presets_root
