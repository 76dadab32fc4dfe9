"""What every use case needs: the environment's snapshot, the catalogues and the Terraform to use."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mlops_install.paths import Environment, shipped_data

if TYPE_CHECKING:
    from mlops_install.catalogue.model import Catalogue
    from mlops_install.engine.binary import Binary

Memory = TypeVar("Memory")


@dataclass(slots=True)
class Context:
    """One invocation's surroundings; catalogues and the binary are looked up once."""

    environment: Environment
    terraform_bin: str | None = None
    """`--terraform-bin`: a path or a command name; None lets the engine choose."""
    overwrite_terraform: bool = False
    """Whether `.tf` files of the deployment that were changed by hand may be replaced."""
    kubeconfig: str | None = None
    """`--kubeconfig`: a file's path; None leaves it to the answers and KUBECONFIG."""
    kube_context: str | None = None
    """`--context`: a context's name; None leaves it to the answers."""
    adopt: bool = False
    """`--adopt`: whether releases that this deployment didn't make may be taken over."""
    _memories: dict[type, Any] = field(default_factory=dict)
    _catalogues: dict[str, Catalogue] = field(default_factory=dict)
    _binary: Binary | None = None

    @property
    def terraform_root(self) -> Path:
        """The shipped `terraform` folder."""
        return shipped_data("terraform")

    @property
    def presets_root(self) -> Path:
        """The shipped `presets` folder."""
        return shipped_data("presets")

    def memory(self, kind: type[Memory]) -> Memory:
        """Return the invocation's only object of a class, made when it is first asked for: what a target remembers."""
        found: Memory = self._memories.setdefault(kind, kind())
        return found

    def catalogue(self, target: str) -> Catalogue:
        """Return the catalogue of `target`; raises UsageError for an unknown one."""
        if target not in self._catalogues:
            from mlops_install.catalogue.load import load_catalogue

            self._catalogues[target] = load_catalogue(target, cache_home=self.environment.cache_home)
        return self._catalogues[target]

    def binary(self) -> Binary:
        """Return the Terraform to use; raises PreflightError when there is none."""
        if self._binary is None:
            from mlops_install.engine.binary import find_binary

            self._binary = find_binary(self.environment, explicit=self.terraform_bin)
        return self._binary
