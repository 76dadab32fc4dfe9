"""Which targets there are; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mlops_install.catalogue.load import targets
from mlops_install.errors import UsageError
from mlops_install.words.commands import command

if TYPE_CHECKING:
    from mlops_install.targets.base import Target

DEFAULT = "local"
"""The embedded default, which needs nothing but this machine."""


def target_names(terraform_root: Path) -> tuple[str, ...]:
    """Return the targets there are: the shipped stacks that have an overlay, the default first."""
    return tuple(sorted(targets(terraform_root), key=lambda name: (not is_default(name), name)))


def is_default(name: str) -> bool:
    """Return whether the target is the embedded default."""
    return name == DEFAULT


def target(name: str) -> Target:
    """Return the target of this name; raises UsageError when this version has none."""
    package = f"{__package__}.{name}"
    try:
        module = import_module(f"{package}.target")
    except ModuleNotFoundError as error:
        if error.name not in (package, f"{package}.target"):
            raise
        raise UsageError(f"There is no target {name!r}.", hint=f"`{command('presets')}` lists targets.") from None
    return cast("Target", module.TARGET)
